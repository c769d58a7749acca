// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IRewardCharter
/// @notice What an issuer has agreed to reward, with those whom it concerns: signed by all of them, changed by nobody.
///
/// @dev Amounts are in base units. Times are Unix seconds, dates are UTC.
///
/// A *charter* names a document, the parties who must sign it, and rules. The issuer proposes it, each party signs, and
/// with the last signature it is in force. Its name is the hash of all that it says. A charter changes only by a later
/// one that names it, has all its parties among its own, and is signed by all of them.
///
/// A *rule* says how many points a member gets when its *attester* states that something happened. The statement is
/// known by the hash of its *evidence*. The same evidence is rewarded once.
///
/// The points are awarded by this contract, out of the budget that the issuer has given it in the token. The budget
/// bounds what all charters of the token can award together; without one they award nothing.
interface IRewardCharter {
    /* TYPES */

    /// @notice How far a charter has come.
    enum State {
        Unknown,
        Proposed,
        InForce,
        Superseded
    }

    /// @notice What an account is to a charter.
    enum Party {
        None,
        Missing,
        Signed
    }

    /// @notice What is rewarded, and how.
    /// @param label What it is called, for people: short text. It stands in the event and in the charter's name only.
    /// @param amount How many points a reward is, in base units; at most 2^48 - 1.
    /// @param maxPerPeriod How often a member is rewarded in each period, at least once.
    /// @param monthsPerPeriod Calendar months in a period, aligned to January: 1, 2, 3, 4, 6 or a multiple of 12 up to
    /// 120; 0 for one period without end.
    /// @param attester Who says that it happened.
    /// @param validUntil The first second at which the rule rewards nothing any more, a midnight; 0 if it has no end.
    struct Rule {
        bytes32 label;
        uint64 amount;
        uint16 maxPerPeriod;
        uint8 monthsPerPeriod;
        address attester;
        uint40 validUntil;
    }

    /// @notice A charter.
    /// @param token The points that it awards.
    /// @param state How far it has come.
    /// @param parties How many accounts must sign it.
    /// @param missing How many of them have not signed.
    /// @param rules How many rules it has.
    /// @param documentHash The hash of the document that says it in words.
    /// @param supersedes The charter that it replaces; zero if none.
    struct Charter {
        address token;
        State state;
        uint8 parties;
        uint8 missing;
        uint8 rules;
        bytes32 documentHash;
        bytes32 supersedes;
    }

    /* EVENTS */

    /// @notice A charter was proposed.
    /// @param charterId The charter.
    /// @param token The points that it awards.
    /// @param proposer Who proposed it for the issuer.
    /// @param documentHash The hash of the document that says it in words.
    /// @param parties Who must sign it.
    /// @param rules What it rewards.
    /// @param supersedes The charter that it replaces; zero if none.
    event CharterProposed(
        bytes32 indexed charterId,
        address indexed token,
        address indexed proposer,
        bytes32 documentHash,
        address[] parties,
        Rule[] rules,
        bytes32 supersedes
    );

    /// @notice A party signed a charter.
    event CharterSigned(bytes32 indexed charterId, address indexed party);

    /// @notice All parties of a charter have signed it: it is in force.
    event CharterInForce(bytes32 indexed charterId);

    /// @notice A charter is not in force any more, because a later one is.
    event CharterSuperseded(bytes32 indexed charterId, bytes32 indexed successor);

    /// @notice A member was rewarded. The token's `Awarded` bears the evidence as its reference.
    /// @param charterId The charter.
    /// @param member Who received the points.
    /// @param evidence The hash of what the attester knows.
    /// @param rule The rule's number in the charter, from 0.
    /// @param attester Who stated it.
    /// @param amount How many points, in base units.
    event Rewarded(
        bytes32 indexed charterId,
        address indexed member,
        bytes32 indexed evidence,
        uint256 rule,
        address attester,
        uint256 amount
    );

    /* ERRORS */

    /// @notice Thrown when someone else than the token's default admin proposes.
    error NotTokenAdmin(address caller, address token);

    /// @notice Thrown when the same charter was proposed before.
    error CharterAlreadyProposed(bytes32 charterId);

    /// @notice Thrown when a charter is not waiting for signatures: there is none, or all have signed.
    error CharterNotProposed(bytes32 charterId);

    /// @notice Thrown when a charter is not in force.
    error CharterNotInForce(bytes32 charterId);

    /// @notice Thrown when a charter has no parties or too many.
    error InvalidPartyCount(uint256 count, uint256 maximum);

    /// @notice Thrown when a party is the zero address or named twice.
    error InvalidParty(address party);

    /// @notice Thrown when a charter has too many rules.
    error TooManyRules(uint256 count, uint256 maximum);

    /// @notice Thrown when a rule has a value out of bounds.
    /// @param rule The rule's number, from 0.
    /// @param field The field's name.
    /// @param value The offending value.
    error InvalidRule(uint256 rule, string field, uint256 value);

    /// @notice Thrown when a charter would replace one of another token.
    error TokenMismatch(address token, address supersededToken);

    /// @notice Thrown when parties of the charter that is replaced are not among the new one's.
    error PartiesLeftOut(bytes32 supersedes, uint256 count);

    /// @notice Thrown when an account that is no party signs.
    error NotParty(bytes32 charterId, address account);

    /// @notice Thrown when a party signs twice.
    error AlreadySigned(bytes32 charterId, address party);

    /// @notice Thrown when a charter has no such rule.
    error RuleUnknown(bytes32 charterId, uint256 rule);

