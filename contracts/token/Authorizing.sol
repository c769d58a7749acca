// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {MemberSignature} from "../libraries/MemberSignature.sol";
import {Roles} from "../libraries/Roles.sol";
import {PointLedger} from "./PointLedger.sol";

/// @title Authorizing
/// @notice What members sign while someone else pays the gas: whose signature counts, and that each counts once.
///
/// @dev Whether a message was used is kept by signer and nonce, never by signature. All messages that spend points of
/// this token share its domain and its nonces, also those that the exchange and the desk carry out.
abstract contract Authorizing is PointLedger, EIP712, AccessControlDefaultAdminRules {
    /* CONSTANTS */

    bytes32 private constant CANCEL = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    /// @dev The upper 216 bits of a nonce that counts in order.
    uint256 private constant SEQUENTIAL = type(uint216).max;

    /* TYPES */

    /// @dev One bit for each of 256 nonces, in a struct so that its place is computed once for reading and writing.
    struct Nonces {
        uint256 used;
    }

    /* IMMUTABLES */

    /// @inheritdoc IPointToken
    address public immutable exchange;
    /// @inheritdoc IPointToken
    address public immutable desk;
    /// @inheritdoc IPointToken
    address public immutable passkeys;

    /* STORAGE */

    /// @dev signer => nonce / 256 => one bit for each nonce
    mapping(address => mapping(uint256 => Nonces)) private _usedNonces;

    /* CONSTRUCTOR */

    constructor(address exchange_, address desk_, address passkeys_) {
        exchange = exchange_;
        desk = desk_;
        passkeys = passkeys_;
    }

    /* NETWORK FUNCTIONS */

    /// @inheritdoc IPointToken
    function useAuthorization(
        address member,
        bytes32 structHash,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        if (msg.sender != exchange && !_isDesk(msg.sender)) _checkExchangeRole();

        _checkSignature(member, structHash, signature);
        _useAuthorization(member, validAfter, validBefore, nonce);
    }

    /* MEMBER FUNCTIONS */

    /// @inheritdoc IPointToken
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external {
        _checkSignature(authorizer, keccak256(abi.encode(CANCEL, authorizer, nonce)), v, r, s);
        _cancel(authorizer, nonce);
    }

    /// @inheritdoc IPointToken
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external {
        _checkSignature(authorizer, keccak256(abi.encode(CANCEL, authorizer, nonce)), signature);
        _cancel(authorizer, nonce);
    }

    /* VIEWS */

    /// @inheritdoc IERC20Metadata
    function name() external view returns (string memory) {
        return _EIP712Name();
    }

    /// @inheritdoc IPointToken
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool) {
        if (uint256(nonce) >> 40 == SEQUENTIAL) return uint40(uint256(nonce)) < _nonceOf(authorizer);

        return _usedNonces[authorizer][uint256(nonce) >> 8].used & (1 << (uint256(nonce) & 0xff)) != 0;
    }

    /* INTERNAL */

    function _useAuthorization(address signer, uint256 validAfter, uint256 validBefore, bytes32 nonce) internal {
        if (block.timestamp <= validAfter || block.timestamp >= validBefore) {
            revert AuthorizationNotInForce(validAfter, validBefore);
        }

        _useNonce(signer, nonce);

        emit AuthorizationUsed(signer, nonce);
    }

    function _checkSignature(address signer, bytes32 structHash, bytes memory signature) internal view {
        MemberSignature.check(signer, _hashTypedDataV4(structHash), signature, passkeys);
    }

    /// @dev The same for a signature in three parts, which mostly is the signer's own.
    function _checkSignature(address signer, bytes32 structHash, uint8 v, bytes32 r, bytes32 s) internal view {
        bytes32 digest = _hashTypedDataV4(structHash);
        // The zero address stands for a fault, and signs nothing.
        (address recovered,,) = ECDSA.tryRecover(digest, v, r, s);
        if (recovered == signer && signer != address(0)) return;

        MemberSignature.check(signer, digest, abi.encodePacked(r, s, v), passkeys);
    }

    function _nonceOf(address member) internal view returns (uint256) {
        return _accounts[member].word >> Generations.NONCE_SHIFT;
    }

    function _isDesk(address account) internal view returns (bool) {
        return account == desk || hasRole(Roles.DESK, account);
    }

    function _checkExchangeRole() internal view {
        if (!hasRole(Roles.EXCHANGE, msg.sender)) revert NotExchange(msg.sender);
    }

    /* PRIVATE */

    function _cancel(address authorizer, bytes32 nonce) private {
        _useNonce(authorizer, nonce);

        emit AuthorizationCanceled(authorizer, nonce);
    }

    function _useNonce(address signer, bytes32 nonce) private {
        if (uint256(nonce) >> 40 == SEQUENTIAL) return _useSequentialNonce(signer, nonce);

        Nonces storage nonces_ = _usedNonces[signer][uint256(nonce) >> 8];
        uint256 bit = 1 << (uint256(nonce) & 0xff);
        uint256 used = nonces_.used;
        if (used & bit != 0) revert AuthorizationAlreadyUsed(signer, nonce);

        nonces_.used = used | bit;
    }

    /// @dev The nonce stands in the account word, which the action writes anyway.
    function _useSequentialNonce(address signer, bytes32 nonce) private {
        (uint256 number, uint256 expected) = (uint40(uint256(nonce)), _nonceOf(signer));
        if (number < expected) revert AuthorizationAlreadyUsed(signer, nonce);
        if (number > expected) revert NonceOutOfOrder(signer, number, expected);

        _accounts[signer].word += Generations.NONCE_ONE;
    }
}
