// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIssuerRegistry} from "../../interfaces/IIssuerRegistry.sol";
import {IOfflineDesk} from "../../interfaces/IOfflineDesk.sol";
import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Blueprint} from "../libraries/Blueprint.sol";
import {Names} from "../libraries/Names.sol";
import {Roles} from "../libraries/Roles.sol";
import {Credentials} from "./Credentials.sol";

/// @title Directory
/// @notice The programs: accredited issuers create them, everyone finds them.
abstract contract Directory is Credentials {
    using Blueprint for address;

    /* IMMUTABLES */

    /// @inheritdoc IIssuerRegistry
    address public immutable blueprint;

    /* STORAGE */

    /// @inheritdoc IIssuerRegistry
    address public exchange;
    /// @inheritdoc IIssuerRegistry
    address public desk;

    Entry[] private _entries;
    /// @dev token => position in `_entries`, from 1
    mapping(address => uint256) private _positions;
    /// @inheritdoc IIssuerRegistry
    mapping(string => address) public tokenOf;

    /* CONSTRUCTOR */

    constructor(address blueprint_) {
        if (!blueprint_.isBlueprint()) revert InvalidBlueprint(blueprint_);

        blueprint = blueprint_;
    }

    /* ISSUER FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function createProgram(IPointToken.Settings calldata settings) external returns (address token) {
        if (!isAccredited(msg.sender)) revert NotAccredited(msg.sender);
        if (exchange == address(0)) revert NetworkNotSet();
        if (!Names.isSymbol(settings.symbol)) revert InvalidSymbol(settings.symbol);
        address taken = tokenOf[settings.symbol];
        if (taken != address(0)) revert SymbolTaken(settings.symbol, taken);

        token = Create2.deploy(0, _salt(msg.sender), _creationCode(settings));

        _entries.push(Entry(token, msg.sender, exchange, desk));
        _positions[token] = _entries.length;
        tokenOf[settings.symbol] = token;

        emit ProgramCreated(token, msg.sender, exchange, desk, settings);

        IPointExchange(exchange).list(token);
    }

    /* ADMIN FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function setNetwork(address newExchange, address newDesk) external onlyRole(Roles.DEFAULT_ADMIN) {
        if (IPointExchange(newExchange).registry() != address(this)) revert ExchangeMismatch(newExchange);
        if (IOfflineDesk(newDesk).registry() != address(this) || IOfflineDesk(newDesk).exchange() != newExchange) {
            revert DeskMismatch(newDesk);
        }

        (address oldExchange, address oldDesk) = (exchange, desk);

        exchange = newExchange;
        desk = newDesk;

        emit NetworkSet(oldExchange, oldDesk, newExchange, newDesk);
    }

    /* VIEWS */

    /// @inheritdoc IIssuerRegistry
    function predictProgram(address issuer, IPointToken.Settings calldata settings) external view returns (address) {
        return Create2.computeAddress(_salt(issuer), keccak256(_creationCode(settings)));
    }

    /// @inheritdoc IIssuerRegistry
    function isProgram(address token) public view returns (bool) {
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
        return blueprint.creationCode(abi.encode(settings, exchange, desk, passkeys));
    }
}
