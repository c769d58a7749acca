// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {IIssuerRegistry} from "../../interfaces/IIssuerRegistry.sol";

/// @title Rules
/// @notice Power that is given waits for a delay in which everyone can see it coming; power is taken away at once.
abstract contract Rules is IIssuerRegistry, AccessControlDefaultAdminRules {
    /* CONSTANTS */

    /// @notice How long what is scheduled must wait, in seconds.
    uint256 public constant RULES_DELAY = 2 days;

    /* INTERNAL */

    /// @dev The second from which something scheduled now may be done.
    function _dueAt() internal view returns (uint256) {
        return block.timestamp + RULES_DELAY;
    }

    /// @dev Refuses what was not scheduled, or too short a time ago.
    /// @param subject The verifier or token that was scheduled.
    /// @param dueAt When it may be done; 0 if it was not scheduled.
    function _checkDue(address subject, uint256 dueAt) internal view {
        if (dueAt == 0) revert NotScheduled(subject);
        if (block.timestamp < dueAt) revert DelayNotOver(subject, dueAt);
    }
}
