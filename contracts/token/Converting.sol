// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Roles} from "../libraries/Roles.sol";
import {Authorizing} from "./Authorizing.sol";

/// @title Converting
/// @notice What the exchange may do: destroy points of a member who converts them, and create what others became.
///
/// @dev The exchange is fixed when the token is created, and the switch stands in the supply word that a conversion
/// reads anyway: neither costs a storage read of its own. Later versions of the exchange come in by a role.
abstract contract Converting is Authorizing {
    using Generations for uint256;

    /* EXCHANGE FUNCTIONS */

    /// @inheritdoc IPointToken
    function burnFor(address member, uint256 amount) external returns (uint256 lots) {
        uint256 supply = _convertible();
        Account storage account = _accounts[member];
        lots = _destroy(member, account, _unfrozen(member, account, supply.epochOf()), supply, amount);
    }

    /// @inheritdoc IPointToken
    function mintFor(address member, uint256 lots) external returns (uint256 amount) {
        if (member == address(0)) revert ERC20InvalidReceiver(member);

        uint256 supply = _convertible();
        Account storage account = _accounts[member];
        uint256 word = _unfrozen(member, account, supply.epochOf());
        if (lots > Generations.LANE_MAX) return _createLots(member, account, word, supply, lots);

        _create(member, account, word, supply, lots);
        return lots;
    }

    /* ISSUER FUNCTIONS */

    /// @inheritdoc IPointToken
    function switchExchange(bool on) external {
        _checkRole(on ? Roles.DEFAULT_ADMIN : Roles.GUARDIAN);

        _supply = on ? _supply & ~EXCHANGE_OFF : _supply | EXCHANGE_OFF;

        emit ExchangeSwitched(msg.sender, on);
    }

    /* PRIVATE */

    /// @dev The supply word at the current epoch, if the caller may convert.
    function _convertible() private view returns (uint256 supply) {
        if (msg.sender != exchange) _checkExchangeRole();

        supply = _currentSupply();
        if (supply & (PAUSED | EXCHANGE_OFF) != 0) {
            if (supply & PAUSED != 0) revert ProgramPaused();
            revert ExchangeOff();
        }
    }
}
