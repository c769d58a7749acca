// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {PointLedger} from "./PointLedger.sol";

/// @title Signing
/// @notice What members do by signature while someone else pays the gas: approvals (ERC-2612) and transfers (ERC-3009).
///
/// @dev Whether a message was used is kept by signer and nonce, never by signature.
abstract contract Signing is PointLedger, EIP712 {
    /* CONSTANTS */

    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    bytes32 private constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant CANCEL = keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    /* STORAGE */

    /// @dev signer => nonce / 256 => one bit for each nonce
    mapping(address => mapping(uint256 => uint256)) private _usedNonces;

    /* APPROVALS (ERC-2612) */

    /// @inheritdoc IERC20Permit
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (block.timestamp > deadline) revert PermitExpired(deadline);

        Account storage account = _accounts[owner];
        uint256 word = _age(owner, account.word, currentEpoch());
        uint256 nonce = word >> Generations.NONCE_SHIFT;
        address signer = _signer(keccak256(abi.encode(PERMIT, owner, spender, value, nonce, deadline)), v, r, s);
        if (signer != owner) revert PermitInvalidSigner(signer, owner);

        account.word = word + Generations.NONCE_ONE;
        _approve(owner, spender, value);
    }

    /// @inheritdoc IERC20Permit
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /* TRANSFERS (ERC-3009) */

    /// @inheritdoc IPointToken
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _useAuthorization(TRANSFER, from, to, value, validAfter, validBefore, nonce, v, r, s);
        _transfer(from, to, value);
    }

    /// @inheritdoc IPointToken
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (msg.sender != to) revert CallerNotRecipient(msg.sender, to);

        _useAuthorization(RECEIVE, from, to, value, validAfter, validBefore, nonce, v, r, s);
        _transfer(from, to, value);
    }

    /// @inheritdoc IPointToken
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external {
        address signer = _signer(keccak256(abi.encode(CANCEL, authorizer, nonce)), v, r, s);
        if (signer != authorizer) revert AuthorizationInvalidSigner(signer, authorizer);

        _useNonce(authorizer, nonce);

        emit AuthorizationCanceled(authorizer, nonce);
    }

    /// @inheritdoc IPointToken
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool) {
        return _usedNonces[authorizer][uint256(nonce) >> 8] & (1 << (uint256(nonce) & 0xff)) != 0;
    }

    /* PRIVATE */

    function _useAuthorization(
        bytes32 messageType,
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) private {
        if (block.timestamp <= validAfter || block.timestamp >= validBefore) {
            revert AuthorizationNotInForce(validAfter, validBefore);
        }

        bytes32 message = keccak256(abi.encode(messageType, from, to, value, validAfter, validBefore, nonce));
        address signer = _signer(message, v, r, s);
        if (signer != from) revert AuthorizationInvalidSigner(signer, from);

        _useNonce(from, nonce);

        emit AuthorizationUsed(from, nonce);
    }

    function _useNonce(address signer, bytes32 nonce) private {
        mapping(uint256 => uint256) storage words = _usedNonces[signer];
        uint256 index = uint256(nonce) >> 8;
        uint256 bit = 1 << (uint256(nonce) & 0xff);
        uint256 used = words[index];
        if (used & bit != 0) revert AuthorizationAlreadyUsed(signer, nonce);

        words[index] = used | bit;
    }

    /// @dev Who signed an EIP-712 message. Malleable and malformed signatures revert in OpenZeppelin's ECDSA.
    function _signer(bytes32 structHash, uint8 v, bytes32 r, bytes32 s) private view returns (address) {
        return ECDSA.recover(_hashTypedDataV4(structHash), v, r, s);
    }
}
