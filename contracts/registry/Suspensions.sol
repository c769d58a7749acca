// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIssuerRegistry} from "../../interfaces/IIssuerRegistry.sol";
import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {Roles} from "../libraries/Roles.sol";
import {Directory} from "./Directory.sol";

/// @title Suspensions
/// @notice How the network stops the conversions of a program at once, and lets them go on after a delay.
abstract contract Suspensions is Directory {
    /* STORAGE */

    /// @inheritdoc IIssuerRegistry
    mapping(address => uint256) public reinstatementDueAt;

    /* OPERATOR FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function suspend(address token, bytes32 reason) external onlyRole(Roles.OPERATOR) {
        address programExchange = entryOf(token).exchange;

        reinstatementDueAt[token] = 0;

        emit ProgramSuspended(token, msg.sender, reason);

        IPointExchange(programExchange).setSuspension(token, true);
    }

    /* ADMIN FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function scheduleReinstatement(address token, bytes32 reason) external onlyRole(Roles.DEFAULT_ADMIN) {
        if (!isProgram(token)) revert ProgramUnknown(token);

        uint256 dueAt = _dueAt();

        reinstatementDueAt[token] = dueAt;

        emit ReinstatementScheduled(token, msg.sender, dueAt, reason);
    }

    /* PUBLIC FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function reinstate(address token) external {
        _checkDue(token, reinstatementDueAt[token]);

        address programExchange = entryOf(token).exchange;

        reinstatementDueAt[token] = 0;

        emit ProgramReinstated(token);

        IPointExchange(programExchange).setSuspension(token, false);
    }
}
