// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointToken} from "./IPointToken.sol";

/// @title IIssuerRegistry
/// @notice The directory of programs: admits issuers, creates their tokens, lists them in the exchange, suspends them.
///
/// @dev Tokens are created by CREATE2 from creation code that stands once on chain (an ERC-5202 blueprint), so every
/// listed token runs the same code.
interface IIssuerRegistry {
    /* TYPES */

    /// @notice An entry of the directory.
    /// @param token The program's token.
    /// @param issuer Who created it.
    /// @param exchange The exchange that it was created for.
    struct Entry {
        address token;
        address issuer;
        address exchange;
    }

    /* EVENTS */

    /// @notice A program was created.
    /// @param token The program's token.
    /// @param issuer Who created it.
    /// @param exchange The exchange that may convert its points.
    /// @param settings What it was created with.
    event ProgramCreated(
        address indexed token, address indexed issuer, address indexed exchange, IPointToken.Settings settings
    );

    /// @notice New programs will be created for another exchange.
    event ExchangeSet(address indexed oldExchange, address indexed newExchange);

    /// @notice A program was suspended: it cannot be converted.
    event ProgramSuspended(address indexed token, address indexed operator, bytes32 reason);

    /// @notice A suspension was lifted.
    event ProgramReinstated(address indexed token, address indexed operator, bytes32 reason);

    /* ERRORS */

    /// @notice Thrown when a symbol is taken.
    error SymbolTaken(string symbol, address token);

    /// @notice Thrown when a symbol is empty or has other characters than A to Z and 0 to 9, or more than 11.
    error InvalidSymbol(string symbol);

    /// @notice Thrown when no program has this token.
    error ProgramUnknown(address token);

    /// @notice Thrown when programs are created before the exchange is set.
    error ExchangeNotSet();

    /// @notice Thrown when the exchange belongs to another registry.
    error ExchangeMismatch(address exchange);

    /// @notice Thrown when the blueprint is none, or cannot be deployed.
    error InvalidBlueprint(address blueprint);

    /* ISSUERS */

    /// @notice Creates a program and lists it in the exchange.
    ///
    /// @dev Emits {ProgramCreated}.
    ///
    /// Requirements:
    /// - The caller must have the issuer role.
    /// - The symbol must be free, and consist of at most 11 characters A to Z and 0 to 9.
    ///
    /// @return token The program's token.
    function createProgram(IPointToken.Settings calldata settings) external returns (address token);

    /// @notice The address that {createProgram} will give a program.
    function predictProgram(address issuer, IPointToken.Settings calldata settings) external view returns (address);

    /* OPERATOR */

    /// @notice Stops all conversions of a program, at once. Its members can still send and redeem points, its issuer
    /// withdraw money.
    ///
    /// @dev Emits {ProgramSuspended}.
    ///
    /// Requirements:
    /// - The caller must have the operator role.
    function suspend(address token, bytes32 reason) external;

    /// @notice Lifts a suspension.
    ///
    /// @dev Emits {ProgramReinstated}.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    function reinstate(address token, bytes32 reason) external;

    /// @notice Chooses the exchange for programs created from now on.
    ///
    /// @dev Emits {ExchangeSet}.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    /// - The exchange must name this registry as its own.
    function setExchange(address newExchange) external;

    /* VIEWS */

    /// @notice Whether a token was created here.
    function isProgram(address token) external view returns (bool);

    /// @notice The entry of a token.
    function entryOf(address token) external view returns (Entry memory);

    /// @notice The token with this symbol; the zero address if there is none.
    function tokenOf(string calldata symbol) external view returns (address);

    /// @notice How many programs there are.
    function programCount() external view returns (uint256);

    /// @notice Entries in the order of their creation.
    /// @param offset The first entry, from 0.
    /// @param limit How many at most.
    function programs(uint256 offset, uint256 limit) external view returns (Entry[] memory);

    /// @notice The exchange for programs created from now on.
    function exchange() external view returns (address);

    /// @notice Where the tokens' creation code stands.
    function blueprint() external view returns (address);
}
