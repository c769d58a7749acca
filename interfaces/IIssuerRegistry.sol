// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointToken} from "./IPointToken.sol";

/// @title IIssuerRegistry
/// @notice The directory of the network: keeps issuers' credentials, creates their tokens, lists them in the exchange,
/// suspends them; knows merchants and their tills.
///
/// @dev Tokens are created by CREATE2 from creation code that stands once on chain (an ERC-5202 blueprint), so every
/// listed token runs the same code.
///
/// Taking power away is immediate. Giving it (a new verifier, a program's return) takes two steps with `RULES_DELAY`
/// between them: the default admin schedules it, and anyone may carry it out when it is due.
///
/// Credentials are EIP-712 messages of the domain `{name: "Zegel Registry", version: "1", chainId, verifyingContract}`.
interface IIssuerRegistry {
    /* TYPES */

    /// @notice An entry of the directory.
    /// @param token The program's token.
    /// @param issuer Who created it.
    /// @param exchange The exchange that it was created for.
    /// @param desk The offline desk that it was created for.
    struct Entry {
        address token;
        address issuer;
        address exchange;
        address desk;
    }

    /// @notice Who an issuer is; what a verifier signs, as the EIP-712 type `IssuerCredential`.
    /// @param issuer The account that creates programs.
    /// @param legalName The issuer's legal name: 1 to 100 bytes.
    /// @param lei The issuer's Legal Entity Identifier (ISO 17442): 18 capitals or digits and two check digits.
    /// @param domain The issuer's domain name: 1 to 253 of a to z, 0 to 9, `.` and `-`.
    /// @param termsHash The hash of the terms that the issuer agreed to.
    /// @param issuedAt When the verifier issued it, in Unix seconds.
    /// @param validUntil The first second at which it is no longer valid, in Unix seconds.
    struct Credential {
        address issuer;
        string legalName;
        string lei;
        string domain;
        bytes32 termsHash;
        uint64 issuedAt;
        uint64 validUntil;
    }

    /// @notice The newest credential of an issuer.
    /// @param credential What was signed.
    /// @param verifier Who signed it.
    /// @param revokedAt The last second at which the issuer's credentials were revoked, in Unix seconds; 0 if never.
    struct Accreditation {
        Credential credential;
        address verifier;
        uint64 revokedAt;
    }

    /// @notice A till's key.
    /// @param merchant Whose till it is, for ever.
    /// @param isRevoked Whether it has been revoked, for ever.
    struct Till {
        address merchant;
        bool isRevoked;
    }

    /* EVENTS */

    /// @notice Somebody became a verifier.
    event VerifierAdded(address indexed verifier);

    /// @notice Somebody may become a verifier, from a second on.
    event VerifierScheduled(address indexed verifier, uint256 dueAt);

    /// @notice Somebody is no longer a verifier, or will not become one.
    event VerifierRemoved(address indexed verifier);

    /// @notice An issuer's credential was stored.
    /// @param issuer Whose it is.
    /// @param verifier Who signed it.
    /// @param credential What was signed.
    event IssuerAccredited(address indexed issuer, address indexed verifier, Credential credential);

    /// @notice All credentials of an issuer that were issued so far were revoked.
    event CredentialRevoked(address indexed issuer, address indexed revoker, bytes32 reason);

    /// @notice A program was created.
    /// @param token The program's token.
    /// @param issuer Who created it.
    /// @param exchange The exchange that may convert its points.
    /// @param desk The offline desk that may hold its points.
    /// @param settings What it was created with.
    event ProgramCreated(
        address indexed token,
        address indexed issuer,
        address indexed exchange,
        address desk,
        IPointToken.Settings settings
    );

    /// @notice New programs will be created for another exchange and desk.
    event NetworkSet(address oldExchange, address oldDesk, address indexed newExchange, address indexed newDesk);

    /// @notice A program was suspended: it cannot be converted. A reinstatement that was scheduled is off.
    event ProgramSuspended(address indexed token, address indexed operator, bytes32 reason);

    /// @notice A suspension may be lifted, from a second on.
    event ReinstatementScheduled(address indexed token, address indexed admin, uint256 dueAt, bytes32 reason);

    /// @notice A suspension was lifted.
    event ProgramReinstated(address indexed token);

    /// @notice A merchant was registered, or renamed.
    event MerchantRegistered(address indexed merchant, address indexed operator, string name);

    /// @notice A merchant was struck off.
    event MerchantRemoved(address indexed merchant, address indexed operator, bytes32 reason);

    /// @notice A merchant registered a till.
    event TillRegistered(address indexed till, address indexed merchant);

    /// @notice A till was revoked.
    event TillRevoked(address indexed till, address indexed merchant, address indexed revoker);

    /* ERRORS */

    /// @notice Thrown when a symbol is taken.
    error SymbolTaken(string symbol, address token);

