// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IPasskeyVerifier
/// @notice Checks signatures of members who have a passkey and nothing else: no account on chain, no seed phrase.
///
/// @dev A passkey is a P-256 key pair that signs by WebAuthn. The member's address follows from the public key:
/// `address(uint160(uint256(keccak256(abi.encode(DOMAIN, x, y)))))`. One contract serves a whole network, so that no
/// token carries the code.
interface IPasskeyVerifier {
    /// @notice What member addresses are hashed with: `keccak256("Zegel passkey member")`.
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN() external view returns (bytes32);

    /// @notice Whether a member's passkey signed a digest.
    ///
    /// @dev Checks a WebAuthn assertion (https://www.w3.org/TR/webauthn-2/#sctn-verifying-assertion): the digest is the
    /// challenge, the user was present and verified, and s is in the lower half. It does not look at the site that
    /// asked for the signature: browsers do. Never reverts.
    ///
    /// @param member Who is said to have signed.
    /// @param digest What was signed: an EIP-712 digest.
    /// @param signature The public key's coordinates x and y, 32 bytes each, and behind them
    /// `abi.encode(WebAuthn.WebAuthnAuth)`: r, s, the places of "challenge" and "type" in the client data, the
    /// authenticator data and the client data.
    function isValid(address member, bytes32 digest, bytes calldata signature) external view returns (bool);

    /// @notice The member whose passkey has a public key.
    /// @param x The public key's first coordinate.
    /// @param y The public key's second coordinate.
    function memberOf(bytes32 x, bytes32 y) external pure returns (address);
}
