// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Roles} from "../libraries/Roles.sol";
import {Authorizing} from "./Authorizing.sol";

/// @title Safety
/// @notice What an issuer can do when something went wrong: freeze a member, recover a lost account, pause.
///
/// @dev Pausing never stops members moving their own points, and never stops taking power away.
abstract contract Safety is Authorizing {
    /* FREEZER FUNCTIONS */

    /// @inheritdoc IPointToken
    function freeze(address member, bytes32 reason) external onlyRole(Roles.FREEZER) {
        // What members have set aside for offline payments stands there.
        if (_isDesk(member)) revert DeskCannotBeFrozen(member);

        Account storage account = _accounts[member];

        account.word = _unfrozen(member, account, currentEpoch()) | FROZEN;

        emit Frozen(msg.sender, member, reason);
    }

    /// @inheritdoc IPointToken
    function unfreeze(address member, bytes32 reason) external onlyRole(Roles.FREEZER) {
        Account storage account = _accounts[member];
        if (account.word & FROZEN == 0) revert MemberNotFrozen(member);

        account.word &= ~FROZEN;

        emit Unfrozen(msg.sender, member, reason);
    }

    /* RECOVERER FUNCTIONS */

    /// @inheritdoc IPointToken
    function recover(address oldMember, address newMember, bytes32 reason) external onlyRole(Roles.RECOVERER) {
        uint256 epoch = currentEpoch();
        _checkReceiver(newMember);

        Account storage oldAccount = _accounts[oldMember];
        Account storage newAccount = _accounts[newMember];
        if (oldAccount.word & FROZEN == 0) revert MemberNotFrozen(oldMember);

        uint256 oldWord = _age(oldMember, oldAccount.word, epoch);
        uint256 newWord = _unfrozen(newMember, newAccount, epoch);
        uint256 lots = oldWord & Generations.LANES_MASK;
        uint256 amount = Generations.total(lots);

        oldAccount.word = oldWord - lots;
        newAccount.word = newWord + lots;

        emit Transfer(oldMember, newMember, amount);
        emit Recovered(msg.sender, oldMember, newMember, amount, reason);
    }

    /* GUARDIAN FUNCTIONS */

    /// @inheritdoc IPointToken
    function pause() external onlyRole(Roles.GUARDIAN) {
        if (_supply & PAUSED != 0) revert ProgramPaused();

        _supply |= PAUSED;

        emit Paused(msg.sender);
    }

    /// @inheritdoc IPointToken
    function unpause() external onlyRole(Roles.DEFAULT_ADMIN) {
        if (_supply & PAUSED == 0) revert ProgramNotPaused();

        _supply &= ~PAUSED;

        emit Unpaused(msg.sender);
    }
}
