// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {ProgramWords} from "../libraries/ProgramWords.sol";
import {Roles} from "../libraries/Roles.sol";
import {Prices} from "./Prices.sol";

/// @title Accounts
/// @notice The issuers' money: paid in beforehand, moved by conversions, taken out at any time.
///
/// @dev Accounts change by addition and subtraction only. They sum to at most the settlement tokens that the exchange
/// holds; tokens that someone sends to it without {fund} change nothing.
abstract contract Accounts is Prices {
    using SafeERC20 for IERC20;
    using ProgramWords for uint256;

    /* CONSTANTS */

    /// @notice The highest network fee, in millionths: 1 %.
    uint256 public constant MAX_FEE = 10_000;

    /* IMMUTABLES */

    /// @inheritdoc IPointExchange
    uint256 public immutable fee;
    /// @inheritdoc IPointExchange
    address public immutable feeRecipient;

    /* STORAGE */

    /// @inheritdoc IPointExchange
    uint256 public fees;

    /// @dev token => most money per day
    mapping(address => DailyLimits) private _limits;
    /// @dev token => money moved on the last day on which any was
    mapping(address => DailyUse) private _uses;
    /// @dev token => member => points converted on the last day on which any were
    mapping(address => mapping(address => MemberUse)) private _memberUses;

    /* CONSTRUCTOR */

    constructor(uint256 fee_, address feeRecipient_) {
        if (fee_ > MAX_FEE) revert FeeTooHigh(fee_, MAX_FEE);
        if (fee_ != 0 && feeRecipient_ == address(0)) revert ZeroAddress();

        fee = fee_;
        feeRecipient = feeRecipient_;
    }

    /* PAYING IN AND OUT */

    /// @inheritdoc IPointExchange
    function fund(address program, uint256 amount) external nonReentrant {
        _fund(program, amount);
    }

    /// @inheritdoc IPointExchange
    function fundWithPermit(address program, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        // Someone may have used the permit before: what counts is the allowance, and the transfer checks that.
        try IERC20Permit(settlementToken).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _fund(program, amount);
    }

    /// @inheritdoc IPointExchange
    function withdraw(address program, address recipient, uint256 amount)
        external
        nonReentrant
        onlyProgramRole(program, Roles.TREASURER)
    {
        if (amount == 0) revert ZeroAmount();
        if (recipient == address(0)) revert ZeroAddress();
        uint256 word = _programs[program].word;
        if (amount > word.account()) revert AccountTooSmall(program, word.account(), amount);

        _programs[program].word = word.debited(amount);

        emit Withdrawn(program, msg.sender, recipient, amount);

        IERC20(settlementToken).safeTransfer(recipient, amount);
    }

    /// @inheritdoc IPointExchange
    function withdrawFees() external nonReentrant {
        uint256 amount = fees;
        if (amount == 0) revert ZeroAmount();

        fees = 0;

        emit FeesWithdrawn(feeRecipient, amount);

        IERC20(settlementToken).safeTransfer(feeRecipient, amount);
    }

    /* ADMIN FUNCTIONS */

    /// @inheritdoc IPointExchange
    function setDailyLimits(address program, DailyLimits calldata newLimits)
        external
        onlyProgramRole(program, Roles.DEFAULT_ADMIN)
    {
        DailyLimits memory oldLimits = _limits[program];

        _setFlag(program, ProgramWords.LIMITED, newLimits.maxOut != 0 || newLimits.maxIn != 0 || newLimits.maxPerMember != 0);
        _limits[program] = newLimits;

        emit DailyLimitsSet(program, oldLimits, newLimits);
    }

    /* VIEWS */

    /// @inheritdoc IPointExchange
    function dailyLimitsOf(address program) external view returns (DailyLimits memory) {
        return _limits[program];
    }

    /// @inheritdoc IPointExchange
    function dailyUseOf(address program) public view returns (DailyUse memory use) {
        use = _uses[program];
        if (use.day != _today()) use = DailyUse(0, 0, _today());
    }

    /// @inheritdoc IPointExchange
    function memberUseOf(address program, address member) public view returns (MemberUse memory use) {
        use = _memberUses[program][member];
        if (use.day != _today()) use = MemberUse(0, _today());
    }

    /* INTERNAL */

    /// @dev What the network takes of a value, rounded up.
    function _feeOf(uint256 value) internal view returns (uint256) {
        return Math.ceilDiv(value * fee, 1_000_000);
    }

    /// @dev What is left of a program's daily limits.
    function _remainingToday(address program) internal view returns (uint256 out, uint256 into) {
        DailyLimits memory limits = _limits[program];
        DailyUse memory use = dailyUseOf(program);

        out = limits.maxOut == 0 ? type(uint256).max : Math.saturatingSub(limits.maxOut, use.out);
        into = limits.maxIn == 0 ? type(uint256).max : Math.saturatingSub(limits.maxIn, use.into);
    }

    /// @dev Counts money against a program's daily limits. Money is counted only while there are any.
    function _countUse(address program, uint256 out, uint256 into) internal {
        DailyUse memory use = dailyUseOf(program);
        // Saturates: a direction without a limit must not be stopped by its own sum.
        use.out = uint96(Math.min(use.out + out, type(uint96).max));
        use.into = uint96(Math.min(use.into + into, type(uint96).max));
        _uses[program] = use;
    }

    /// @dev What is left of the points that a member may convert today.
    function _remainingForMember(address program, address member) internal view returns (uint256) {
        uint256 limit = _limits[program].maxPerMember;

        return limit == 0 ? type(uint256).max : Math.saturatingSub(limit, memberUseOf(program, member).amount);
    }

    /// @dev Counts points against what a member may convert in a day, of a program that limits that.
    function _countMember(address program, address member, uint256 amount) internal {
        uint256 remaining = _remainingForMember(program, member);
        if (remaining == type(uint256).max) return;
        if (amount > remaining) revert DailyLimitMemberReached(program, member, amount, remaining);

        MemberUse memory use = memberUseOf(program, member);
        use.amount += uint64(amount);
        _memberUses[program][member] = use;
    }

    /// @dev Takes settlement tokens from an account that approved that.
    /// @return received What arrived.
    function _pull(address payer, uint256 amount) internal returns (uint256 received) {
        IERC20 token = IERC20(settlementToken);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(payer, address(this), amount);

        return token.balanceOf(address(this)) - before;
    }

    /* PRIVATE */

    function _fund(address program, uint256 amount) private {
        _checkListed(program);
        if (amount == 0) revert ZeroAmount();

        // The account is read after the token has run, so that nothing it does meanwhile is lost.
        uint256 received = _pull(msg.sender, amount);
        uint256 word = _programs[program].word;
        if (received > ProgramWords.ACCOUNT_MAX - word.account()) revert AmountTooLarge(received);
        _programs[program].word = word.credited(received);

        emit Funded(program, msg.sender, received);
    }
}
