// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IPointToken} from "../interfaces/IPointToken.sol";
import {IRewardCharter} from "../interfaces/IRewardCharter.sol";
import {Calendar} from "./libraries/Calendar.sol";
import {Generations} from "./libraries/Generations.sol";
import {MemberSignature} from "./libraries/MemberSignature.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title RewardCharter
/// @notice The agreed roadmap of an issuer and those whom it concerns. See {IRewardCharter}.
///
/// @custom:kill A guardian of a program stops the rewards of all its charters by revoking this contract's budget.
contract RewardCharter is IRewardCharter, EIP712 {
    /* CONSTANTS */

    /// @notice The most parties of a charter.
    uint256 public constant MAX_PARTIES = 16;
    /// @notice The most rules of a charter.
    uint256 public constant MAX_RULES = 32;

    bytes32 private constant SIGNATURE =
        keccak256("CharterSignature(address party,bytes32 charterId,bytes32 documentHash)");
    bytes32 private constant REWARD =
        keccak256("Reward(bytes32 charterId,uint256 rule,address member,bytes32 evidence,uint256 validBefore)");

    /* TYPES */

    /// @dev A rule in one slot: without its label, and with the day before which it is valid.
    struct PackedRule {
        uint48 amount;
        uint16 maxPerPeriod;
        uint8 monthsPerPeriod;
        address attester;
        uint24 validBeforeDay;
    }

    /// @dev How often a member was rewarded by a rule in the last period in which that happened.
    struct Use {
        uint128 period;
        uint128 count;
    }

    /* IMMUTABLES */

    /// @inheritdoc IRewardCharter
    address public immutable passkeys;

    /* STORAGE */

    mapping(bytes32 charterId => Charter) private _charters;
    mapping(bytes32 charterId => mapping(uint256 rule => PackedRule)) private _rules;
    /// @inheritdoc IRewardCharter
    mapping(bytes32 charterId => mapping(address account => Party)) public partyOf;
    /// @inheritdoc IRewardCharter
    mapping(bytes32 charterId => mapping(bytes32 evidence => bool)) public isRewarded;
    mapping(bytes32 charterId => mapping(uint256 rule => mapping(address member => Use))) private _uses;

    /* CONSTRUCTOR */

    /// @param passkeys_ The contract that checks signatures by passkeys.
    constructor(address passkeys_) EIP712("Zegel Charter", "1") {
        passkeys = passkeys_;
    }

    /* ISSUER FUNCTIONS */

    /// @inheritdoc IRewardCharter
    function propose(
        address token,
        bytes32 documentHash,
        address[] calldata parties,
        Rule[] calldata rules,
        bytes32 supersedes
    ) external returns (bytes32 charterId) {
        charterId = charterIdOf(token, documentHash, parties, rules, supersedes);
        if (!IAccessControl(token).hasRole(Roles.DEFAULT_ADMIN, msg.sender)) revert NotTokenAdmin(msg.sender, token);
        if (_charters[charterId].state != State.Unknown) revert CharterAlreadyProposed(charterId);
        if (parties.length == 0 || parties.length > MAX_PARTIES) {
            revert InvalidPartyCount(parties.length, MAX_PARTIES);
        }
        if (rules.length > MAX_RULES) revert TooManyRules(rules.length, MAX_RULES);
        if (supersedes != 0) _checkSupersedes(token, parties, supersedes);

        _charters[charterId] = Charter({
            token: token,
            state: State.Proposed,
            parties: uint8(parties.length),
            missing: uint8(parties.length),
            rules: uint8(rules.length),
            documentHash: documentHash,
            supersedes: supersedes
        });
        _writeParties(charterId, parties);
        _writeRules(charterId, rules);

        emit CharterProposed(charterId, token, msg.sender, documentHash, parties, rules, supersedes);
    }

    /* PARTY FUNCTIONS */

    /// @inheritdoc IRewardCharter
    function sign(bytes32 charterId) external {
        _sign(charterId, msg.sender);
    }

    /// @inheritdoc IRewardCharter
    function signFor(bytes32 charterId, address party, bytes calldata signature) external {
        bytes32 message = keccak256(abi.encode(SIGNATURE, party, charterId, _charters[charterId].documentHash));
        _checkSignature(party, message, signature);

        _sign(charterId, party);
    }

    /* ATTESTER FUNCTIONS */

    /// @inheritdoc IRewardCharter
    function reward(bytes32 charterId, uint256 rule, address member, bytes32 evidence) external {
        (address token, PackedRule memory packed) = _inForce(charterId, rule);
        if (msg.sender != packed.attester) revert NotAttester(msg.sender, packed.attester);

        _reward(charterId, rule, packed, token, member, evidence);
    }

    /// @inheritdoc IRewardCharter
    function rewardFor(
        bytes32 charterId,
        uint256 rule,
        address member,
        bytes32 evidence,
        uint256 validBefore,
        bytes calldata signature
    ) external {
        (address token, PackedRule memory packed) = _inForce(charterId, rule);
        if (block.timestamp >= validBefore) revert SignatureExpired(validBefore);
        bytes32 message = keccak256(abi.encode(REWARD, charterId, rule, member, evidence, validBefore));
        _checkSignature(packed.attester, message, signature);

        _reward(charterId, rule, packed, token, member, evidence);
    }

    /* VIEWS */

    /// @inheritdoc IRewardCharter
    function charterIdOf(
        address token,
        bytes32 documentHash,
        address[] calldata parties,
        Rule[] calldata rules,
        bytes32 supersedes
    ) public pure returns (bytes32) {
        return keccak256(abi.encode(token, documentHash, parties, rules, supersedes));
    }

    /// @inheritdoc IRewardCharter
    function charterOf(bytes32 charterId) external view returns (Charter memory) {
        return _charters[charterId];
    }

    /// @inheritdoc IRewardCharter
    function ruleOf(bytes32 charterId, uint256 rule) external view returns (Rule memory) {
        PackedRule memory packed = _rules[charterId][rule];

        return Rule({
            label: 0,
            amount: packed.amount,
            maxPerPeriod: packed.maxPerPeriod,
            monthsPerPeriod: packed.monthsPerPeriod,
            attester: packed.attester,
            validUntil: uint40(packed.validBeforeDay) * 1 days
        });
    }

    /// @inheritdoc IRewardCharter
    function rewardsOf(bytes32 charterId, uint256 rule, address member) external view returns (uint256) {
        Use memory use = _uses[charterId][rule][member];

        return use.period == _periodOf(_rules[charterId][rule].monthsPerPeriod) ? use.count : 0;
    }

    /* PRIVATE: AGREEING */

    /// @dev Parties are distinct, so a charter has all parties of another if it has as many of them as there are.
    function _checkSupersedes(address token, address[] calldata parties, bytes32 supersedes) private view {
        Charter storage old = _charters[supersedes];
        if (old.state != State.InForce) revert CharterNotInForce(supersedes);
        if (old.token != token) revert TokenMismatch(token, old.token);

        uint256 leftOut = old.parties;
        for (uint256 i; i < parties.length; ++i) {
            if (partyOf[supersedes][parties[i]] != Party.None) --leftOut;
        }
        if (leftOut != 0) revert PartiesLeftOut(supersedes, leftOut);
    }

    function _writeParties(bytes32 charterId, address[] calldata parties) private {
        for (uint256 i; i < parties.length; ++i) {
            address party = parties[i];
            if (party == address(0) || partyOf[charterId][party] != Party.None) revert InvalidParty(party);

            partyOf[charterId][party] = Party.Missing;
        }
    }

    function _writeRules(bytes32 charterId, Rule[] calldata rules) private {
        for (uint256 i; i < rules.length; ++i) {
            Rule calldata rule = rules[i];
            uint256 months = rule.monthsPerPeriod;
            if (rule.amount == 0 || rule.amount > Generations.LANE_MAX) revert InvalidRule(i, "amount", rule.amount);
            if (rule.maxPerPeriod == 0) revert InvalidRule(i, "maxPerPeriod", 0);
            if (months > 120 || (months != 0 && 12 % months != 0 && months % 12 != 0)) {
                revert InvalidRule(i, "monthsPerPeriod", months);
            }
            if (rule.attester == address(0)) revert InvalidRule(i, "attester", 0);
            if (rule.validUntil % 1 days != 0) revert InvalidRule(i, "validUntil", rule.validUntil);

            _rules[charterId][i] = PackedRule({
                amount: uint48(rule.amount),
                maxPerPeriod: rule.maxPerPeriod,
                monthsPerPeriod: rule.monthsPerPeriod,
                attester: rule.attester,
                validBeforeDay: uint24(rule.validUntil / 1 days)
            });
        }
    }

    function _sign(bytes32 charterId, address party) private {
        Charter storage charter = _charters[charterId];
        if (charter.state != State.Proposed) revert CharterNotProposed(charterId);
        Party found = partyOf[charterId][party];
        if (found == Party.None) revert NotParty(charterId, party);
        if (found == Party.Signed) revert AlreadySigned(charterId, party);

        partyOf[charterId][party] = Party.Signed;
        uint8 missing = charter.missing - 1;
        charter.missing = missing;

        emit CharterSigned(charterId, party);

        if (missing == 0) _enforce(charterId, charter);
    }

    function _enforce(bytes32 charterId, Charter storage charter) private {
        bytes32 supersedes = charter.supersedes;

        charter.state = State.InForce;

        emit CharterInForce(charterId);

        if (supersedes == 0) return;
        Charter storage old = _charters[supersedes];
        if (old.state != State.InForce) revert CharterNotInForce(supersedes);

        old.state = State.Superseded;

        emit CharterSuperseded(supersedes, charterId);
    }

    /* PRIVATE: REWARDING */

    /// @dev The token of a charter in force, and one of its rules that is not over.
    function _inForce(bytes32 charterId, uint256 rule) private view returns (address token, PackedRule memory packed) {
        Charter storage charter = _charters[charterId];
        if (charter.state != State.InForce) revert CharterNotInForce(charterId);
        if (rule >= charter.rules) revert RuleUnknown(charterId, rule);

        token = charter.token;
        packed = _rules[charterId][rule];

        uint256 validUntil = uint256(packed.validBeforeDay) * 1 days;
        if (validUntil != 0 && block.timestamp >= validUntil) revert RuleOver(charterId, rule, validUntil);
    }

    function _reward(
        bytes32 charterId,
        uint256 rule,
        PackedRule memory packed,
        address token,
        address member,
        bytes32 evidence
    ) private {
        if (isRewarded[charterId][evidence]) revert AlreadyRewarded(charterId, evidence);

        Use memory use = _uses[charterId][rule][member];
        uint256 period = _periodOf(packed.monthsPerPeriod);
        uint256 count = use.period == period ? use.count : 0;
        if (count >= packed.maxPerPeriod) revert RewardLimitReached(charterId, rule, member, packed.maxPerPeriod);

        isRewarded[charterId][evidence] = true;
        _uses[charterId][rule][member] = Use(uint128(period), uint128(count + 1));

        emit Rewarded(charterId, member, evidence, rule, packed.attester, packed.amount);

        IPointToken(token).award(member, packed.amount, evidence);
    }

    /// @dev The number of the current period; 0 where there is only one.
    function _periodOf(uint256 months) private view returns (uint256) {
        return months == 0 ? 0 : Calendar.monthOf(block.timestamp) / months;
    }

    function _checkSignature(address signer, bytes32 message, bytes calldata signature) private view {
        MemberSignature.check(signer, _hashTypedDataV4(message), signature, passkeys);
    }
}
