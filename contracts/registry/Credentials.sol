// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIssuerRegistry} from "../../interfaces/IIssuerRegistry.sol";
import {Lei} from "../libraries/Lei.sol";
import {MemberSignature} from "../libraries/MemberSignature.sol";
import {Names} from "../libraries/Names.sol";
import {Roles} from "../libraries/Roles.sol";
import {Verifiers} from "./Verifiers.sol";

/// @title Credentials
/// @notice Who an issuer is: legal name, LEI, domain and terms, signed by a verifier and readable by everyone.
abstract contract Credentials is Verifiers, EIP712 {
    /* CONSTANTS */

    /// @notice The longest that a credential may be valid, in seconds.
    uint256 public constant MAX_VALIDITY = 1_096 days; // three years, with a leap day

    bytes32 private constant CREDENTIAL = keccak256(
        "IssuerCredential(address issuer,string legalName,string lei,string domain,bytes32 termsHash,uint64 issuedAt,uint64 validUntil)"
    );

    /* IMMUTABLES */

    /// @inheritdoc IIssuerRegistry
    address public immutable passkeys;

    /* STORAGE */

    /// @dev issuer => its newest credential
    mapping(address => Accreditation) private _accreditations;

    /* CONSTRUCTOR */

    constructor(address passkeys_) {
        if (passkeys_ == address(0)) revert ZeroAddress();

        passkeys = passkeys_;
    }

    /* PUBLIC FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function accredit(Credential calldata credential, address verifier, bytes calldata signature) external {
        _checkContents(credential);
        if (!isVerifier[verifier]) revert NotVerifier(verifier);
        Accreditation storage accreditation = _accreditations[credential.issuer];
        uint256 newest = Math.max(accreditation.credential.issuedAt, accreditation.revokedAt);
        if (credential.issuedAt <= newest) revert CredentialOutdated(credential.issuer, credential.issuedAt, newest);
        MemberSignature.check(verifier, _digest(credential), signature, passkeys);

        accreditation.credential = credential;
        accreditation.verifier = verifier;

        emit IssuerAccredited(credential.issuer, verifier, credential);
    }

    /* VERIFIER FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function revokeCredential(address issuer, bytes32 reason) external {
        Accreditation storage accreditation = _accreditations[issuer];
        if (msg.sender != accreditation.verifier) _checkRole(Roles.OPERATOR);

        accreditation.revokedAt = uint64(block.timestamp);

        emit CredentialRevoked(issuer, msg.sender, reason);
    }

    /* VIEWS */

    /// @inheritdoc IIssuerRegistry
    function isAccredited(address issuer) public view returns (bool) {
        Accreditation storage accreditation = _accreditations[issuer];

        return block.timestamp < accreditation.credential.validUntil
            && accreditation.credential.issuedAt > accreditation.revokedAt && isVerifier[accreditation.verifier];
    }

    /// @inheritdoc IIssuerRegistry
    function credentialOf(address issuer) external view returns (Accreditation memory) {
        return _accreditations[issuer];
    }

    /* PRIVATE */

    function _checkContents(Credential calldata credential) private view {
        if (!Names.isName(credential.legalName)) revert InvalidName(credential.legalName);
        if (!Lei.isValid(credential.lei)) revert InvalidLei(credential.lei);
        if (!Names.isDomain(credential.domain)) revert InvalidDomain(credential.domain);

        (uint256 issuedAt, uint256 validUntil) = (credential.issuedAt, credential.validUntil);
        if (issuedAt > block.timestamp || validUntil <= block.timestamp || validUntil - issuedAt > MAX_VALIDITY) {
            revert InvalidValidity(issuedAt, validUntil);
        }
    }

    function _digest(Credential calldata credential) private view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                CREDENTIAL,
                credential.issuer,
                keccak256(bytes(credential.legalName)),
                keccak256(bytes(credential.lei)),
                keccak256(bytes(credential.domain)),
                credential.termsHash,
                credential.issuedAt,
                credential.validUntil
            )
        );

        return _hashTypedDataV4(structHash);
    }
}
