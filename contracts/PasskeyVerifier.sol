// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {IPasskeyVerifier} from "../interfaces/IPasskeyVerifier.sol";

/// @title PasskeyVerifier
/// @notice Checks signatures by passkeys. See {IPasskeyVerifier}.
///
/// @dev OpenZeppelin's P256 uses the chain's precompile (RIP-7212, EIP-7951) where there is one, and Solidity elsewhere.
///
/// @custom:kill Not needed: it has no state and no power.
contract PasskeyVerifier is IPasskeyVerifier {
    /* CONSTANTS */

    /// @inheritdoc IPasskeyVerifier
    bytes32 public constant DOMAIN = keccak256("Zegel passkey member");

    uint256 private constant KEY_LENGTH = 64;

    /* VIEWS */

    /// @inheritdoc IPasskeyVerifier
    function isValid(address member, bytes32 digest, bytes calldata signature) external view returns (bool) {
        if (signature.length <= KEY_LENGTH) return false;

        (bytes32 x, bytes32 y) = (bytes32(signature), bytes32(signature[32:]));
        if (memberOf(x, y) != member) return false;

        (bool isDecoded, WebAuthn.WebAuthnAuth calldata assertion) = _decode(signature[KEY_LENGTH:]);
        // Beyond the client data the library would read memory that is not there, and burn all gas on it.
        if (!isDecoded || assertion.typeIndex >= bytes(assertion.clientDataJSON).length) return false;

        return WebAuthn.verify(abi.encodePacked(digest), assertion, x, y);
    }

    /// @inheritdoc IPasskeyVerifier
    function memberOf(bytes32 x, bytes32 y) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(DOMAIN, x, y)))));
    }

    /* PRIVATE */

    /// @dev An encoded struct begins with the offset of its contents.
    function _decode(bytes calldata encoded) private pure returns (bool, WebAuthn.WebAuthnAuth calldata) {
        if (encoded.length < 32 || bytes32(encoded) != bytes32(uint256(32))) return WebAuthn.tryDecodeAuth(encoded[:0]);

        return WebAuthn.tryDecodeAuth(encoded[32:]);
    }
}
