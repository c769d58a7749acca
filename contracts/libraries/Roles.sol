// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Roles
/// @notice The roles of a program's token and of the registry, under one name each. The default admin of OpenZeppelin's
/// AccessControlDefaultAdminRules (role 0) grants and revokes them.
library Roles {
    bytes32 internal constant DEFAULT_ADMIN = 0x00;

    /* OF A PROGRAM */

    /// @dev Pauses, shuts the exchange out, revokes budgets, cancels scheduled prices. Can stop, never start.
    bytes32 internal constant GUARDIAN = keccak256("GUARDIAN_ROLE");
    /// @dev Refunds redemptions and corrects awards, within a budget.
    bytes32 internal constant CORRECTOR = keccak256("CORRECTOR_ROLE");
    /// @dev Freezes and unfreezes members.
    bytes32 internal constant FREEZER = keccak256("FREEZER_ROLE");
    /// @dev Moves the points of a frozen member to another account.
    bytes32 internal constant RECOVERER = keccak256("RECOVERER_ROLE");
    /// @dev Posts prices and partner terms in the exchange.
    bytes32 internal constant PRICER = keccak256("PRICER_ROLE");
    /// @dev Withdraws the issuer's money from the exchange.
    bytes32 internal constant TREASURER = keccak256("TREASURER_ROLE");
    /// @dev A later version of the exchange, beside the one that the token was created with.
    bytes32 internal constant EXCHANGE = keccak256("EXCHANGE_ROLE");

    /// @dev A later version of the desk, beside the one that the token was created with.
    bytes32 internal constant DESK = keccak256("DESK_ROLE");
    /// @dev A contract through which the issuer awards: it charges the budget of the awarder who asked it to, and hands
    /// out points also where members cannot send each other any.
    bytes32 internal constant DISTRIBUTOR = keccak256("DISTRIBUTOR_ROLE");

    /* OF THE REGISTRY */

    /// @dev Suspends programs, revokes credentials, registers merchants and strikes them off.
    bytes32 internal constant OPERATOR = keccak256("OPERATOR_ROLE");
}
