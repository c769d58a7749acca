// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";

/// @title Carrying
/// @notice Conversions that give points no longer life than the ones that were paid with.
abstract contract Carrying is IPointExchange {
    /* INTERNAL */

    /// @dev Splits what a conversion gives by the life that the converted points had left, in proportion. What rounding
    /// leaves over goes to those that expire first.
    /// @param lots What was converted, by generation of `from`.
    /// @param out What the member receives.
    /// @return given The same `out` by generation of `to`.
    function _carry(address from, address to, uint256 lots, uint256 out) internal returns (uint256 given) {
        uint256 amount = Generations.total(lots);
        uint256 restIn = amount;
        uint256 restOut = out;
        for (uint256 age; restIn != 0; ++age) {
            uint256 lot = (lots >> (Generations.LANE_BITS * age)) & Generations.LANE_MAX;
            if (lot == 0) continue;

            restIn -= lot;
            uint256 share = restIn == 0 ? restOut : out * lot / amount;
            restOut -= share;
            given += share << (Generations.LANE_BITS * _ageIn(to, IPointToken(from).expiryOf(age)));
        }

        emit ExpiryCarried(from, to, given);
    }

    /* PRIVATE */

    /// @dev The youngest generation of a program that expires no later than `expiry`, or else its oldest.
    function _ageIn(address to, uint64 expiry) private view returns (uint256 age) {
        uint256 oldest = IPointToken(to).lifetime() - 1;
        while (age < oldest && IPointToken(to).expiryOf(age) > expiry) ++age;
    }
}
