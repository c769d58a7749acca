// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignerP256} from "@openzeppelin/contracts/utils/cryptography/signers/SignerP256.sol";
import {SignerWebAuthn} from "@openzeppelin/contracts/utils/cryptography/signers/SignerWebAuthn.sol";

/// @title PasskeyAccount
/// @notice A member's own contract, on OpenZeppelin's signer: whoever pays the gas has it do what its passkey signed.
contract PasskeyAccount is EIP712, SignerWebAuthn {
    bytes32 private constant CALL = keccak256("Call(address target,bytes data,uint256 nonce,uint256 deadline)");

    uint256 public nonce;

    error DeadlinePassed(uint256 deadline);
    error NotSigned();

    constructor(bytes32 x, bytes32 y) EIP712("Account", "1") SignerP256(x, y) {}

    function execute(address target, bytes calldata data, uint256 deadline, bytes calldata signature) external {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CALL, target, keccak256(data), nonce++, deadline)));
        if (!_rawSignatureValidation(digest, signature)) revert NotSigned();

        Address.functionCall(target, data);
    }
}