    /// @notice Thrown when a symbol is empty or has other characters than A to Z and 0 to 9, or more than 11.
    error InvalidSymbol(string symbol);

    /// @notice Thrown when a legal name or a merchant's name is empty or longer than 100 bytes.
    error InvalidName(string name);

    /// @notice Thrown when a Legal Entity Identifier is malformed or has other check digits.
    error InvalidLei(string lei);

    /// @notice Thrown when a domain is empty or has other characters than a to z, 0 to 9, `.` and `-`, or over 253.
    error InvalidDomain(string domain);

    /// @notice Thrown when a credential is issued in the future, is no longer valid, or is valid for too long.
    error InvalidValidity(uint256 issuedAt, uint256 validUntil);

    /// @notice Thrown when a credential is not issued later than the stored one and the last revocation.
    /// @param issuedAt When it was issued.
    /// @param newest After what it must be issued.
    error CredentialOutdated(address issuer, uint256 issuedAt, uint256 newest);

    /// @notice Thrown when an issuer has no credential that is valid now.
    error NotAccredited(address issuer);

    /// @notice Thrown when somebody is no verifier.
    error NotVerifier(address verifier);

    /// @notice Thrown when somebody is a verifier already.
    error AlreadyVerifier(address verifier);

    /// @notice Thrown when this verifier or this token's return was not scheduled.
    error NotScheduled(address subject);

    /// @notice Thrown when something is done before it is due.
    error DelayNotOver(address subject, uint256 dueAt);

    /// @notice Thrown when no program has this token.
    error ProgramUnknown(address token);

    /// @notice Thrown when programs are created before exchange and desk are set.
    error NetworkNotSet();

    /// @notice Thrown when the exchange belongs to another registry.
    error ExchangeMismatch(address exchange);

    /// @notice Thrown when the desk belongs to another registry, or to another exchange than the chosen one.
    error DeskMismatch(address desk);

    /// @notice Thrown when the blueprint is none, or cannot be deployed.
    error InvalidBlueprint(address blueprint);

    /// @notice Thrown when somebody is no merchant.
    error NotMerchant(address merchant);

    /// @notice Thrown when an address is, or was, a till of some merchant.
    error TillTaken(address till, address merchant);

    /// @notice Thrown when nobody registered this till.
    error TillUnknown(address till);

    /// @notice Thrown when the till is the merchant itself: an operator strikes merchants off by {removeMerchant}.
    error TillIsMerchant(address merchant);

    /// @notice Thrown when an address is zero that must not be.
    error ZeroAddress();

    /* VERIFIERS */

    /// @notice Announces a new verifier.
    ///
    /// @dev Emits {VerifierScheduled}. A second call starts the delay again.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    /// - It must not be a verifier yet.
    function scheduleVerifier(address verifier) external;

    /// @notice Makes an announced account a verifier. Anyone may do it.
    ///
    /// @dev Emits {VerifierAdded}.
    ///
    /// Requirements:
    /// - It must have been scheduled `RULES_DELAY` ago.
    function addVerifier(address verifier) external;

    /// @notice Dismisses a verifier, or one that was announced, at once. Credentials that it signed no longer count.
    ///
    /// @dev Emits {VerifierRemoved}.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    function removeVerifier(address verifier) external;

    /* CREDENTIALS */

    /// @notice Stores a credential that a verifier signed. Anyone may submit it.
    ///
    /// @dev Emits {IssuerAccredited}.
    ///
    /// Notes:
    /// - It replaces the one before, whoever signed that.
    ///
    /// Requirements:
    /// - The verifier must be one, and have signed it: by key, as a contract (ERC-1271) or by passkey.
    /// - Legal name, LEI and domain must be within the bounds that {Credential} names.
    /// - It must be issued by now, valid still, and valid for at most `MAX_VALIDITY`.
    /// - It must be issued later than the stored one, and later than the last revocation.
    ///
    /// @param credential What was signed.
    /// @param verifier Who signed it.
    /// @param signature As `MemberSignature` takes it.
    function accredit(Credential calldata credential, address verifier, bytes calldata signature) external;

    /// @notice Revokes all credentials of an issuer that were issued so far, stored or not. Its programs stay as they
    /// are; it creates no new ones until it is accredited again.
    ///
    /// @dev Emits {CredentialRevoked}.
    ///
    /// Requirements:
    /// - The caller must have the operator role, or be the verifier that signed the stored credential.
    function revokeCredential(address issuer, bytes32 reason) external;

    /* ISSUERS */

    /// @notice Creates a program and lists it in the exchange.
    ///
    /// @dev Emits {ProgramCreated}.
    ///
    /// Requirements:
    /// - The caller must be accredited.
    /// - The symbol must be free, and consist of at most 11 characters A to Z and 0 to 9.
    ///
    /// @return token The program's token.
    function createProgram(IPointToken.Settings calldata settings) external returns (address token);

