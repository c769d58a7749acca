// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIssuerRegistry} from "../../interfaces/IIssuerRegistry.sol";
import {Roles} from "../libraries/Roles.sol";
import {Rules} from "./Rules.sol";

/// @title Verifiers
/// @notice Who checks the identity of issuers, and signs for it.
abstract contract Verifiers is Rules {
    /* STORAGE */

    /// @inheritdoc IIssuerRegistry
    mapping(address => bool) public isVerifier;
    /// @inheritdoc IIssuerRegistry
    mapping(address => uint256) public verifierDueAt;

    /* CONSTRUCTOR */

    constructor(address[] memory firstVerifiers) {
        for (uint256 i; i < firstVerifiers.length; ++i) {
            _addVerifier(firstVerifiers[i]);
        }
    }

    /* ADMIN FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function scheduleVerifier(address verifier) external onlyRole(Roles.DEFAULT_ADMIN) {
        if (isVerifier[verifier]) revert AlreadyVerifier(verifier);

        uint256 dueAt = _dueAt();

        verifierDueAt[verifier] = dueAt;

        emit VerifierScheduled(verifier, dueAt);
    }

    /// @inheritdoc IIssuerRegistry
    function removeVerifier(address verifier) external onlyRole(Roles.DEFAULT_ADMIN) {
        if (!isVerifier[verifier] && verifierDueAt[verifier] == 0) revert NotVerifier(verifier);

        isVerifier[verifier] = false;
        verifierDueAt[verifier] = 0;

        emit VerifierRemoved(verifier);
    }

    /* PUBLIC FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function addVerifier(address verifier) external {
        _checkDue(verifier, verifierDueAt[verifier]);

        verifierDueAt[verifier] = 0;
        _addVerifier(verifier);
    }

    /* PRIVATE */

    function _addVerifier(address verifier) private {
        isVerifier[verifier] = true;

        emit VerifierAdded(verifier);
    }
}
