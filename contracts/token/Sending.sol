// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Authorizing} from "./Authorizing.sol";

/// @title Sending
/// @notice Approvals (ERC-2612) and transfers (ERC-3009) by signature, each with the signature in three parts, as the
/// standards have it, and as bytes, for members who are contracts or have a passkey.
abstract contract Sending is Authorizing {
    /* CONSTANTS */

    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    bytes32 private constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

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
        _checkSignature(owner, _permitMessage(owner, spender, value, deadline), v, r, s);
        _permit(owner, spender, value, deadline);
    }

    /// @inheritdoc IPointToken
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature)
        external
    {
        _checkSignature(owner, _permitMessage(owner, spender, value, deadline), signature);
        _permit(owner, spender, value, deadline);
    }

    /// @inheritdoc IERC20Permit
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc IERC20Permit
    function nonces(address member) external view returns (uint256) {
        return _nonceOf(member);
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
        _checkSignature(from, _transferMessage(TRANSFER, from, to, value, validAfter, validBefore, nonce), v, r, s);
        _useAuthorization(from, validAfter, validBefore, nonce);
        _transfer(from, to, value);
    }

    /// @inheritdoc IPointToken
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _checkSignature(from, _transferMessage(TRANSFER, from, to, value, validAfter, validBefore, nonce), signature);
        _useAuthorization(from, validAfter, validBefore, nonce);
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

        _checkSignature(from, _transferMessage(RECEIVE, from, to, value, validAfter, validBefore, nonce), v, r, s);
        _useAuthorization(from, validAfter, validBefore, nonce);
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
        bytes calldata signature
    ) external {
        if (msg.sender != to) revert CallerNotRecipient(msg.sender, to);

        _checkSignature(from, _transferMessage(RECEIVE, from, to, value, validAfter, validBefore, nonce), signature);
        _useAuthorization(from, validAfter, validBefore, nonce);
        _transfer(from, to, value);
    }

    /* PRIVATE */

    function _permit(address owner, address spender, uint256 value, uint256 deadline) private {
        if (block.timestamp > deadline) revert PermitExpired(deadline);

        _accounts[owner].word = _age(owner, _accounts[owner].word, currentEpoch()) + Generations.NONCE_ONE;
        _approve(owner, spender, value);
    }

    function _permitMessage(address owner, address spender, uint256 value, uint256 deadline)
        private
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(PERMIT, owner, spender, value, _nonceOf(owner), deadline));
    }

    function _transferMessage(
        bytes32 messageType,
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce
    ) private pure returns (bytes32) {
        return keccak256(abi.encode(messageType, from, to, value, validAfter, validBefore, nonce));
    }
}