    /// @notice The address that {createProgram} will give a program.
    function predictProgram(address issuer, IPointToken.Settings calldata settings) external view returns (address);

    /* SUSPENSION */

    /// @notice Stops all conversions of a program, at once. Its members can still send and redeem points, its issuer
    /// withdraw money. Calls off a reinstatement that was scheduled.
    ///
    /// @dev Emits {ProgramSuspended}.
    ///
    /// Requirements:
    /// - The caller must have the operator role.
    function suspend(address token, bytes32 reason) external;

    /// @notice Announces that a suspension will be lifted.
    ///
    /// @dev Emits {ReinstatementScheduled}. A second call starts the delay again.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    function scheduleReinstatement(address token, bytes32 reason) external;

    /// @notice Lifts a suspension as announced. Anyone may do it.
    ///
    /// @dev Emits {ProgramReinstated}.
    ///
    /// Requirements:
    /// - It must have been scheduled `RULES_DELAY` ago, and the program not suspended again since.
    function reinstate(address token) external;

    /* NETWORK */

    /// @notice Chooses the exchange and the offline desk for programs created from now on.
    ///
    /// @dev Emits {NetworkSet}.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    /// - Both must name this registry as their own, and the desk must name the exchange.
    function setNetwork(address newExchange, address newDesk) external;

    /* MERCHANTS */

    /// @notice Registers a merchant, or renames one.
    ///
    /// @dev Emits {MerchantRegistered}.
    ///
    /// Notes:
    /// - A merchant that was struck off may come back; its tills that were not revoked count again.
    ///
    /// Requirements:
    /// - The caller must have the operator role.
    /// - The address must not be, or have been, another merchant's till.
    ///
    /// @param merchant The account that is paid.
    /// @param name Its name: 1 to 100 bytes.
    function registerMerchant(address merchant, string calldata name) external;

    /// @notice Strikes a merchant off, with all its tills, at once.
    ///
    /// @dev Emits {MerchantRemoved}.
    ///
    /// Requirements:
    /// - The caller must have the operator role.
    function removeMerchant(address merchant, bytes32 reason) external;

    /// @notice Registers a key as a till of the caller.
    ///
    /// @dev Emits {TillRegistered}.
    ///
    /// Requirements:
    /// - The caller must be a merchant.
    /// - The key must not be, or have been, a merchant or anybody's till.
    function registerTill(address till) external;

    /// @notice Revokes a till's key, at once and for ever.
    ///
    /// @dev Emits {TillRevoked}.
    ///
    /// Requirements:
    /// - The caller must be its merchant, or have the operator role.
    /// - The key must not be the merchant's own.
    function revokeTill(address till) external;

    /* VIEWS */

    /// @notice Whether somebody signs credentials that count.
    function isVerifier(address account) external view returns (bool);

    /// @notice When a scheduled verifier may be added, in Unix seconds; 0 if it is not scheduled.
    function verifierDueAt(address account) external view returns (uint256);

    /// @notice Whether an issuer has a credential that is valid now, not revoked, and signed by somebody who is a
    /// verifier now.
    function isAccredited(address issuer) external view returns (bool);

    /// @notice The newest credential of an issuer, valid or not; empty if there is none.
    function credentialOf(address issuer) external view returns (Accreditation memory);

    /// @notice Whether a token was created here.
    function isProgram(address token) external view returns (bool);

    /// @notice The entry of a token.
    function entryOf(address token) external view returns (Entry memory);

    /// @notice The token with this symbol; the zero address if there is none.
    function tokenOf(string calldata symbol) external view returns (address);

    /// @notice How many programs there are.
    function programCount() external view returns (uint256);

    /// @notice Entries in the order of their creation.
    /// @param offset The first entry, from 0.
    /// @param limit How many at most.
    function programs(uint256 offset, uint256 limit) external view returns (Entry[] memory);

    /// @notice When a suspension may be lifted, in Unix seconds; 0 if that is not scheduled.
    function reinstatementDueAt(address token) external view returns (uint256);

    /// @notice Whose till an address is; the zero address if it is nobody's, or revoked, or its merchant struck off. A
    /// merchant is a till of itself.
    function merchantOf(address till) external view returns (address);

    /// @notice Whether somebody is a merchant now.
    function isMerchant(address account) external view returns (bool);

    /// @notice The name of a merchant; empty for everyone else.
    function merchantName(address account) external view returns (string memory);

    /// @notice Who registered a till's key, and whether it was revoked.
    function tills(address till) external view returns (address merchant, bool isRevoked);

    /// @notice The exchange for programs created from now on.
    function exchange() external view returns (address);

    /// @notice The offline desk for programs created from now on.
    function desk() external view returns (address);

    /// @notice Where the tokens' creation code stands.
    function blueprint() external view returns (address);

    /// @notice The network's {PasskeyVerifier}.
    function passkeys() external view returns (address);
}
