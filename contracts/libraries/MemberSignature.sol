// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IPasskeyVerifier} from "../../interfaces/IPasskeyVerifier.sol";

/// @title MemberSignature
/// @notice The one rule for everything that members sign: an ECDSA signature, a contract's (ERC-1271) or a passkey's.
///
/// @dev Signatures never mark what was used, so it does no harm that some have twins.
library MemberSignature {
    uint256 private constant ECDSA_LENGTH = 65;

    /// @notice Thrown when a message does not bear its member's signature: another signer, another message, another
    /// contract or chain, or a malformed or malleable signature.
    error InvalidSignature(address member);

    /// @notice Reverts unless a member signed a digest.
    function check(address member, bytes32 digest, bytes memory signature, address passkeys) internal view {
        if (!isValid(member, digest, signature, passkeys)) revert InvalidSignature(member);
    }

    /// @notice Whether a member signed a digest.
    /// @param member Who is said to have signed.
    /// @param digest What was signed: an EIP-712 digest.
    /// @param signature 65 bytes r, s and v, s in the lower half; or what the member's contract takes; or a passkey's, see
    /// {IPasskeyVerifier-isValid}.
    /// @param passkeys The network's {PasskeyVerifier}.
    function isValid(address member, bytes32 digest, bytes memory signature, address passkeys)
        internal
        view
        returns (bool)
    {
        if (signature.length == ECDSA_LENGTH) {
            (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecover(digest, signature);
            if (fault == ECDSA.RecoverError.NoError && signer == member) return true;
        }
        // An account with a key may have code as well (EIP-7702), so the key comes first.
        if (member.code.length != 0) return SignatureChecker.isValidERC1271SignatureNow(member, digest, signature);

        return signature.length > ECDSA_LENGTH && IPasskeyVerifier(passkeys).isValid(member, digest, signature);
    }
}
