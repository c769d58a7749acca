// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Credentials} from "./registry/Credentials.sol";
import {Directory} from "./registry/Directory.sol";
import {Merchants} from "./registry/Merchants.sol";
import {Suspensions} from "./registry/Suspensions.sol";
import {Verifiers} from "./registry/Verifiers.sol";

/// @title IssuerRegistry
/// @notice The directory of the network: issuers, programs, merchants. See {IIssuerRegistry} for what it does, and
/// `registry/` for how.
///
/// @custom:kill Operators stop an issuer's new programs with {revokeCredential}, a program's conversions with
/// {suspend}, a merchant with {removeMerchant} and a till with {revokeTill}; the default admin stops a verifier with
/// {removeVerifier}.
contract IssuerRegistry is Suspensions, Merchants {
    /* CONSTRUCTOR */

    /// @param admin The first default admin: the network's operator or consortium.
    /// @param adminDelay Seconds that a change of admin must wait.
    /// @param blueprint_ Where the creation code of {PointToken} stands.
    /// @param passkeys_ The network's {PasskeyVerifier}.
    /// @param firstVerifiers Those who check issuers from the start; later ones wait for `RULES_DELAY`.
    constructor(
        address admin,
        uint48 adminDelay,
        address blueprint_,
        address passkeys_,
        address[] memory firstVerifiers
    )
        AccessControlDefaultAdminRules(adminDelay, admin)
        EIP712("Zegel Registry", "1")
        Verifiers(firstVerifiers)
        Credentials(passkeys_)
        Directory(blueprint_)
    {}
}
