// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {Roles} from "../libraries/Roles.sol";
import {Programs} from "./Programs.sol";

/// @title Prices
/// @notice What issuers charge and pay: two prices each, how far and fast they may move, and terms for single partners.
///
/// @dev Scheduled prices come into force by themselves: whoever reads a program after their second sees them, and the
/// next transaction that touches the program writes them.
abstract contract Prices is Programs {
    /* CONSTANTS */

    /// @notice The largest `maxStep` and `maxDailyMove`, in millionths: 100 %.
    uint32 public constant MAX_MOVE = 1_000_000;
    /// @notice The longest notice, in seconds.
    uint32 public constant MAX_NOTICE = 90 days;

    uint256 private constant MILLION = 1_000_000;

    /* TYPES */

    /// @dev The prices that held when a day's first change was made.
    struct DayPrices {
        uint64 bid;
        uint64 ask;
        uint32 day;
    }

    /// @dev `oldNotice` holds until `noticeFrom`.
    struct Guards {
        uint32 maxStep;
        uint32 maxDailyMove;
        uint32 notice;
        uint32 oldNotice;
        uint40 noticeFrom;
    }

    /* STORAGE */

    /// @dev token => prices that are announced
    mapping(address => ScheduledPrices) private _scheduled;
    /// @dev token => how far and fast its prices may move
    mapping(address => Guards) private _guards;
    /// @dev token => where its prices stood at the start of a day
    mapping(address => DayPrices) private _dayPrices;
    /// @dev token that issues => token that retires => terms
    mapping(address => mapping(address => Terms)) private _terms;

    /* PRICER FUNCTIONS */

    /// @inheritdoc IPointExchange
    function setPrices(address program, uint64 newBid, uint64 newAsk) external onlyProgramRole(program, Roles.PRICER) {
        if (newBid == 0 || newBid > newAsk) revert InvalidPrices(newBid, newAsk);

        Program memory current = _load(program);
        uint32 notice = current.bid == 0 ? 0 : _noticeNow(_guards[program]);
        uint40 effectiveAt = uint40(block.timestamp) + notice;
        if (current.bid != 0) _checkMove(program, current, newBid, newAsk, effectiveAt);

        if (notice == 0) {
            _replacePrices(program, current, newBid, newAsk);
        } else {
            _scheduled[program] = ScheduledPrices(newBid, newAsk, effectiveAt);
            current.flags |= SCHEDULED;
            emit PricesScheduled(program, newBid, newAsk, effectiveAt);
        }
        _programs[program] = current;
    }

    /// @inheritdoc IPointExchange
    function cancelScheduledPrices(address program) external {
        _checkListed(program);
        if (!_hasRole(program, Roles.PRICER) && !_hasRole(program, Roles.GUARDIAN)) {
            revert MissingRole(msg.sender, program, Roles.PRICER);
        }

        Program memory current = _load(program);
        if (current.flags & SCHEDULED == 0) revert NoScheduledPrices(program);
        ScheduledPrices memory scheduled = _scheduled[program];

        delete _scheduled[program];
        _programs[program].flags = current.flags & ~SCHEDULED;

        emit ScheduledPricesCancelled(program, scheduled.bid, scheduled.ask);
    }

    /// @inheritdoc IPointExchange
    function setTerms(address program, address partner, Terms calldata newTerms)
        external
        onlyProgramRole(program, Roles.PRICER)
    {
        _checkListed(partner);
        if (partner == program) revert SameProgram(program);

        Program memory current = _load(program);
        Terms memory oldTerms = _terms[program][partner];
        uint32 notice = _noticeNow(_guards[program]);
        if (notice != 0 && oldTerms.validUntil > block.timestamp) {
            revert TermsInForce(program, partner, oldTerms.validUntil);
        }
        if (newTerms.validUntil != 0) _checkTerms(program, current, newTerms, notice);

        _terms[program][partner] = newTerms;
        current.version += 1;
        current.flags |= TERMS;
        _programs[program] = current;

        emit TermsSet(program, partner, oldTerms, newTerms, current.version);
    }

    /* ADMIN FUNCTIONS */

    /// @inheritdoc IPointExchange
    function setPriceGuards(address program, PriceGuards calldata newGuards)
        external
        onlyProgramRole(program, Roles.DEFAULT_ADMIN)
    {
        if (newGuards.maxStep > MAX_MOVE || newGuards.maxDailyMove > MAX_MOVE || newGuards.notice > MAX_NOTICE) {
            revert GuardsOutOfBounds(newGuards);
        }

        PriceGuards memory oldGuards = priceGuardsOf(program);
        uint40 noticeFrom = uint40(block.timestamp);
        if (newGuards.notice < oldGuards.notice) noticeFrom += oldGuards.notice;

        _guards[program] =
            Guards(newGuards.maxStep, newGuards.maxDailyMove, newGuards.notice, oldGuards.notice, noticeFrom);

        emit PriceGuardsSet(program, oldGuards, newGuards, noticeFrom);
    }

    /* VIEWS */

    /// @inheritdoc IPointExchange
    function programOf(address program) public view returns (Program memory current) {
        current = _programs[program];
        if (_isDue(program, current)) _apply(current, _scheduled[program]);
    }

    /// @inheritdoc IPointExchange
    function scheduledPricesOf(address program) public view returns (ScheduledPrices memory scheduled) {
        scheduled = _scheduled[program];
        if (scheduled.effectiveAt <= block.timestamp) delete scheduled;
    }

    /// @inheritdoc IPointExchange
    function priceGuardsOf(address program) public view returns (PriceGuards memory) {
        Guards storage guards = _guards[program];

        return PriceGuards(guards.maxStep, guards.maxDailyMove, _noticeNow(guards));
    }

    /// @inheritdoc IPointExchange
    function termsOf(address program, address partner) external view returns (Terms memory) {
        return _terms[program][partner];
    }

    /* INTERNAL */

    /// @dev A program with the prices that are in force, for a function that writes it afterwards.
    function _load(address program) internal returns (Program memory current) {
        current = _programs[program];
        if (_isDue(program, current)) {
            ScheduledPrices memory scheduled = _scheduled[program];
            _replacePrices(program, current, scheduled.bid, scheduled.ask);
        }
    }

    /// @dev What `to` charges for points of `from`, and whether it takes them at all.
    function _askFor(address from, address to, Program memory target) internal view returns (uint64 ask, bool closed) {
        ask = target.ask;
        if (target.flags & TERMS == 0) return (ask, false);

        Terms storage terms = _terms[to][from];
        if (block.timestamp < terms.validFrom || block.timestamp >= terms.validUntil) return (ask, false);

        closed = terms.closed;
        // A bid that was raised since counts as the special ask, so that no loop opens.
        if (terms.ask != 0) ask = terms.ask < target.bid ? target.bid : terms.ask;
    }

    /* PRIVATE */

    function _isDue(address program, Program memory current) private view returns (bool) {
        return current.flags & SCHEDULED != 0 && block.timestamp >= _scheduled[program].effectiveAt;
    }

    function _apply(Program memory current, ScheduledPrices memory prices) private pure {
        current.bid = prices.bid;
        current.ask = prices.ask;
        current.version += 1;
        current.flags &= ~SCHEDULED;
    }

    /// @dev Puts prices in force, and drops scheduled ones; the caller writes the program.
    function _replacePrices(address program, Program memory current, uint64 newBid, uint64 newAsk) private {
        (uint64 oldBid, uint64 oldAsk) = (current.bid, current.ask);
        if (current.flags & SCHEDULED != 0) delete _scheduled[program];

        _apply(current, ScheduledPrices(newBid, newAsk, 0));

        emit PricesSet(program, oldBid, oldAsk, newBid, newAsk, current.version);
    }

    /// @dev Checks a price change against the program's guards, and remembers where the day began.
    function _checkMove(address program, Program memory current, uint64 newBid, uint64 newAsk, uint40 effectiveAt)
        private
    {
        Guards storage guards = _guards[program];
        uint32 maxStep = guards.maxStep;
        uint32 maxDailyMove = guards.maxDailyMove;

        if (_isBeyond(current.bid, newBid, maxStep)) revert PriceStepTooLarge(current.bid, newBid, maxStep);
        if (_isBeyond(current.ask, newAsk, maxStep)) revert PriceStepTooLarge(current.ask, newAsk, maxStep);
        if (maxDailyMove == 0) return;

        // A day's first prices are those in force before the first change that takes effect on that day.
        uint32 day = uint32(effectiveAt / 1 days);
        DayPrices memory first = _dayPrices[program];
        if (first.day != day) {
            first = DayPrices(current.bid, current.ask, day);
            _dayPrices[program] = first;
        }

        if (_isBeyond(first.bid, newBid, maxDailyMove)) revert DailyMoveTooLarge(first.bid, newBid, maxDailyMove);
        if (_isBeyond(first.ask, newAsk, maxDailyMove)) revert DailyMoveTooLarge(first.ask, newAsk, maxDailyMove);
    }

    /// @dev Whether a price moves by more than so many millionths. Compared by products, so exact for any price.
    function _isBeyond(uint256 oldPrice, uint256 newPrice, uint256 maxMove) private pure returns (bool) {
        if (maxMove == 0) return false;

        uint256 move = newPrice > oldPrice ? newPrice - oldPrice : oldPrice - newPrice;
        return move * MILLION > oldPrice * maxMove;
    }

    function _checkTerms(address program, Program memory current, Terms calldata terms, uint32 notice) private view {
        uint40 earliest = notice == 0 ? 0 : uint40(block.timestamp) + notice;
        if (terms.validFrom < earliest || terms.validUntil <= terms.validFrom) {
            revert InvalidTermsDates(terms.validFrom, terms.validUntil, earliest);
        }

        if (terms.ask == 0) return;
        uint64 scheduledBid = scheduledPricesOf(program).bid;
        uint64 bid = scheduledBid > current.bid ? scheduledBid : current.bid;
        if (terms.ask < bid) revert SpecialAskTooLow(terms.ask, bid);
    }

    function _noticeNow(Guards storage guards) private view returns (uint32) {
        return block.timestamp < guards.noticeFrom ? guards.oldNotice : guards.notice;
    }
}