    /// @notice Thrown when a rule is past its end.
    error RuleOver(bytes32 charterId, uint256 rule, uint256 validUntil);

    /// @notice Thrown when someone else than the rule's attester rewards.
    error NotAttester(address caller, address attester);

    /// @notice Thrown when evidence was rewarded before.
    error AlreadyRewarded(bytes32 charterId, bytes32 evidence);

    /// @notice Thrown when a member has had all rewards of a rule for this period.
    error RewardLimitReached(bytes32 charterId, uint256 rule, address member, uint256 maxPerPeriod);

    /// @notice Thrown when a signature came too late.
    error SignatureExpired(uint256 validBefore);

    /* ISSUERS */

    /// @notice Proposes a charter.
    ///
    /// @dev Emits {CharterProposed}.
    ///
    /// Requirements:
    /// - The caller must be the token's default admin.
    /// - There must be 1 to `MAX_PARTIES` parties, none of them twice or the zero address.
    /// - There must be at most `MAX_RULES` rules, within the bounds that {Rule} names.
    /// - The charter that it supersedes must be in force, be of the same token, and have no party that this one has not.
    ///
    /// Notes:
    /// - A charter without rules ends the one that it supersedes.
    ///
    /// @param token The points that it awards.
    /// @param documentHash The hash of the document that says it in words.
    /// @param parties Who must sign it.
    /// @param rules What it rewards.
    /// @param supersedes The charter that it replaces; zero if none.
    /// @return charterId Its name, see {charterIdOf}.
    function propose(
        address token,
        bytes32 documentHash,
        address[] calldata parties,
        Rule[] calldata rules,
        bytes32 supersedes
    ) external returns (bytes32 charterId);

    /* PARTIES */

    /// @notice Signs a charter by sending a transaction. With the last signature it is in force, at once, and the one
    /// that it supersedes is not.
    ///
    /// @dev Emits {CharterSigned}; with the last signature {CharterInForce}, and {CharterSuperseded} for the old one.
    ///
    /// Requirements:
    /// - The charter must be proposed, and the caller one of its parties who has not signed.
    /// - With the last signature: the charter that it supersedes must still be in force.
    function sign(bytes32 charterId) external;

    /// @notice Delivers a party's signature; anyone may call it, and pays the gas.
    ///
    /// @dev Emits as {sign}. The signed type is
    /// `CharterSignature(address party,bytes32 charterId,bytes32 documentHash)`, of the domain "Zegel Charter", version
    /// "1". It names the party, since one person may sign for two contracts.
    ///
    /// Requirements:
    /// - As for {sign}, of `party`, who must have signed by key, contract (ERC-1271) or passkey.
    function signFor(bytes32 charterId, address party, bytes calldata signature) external;

    /* ATTESTERS */

    /// @notice Rewards a member as a rule says.
    ///
    /// @dev Emits {Rewarded} and the token's `Awarded` and `Transfer`.
    ///
    /// Requirements:
    /// - The charter must be in force, the rule not over, and the caller the rule's attester.
    /// - The evidence must not have been rewarded by this charter, by any of its rules.
    /// - The member must have had less than `maxPerPeriod` rewards by this rule in the current period.
    /// - The budget of this contract in the token must cover the amount, and the program not be paused.
    ///
    /// Warning: a charter that supersedes another does not know what the other has rewarded. Where that matters, the
    /// attester lets the evidence name the charter.
    ///
    /// @param charterId The charter.
    /// @param rule The rule's number, from 0.
    /// @param member Who receives the points.
    /// @param evidence The hash of what the attester knows.
    function reward(bytes32 charterId, uint256 rule, address member, bytes32 evidence) external;

    /// @notice Rewards a member as a rule says and its attester has signed; anyone may call it, and pays the gas.
    ///
    /// @dev Emits as {reward}. The signed type is
    /// `Reward(bytes32 charterId,uint256 rule,address member,bytes32 evidence,uint256 validBefore)`, of the domain
    /// "Zegel Charter", version "1".
    ///
    /// Requirements:
    /// - As for {reward}; the attester must have signed, by key, contract (ERC-1271) or passkey.
    ///
    /// @param charterId The charter.
    /// @param rule The rule's number, from 0.
    /// @param member Who receives the points.
    /// @param evidence The hash of what the attester knows.
    /// @param validBefore The first second at which the signature is not valid any more.
    /// @param signature The attester's signature.
    function rewardFor(
        bytes32 charterId,
        uint256 rule,
        address member,
        bytes32 evidence,
        uint256 validBefore,
        bytes calldata signature
    ) external;

    /* VIEWS */

    /// @notice The name of a charter: `keccak256(abi.encode(token, documentHash, parties, rules, supersedes))`.
    function charterIdOf(
        address token,
        bytes32 documentHash,
        address[] calldata parties,
        Rule[] calldata rules,
        bytes32 supersedes
    ) external pure returns (bytes32);

    /// @notice A charter.
    function charterOf(bytes32 charterId) external view returns (Charter memory);

    /// @notice What an account is to a charter.
    function partyOf(bytes32 charterId, address account) external view returns (Party);

    /// @notice A rule, without its label, which stands in {CharterProposed}.
    function ruleOf(bytes32 charterId, uint256 rule) external view returns (Rule memory);

    /// @notice Whether evidence was rewarded by a charter.
    function isRewarded(bytes32 charterId, bytes32 evidence) external view returns (bool);

    /// @notice How often a member was rewarded by a rule in the current period.
    function rewardsOf(bytes32 charterId, uint256 rule, address member) external view returns (uint256);

    /// @notice The contract that checks signatures by passkeys.
    function passkeys() external view returns (address);
}
