// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Authorizing} from "./Authorizing.sol";

/// @title Holding
/// @notice What the desk may do: keep points that members set aside for payments without a network, pay them out by
/// generation, and honour the issuer's guarantee.
///
/// @dev Points on hold stand in the desk's own account of this ledger, so whoever holds none pays nothing for it.
abstract contract Holding is Authorizing {
    using Generations for uint256;

    /* CONSTANTS */

    bytes32 private constant OVERSPENT = "overspent";

    /* MODIFIERS */

    modifier onlyDesk() {
        _checkDesk();
        _;
    }

    /* DESK FUNCTIONS */

    /// @inheritdoc IPointToken
    function hold(address member, uint256 amount) external onlyDesk returns (uint256 lots) {
        lots = _transfer(member, msg.sender, amount);
    }

    /// @inheritdoc IPointToken
    function payHeld(address to, uint256 lots) external onlyDesk {
        uint256 epoch = currentEpoch();
        Account storage account = _accounts[msg.sender];
        uint256 word = _age(msg.sender, account.word, epoch);
        if (lots >> Generations.EPOCH_SHIFT != 0 || !word.covers(lots)) revert InvalidLots(lots);

        account.word = word - lots;
        account = _accounts[to];
        account.word = _unfrozen(to, account, epoch) + lots;

        emit Transfer(msg.sender, to, lots.total());
    }

    /// @inheritdoc IPointToken
    function guarantee(address member, address merchant, uint256 amount) external onlyDesk {
        uint256 supply = _currentSupply();
        Account storage account = _accounts[merchant];
        _create(merchant, account, _unfrozen(merchant, account, supply.epochOf()), supply, amount);

        emit Guaranteed(member, merchant, amount);

        account = _accounts[member];
        if (account.word & FROZEN == 0) {
            account.word |= FROZEN;
            emit Frozen(msg.sender, member, OVERSPENT);
        }
    }

    /* PRIVATE */

    function _checkDesk() private view {
        if (!_isDesk(msg.sender)) revert NotDesk(msg.sender);
    }
}
