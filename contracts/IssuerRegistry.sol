// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIssuerRegistry} from "../interfaces/IIssuerRegistry.sol";
import {IPointExchange} from "../interfaces/IPointExchange.sol";
import {IPointToken} from "../interfaces/IPointToken.sol";
import {Blueprint} from "./libraries/Blueprint.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title IssuerRegistry
/// @notice The directory of programs. See {IIssuerRegistry}.
///
/// @custom:kill Operators stop new programs by revoking the issuer role, and single programs with {suspend}.
contract IssuerRegistry is IIssuerRegistry, AccessControlDefaultAdminRules {
    using Blueprint for address;

    /* CONSTANTS */

    uint256 private constant MAX_SYMBOL_LENGTH = 11;

    /* IMMUTABLES */

    /// @inheritdoc IIssuerRegistry
    address public immutable blueprint;

    /* STORAGE */

    /// @inheritdoc IIssuerRegistry
    address public exchange;

    Entry[] private _entries;
    /// @dev token => position in `_entries`, from 1
    mapping(address => uint256) private _positions;
    /// @inheritdoc IIssuerRegistry
    mapping(string => address) public tokenOf;

    /* CONSTRUCTOR */

    /// @param admin The first default admin: the network's operator or consortium.
    /// @param adminDelay Seconds that a change of admin must wait.
    /// @param blueprint_ Where the creation code of {PointToken} stands.
    constructor(address admin, uint48 adminDelay, address blueprint_)
        AccessControlDefaultAdminRules(adminDelay, admin)
    {
        if (!blueprint_.isBlueprint()) revert InvalidBlueprint(blueprint_);

        blueprint = blueprint_;

        _setRoleAdmin(Roles.ISSUER, Roles.OPERATOR);
    }

    /* ISSUER FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function createProgram(IPointToken.Settings calldata settings)
        external
        onlyRole(Roles.ISSUER)
        returns (address token)
    {
        if (exchange == address(0)) revert ExchangeNotSet();
        _checkSymbol(settings.symbol);

        token = Create2.deploy(0, _salt(msg.sender), _creationCode(settings));

        _entries.push(Entry(token, msg.sender, exchange));
        _positions[token] = _entries.length;
        tokenOf[settings.symbol] = token;

        emit ProgramCreated(token, msg.sender, exchange, settings);

        IPointExchange(exchange).list(token);
    }

    /* OPERATOR FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function suspend(address token, bytes32 reason) external onlyRole(Roles.OPERATOR) {
        address programExchange = entryOf(token).exchange;

        emit ProgramSuspended(token, msg.sender, reason);

        IPointExchange(programExchange).setSuspension(token, true);
    }

    /* ADMIN FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function reinstate(address token, bytes32 reason) external onlyRole(Roles.DEFAULT_ADMIN) {
        address programExchange = entryOf(token).exchange;

        emit ProgramReinstated(token, msg.sender, reason);

        IPointExchange(programExchange).setSuspension(token, false);
    }

    /// @inheritdoc IIssuerRegistry
    function setExchange(address newExchange) external onlyRole(Roles.DEFAULT_ADMIN) {
        if (IPointExchange(newExchange).registry() != address(this)) revert ExchangeMismatch(newExchange);

        address oldExchange = exchange;

        exchange = newExchange;

        emit ExchangeSet(oldExchange, newExchange);
    }

    /* VIEWS */

    /// @inheritdoc IIssuerRegistry
    function predictProgram(address issuer, IPointToken.Settings calldata settings) external view returns (address) {
        return Create2.computeAddress(_salt(issuer), keccak256(_creationCode(settings)));
    }

    /// @inheritdoc IIssuerRegistry
    function isProgram(address token) external view returns (bool) {
        return _positions[token] != 0;
    }

    /// @inheritdoc IIssuerRegistry
    function entryOf(address token) public view returns (Entry memory) {
        uint256 position = _positions[token];
        if (position == 0) revert ProgramUnknown(token);

        return _entries[position - 1];
    }

    /// @inheritdoc IIssuerRegistry
    function programCount() external view returns (uint256) {
        return _entries.length;
    }

    /// @inheritdoc IIssuerRegistry
    function programs(uint256 offset, uint256 limit) external view returns (Entry[] memory page) {
        uint256 count = Math.min(Math.saturatingSub(_entries.length, offset), limit);

        page = new Entry[](count);
        for (uint256 i; i < count; ++i) {
            page[i] = _entries[offset + i];
        }
    }

    /* PRIVATE */

    /// @dev The creation code holds the settings, so an issuer's programs differ without a salt of their own.
    function _salt(address issuer) private pure returns (bytes32) {
        return bytes32(uint256(uint160(issuer)));
    }

    function _creationCode(IPointToken.Settings calldata settings) private view returns (bytes memory) {
        return blueprint.creationCode(abi.encode(settings, exchange));
    }

    /// @dev Wallets show symbols to people: plain letters and digits leave no room for look-alikes.
    function _checkSymbol(string calldata symbol) private view {
        bytes calldata characters = bytes(symbol);
        if (characters.length == 0 || characters.length > MAX_SYMBOL_LENGTH) revert InvalidSymbol(symbol);
        for (uint256 i; i < characters.length; ++i) {
            bytes1 c = characters[i];
            if ((c < "A" || c > "Z") && (c < "0" || c > "9")) revert InvalidSymbol(symbol);
        }

        address taken = tokenOf[symbol];
        if (taken != address(0)) revert SymbolTaken(symbol, taken);
    }
}
