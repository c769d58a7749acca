// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Pricing
/// @notice What points are worth in money, and money in points.
///
/// @dev A price is in trillionths of one whole settlement token per whole point. With `unit` = 10^decimals of the
/// settlement token and `decimals` those of the points:
///
///   value  = points x price x unit / 10^(12 + decimals)
///   points = value x 10^(12 + decimals) / (price x unit)
///
/// What a member gets is rounded down, what a member must give is rounded up; the names say which.
///
/// Nothing overflows for points below 2^48, prices below 2^64, values below 2^96, units up to 10^18 and decimals up to
/// 4: the largest product is below 2^173. Callers check these bounds.
library Pricing {
    uint256 private constant TRILLION = 1e12;
    /// @dev 10^0 to 10^4, sixteen bits each: cheaper than the EVM's power.
    uint256 private constant POWERS = 1 | (10 << 16) | (100 << 32) | (1_000 << 48) | (10_000 << 64);

    /// @notice The money that points are worth, rounded down.
    /// @param points In base units.
    /// @param price In trillionths of a settlement token per point.
    /// @param decimals Decimals of the points.
    /// @param unit One settlement token, in base units.
    function valueDown(uint256 points, uint256 price, uint256 decimals, uint256 unit) internal pure returns (uint256) {
        unchecked {
            return points * price * unit / _scale(decimals);
        }
    }

    /// @notice The points that money buys, rounded down. Parameters as for {valueDown}; `price` is not zero.
    function pointsDown(uint256 value, uint256 price, uint256 decimals, uint256 unit) internal pure returns (uint256) {
        unchecked {
            return value * _scale(decimals) / (price * unit);
        }
    }

    /// @notice The least money that buys `points`. Parameters as for {valueDown}.
    function valueUp(uint256 points, uint256 price, uint256 decimals, uint256 unit) internal pure returns (uint256) {
        return Math.ceilDiv(points * price * unit, _scale(decimals));
    }

    /// @notice The least points that are worth `value`. Parameters as for {valueDown}; `price` is not zero.
    function pointsUp(uint256 value, uint256 price, uint256 decimals, uint256 unit) internal pure returns (uint256) {
        return Math.ceilDiv(value * _scale(decimals), price * unit);
    }

    /// @dev 10^(12 + decimals), for decimals up to 4.
    function _scale(uint256 decimals) private pure returns (uint256) {
        unchecked {
            return TRILLION * ((POWERS >> (16 * decimals)) & 0xffff);
        }
    }
}
