// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {ProgramWords} from "../libraries/ProgramWords.sol";
import {Roles} from "../libraries/Roles.sol";
import {Programs} from "./Programs.sol";

/// @title Prices
/// @notice What issuers charge and pay: two prices each, how far and fast they may move, and terms for single partners.
///
/// @dev Scheduled prices come into force by themselves: whoever reads a program after their second sees them, and the
/// next transaction that touches the program writes them.
abstract contract Prices is Programs {
    using ProgramWords for uint256;

    /* CONSTANTS */

    /// @notice The largest `maxStep` and `maxDailyMove`, in millionths: 100 %.
    uint32 public constant MAX_MOVE = 1_000_000;
    /// @notice The longest notice, in seconds.
    uint32 public constant MAX_NOTICE = 90 days;

    uint256 private constant MILLION = 1_000_000;

    /* TYPES */

    /// @dev The prices that held on a day before its first change came into force.
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
    /// @dev token => where its prices stood at the start of the last day on which they changed
    mapping(address => DayPrices) private _dayPrices;
    /// @dev token that issues => token that retires => terms
    mapping(address => mapping(address => Terms)) private _terms;

    /* PRICER FUNCTIONS */

    /// @inheritdoc IPointExchange
    function setPrices(address program, uint64 newBid, uint64 newAsk) external onlyProgramRole(program, Roles.PRICER) {
        if (newBid == 0 || newBid > newAsk) revert InvalidPrices(newBid, newAsk);

        Slot storage slot = _programs[program];
        uint256 word = _load(program, slot);
        bool isFirst = word.bid() == 0;
        uint32 notice = isFirst ? 0 : _noticeNow(_guards[program]);
        uint40 effectiveAt = uint40(block.timestamp) + notice;
        if (!isFirst) _checkMove(program, word, newBid, newAsk, effectiveAt);

        if (notice == 0) {
            slot.word = _replacePrices(program, word, newBid, newAsk, effectiveAt);
        } else {
            slot.word = word | ProgramWords.SCHEDULED;
            _scheduled[program] = ScheduledPrices(newBid, newAsk, effectiveAt);

            emit PricesScheduled(program, newBid, newAsk, effectiveAt);
        }
    }

    /// @inheritdoc IPointExchange
    function cancelScheduledPrices(address program) external {
        _checkListed(program);
        if (!_hasRole(program, Roles.PRICER) && !_hasRole(program, Roles.GUARDIAN)) {
            revert MissingRole(msg.sender, program, Roles.PRICER);
        }

        ScheduledPrices memory scheduled = scheduledPricesOf(program);
        if (scheduled.effectiveAt == 0) revert NoScheduledPrices(program);

        delete _scheduled[program];
        _setFlag(program, ProgramWords.SCHEDULED, false);

        emit ScheduledPricesCancelled(program, scheduled.bid, scheduled.ask);
    }

    /// @inheritdoc IPointExchange
    function setTerms(address program, address partner, Terms calldata newTerms)
        external
        onlyProgramRole(program, Roles.PRICER)
    {
        _checkListed(partner);
        if (partner == program) revert SameProgram(program);

        Slot storage slot = _programs[program];
        uint256 word = _load(program, slot);
        Terms memory oldTerms = _terms[program][partner];
        uint32 notice = _noticeNow(_guards[program]);
        if (notice != 0 && oldTerms.validUntil > block.timestamp) {
            revert TermsInForce(program, partner, oldTerms.validUntil);
        }
        if (newTerms.validUntil != 0) _checkTerms(program, word.bid(), newTerms, notice);

        word = word.revised() | ProgramWords.TERMS;
        slot.word = word;
        _terms[program][partner] = newTerms;

        emit TermsSet(program, partner, oldTerms, newTerms, word.version());
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
    function programOf(address program) external view returns (Program memory) {
        return _wordNow(program).unpacked();
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
    function _load(address program, Slot storage slot) internal returns (uint256 word) {
        word = slot.word;
        if (word & ProgramWords.SCHEDULED == 0) return word;

        ScheduledPrices memory scheduled = _scheduled[program];
        if (block.timestamp < scheduled.effectiveAt) return word;
        return _replacePrices(program, word, scheduled.bid, scheduled.ask, scheduled.effectiveAt);
    }

    /// @dev A program with the prices that are in force, for a function that writes nothing.
    function _wordNow(address program) internal view returns (uint256 word) {
        word = _programs[program].word;
        if (word & ProgramWords.SCHEDULED == 0) return word;

        ScheduledPrices memory scheduled = _scheduled[program];
        if (block.timestamp < scheduled.effectiveAt) return word;
        return word.repriced(scheduled.bid, scheduled.ask) & ~ProgramWords.SCHEDULED;
    }

    /// @dev What `to`, which has set terms for some partner, charges for points of `from`.
    /// @param target The program `to`.
    /// @return ask The price; 0 if `to` does not take these points.
    function _askFor(address from, address to, uint256 target) internal view returns (uint256 ask) {
        ask = target.ask();
        Terms memory terms = _terms[to][from];
        if (block.timestamp < terms.validFrom || block.timestamp >= terms.validUntil) return ask;
        if (terms.closed) return 0;

        // A bid that was raised since counts as the special ask, so that no loop opens.
        if (terms.ask != 0) ask = Math.max(terms.ask, target.bid());
    }

    /* PRIVATE */

    /// @dev Puts prices in force, and drops scheduled ones; the caller writes the word.
    function _replacePrices(address program, uint256 oldWord, uint64 newBid, uint64 newAsk, uint40 effectiveAt)
        private
        returns (uint256 word)
    {
        uint32 day = uint32(effectiveAt / 1 days);
        if (_dayPrices[program].day != day && oldWord.bid() != 0) {
            _dayPrices[program] = DayPrices(uint64(oldWord.bid()), uint64(oldWord.ask()), day);
        }

        word = oldWord.repriced(newBid, newAsk) & ~ProgramWords.SCHEDULED;
        if (oldWord & ProgramWords.SCHEDULED != 0) delete _scheduled[program];

        emit PricesSet(program, uint64(oldWord.bid()), uint64(oldWord.ask()), newBid, newAsk, word.version());
    }

    /// @dev Checks a price change against the program's guards. It will be the next one: whatever is scheduled gives
    /// way to it. So its day begins with the prices in force, unless that day has seen a change already.
    function _checkMove(address program, uint256 word, uint64 newBid, uint64 newAsk, uint40 effectiveAt) private view {
        (uint32 maxStep, uint32 maxDailyMove) = (_guards[program].maxStep, _guards[program].maxDailyMove);
        (uint64 oldBid, uint64 oldAsk) = (uint64(word.bid()), uint64(word.ask()));

        if (_isBeyond(oldBid, newBid, maxStep)) revert PriceStepTooLarge(oldBid, newBid, maxStep);
        if (_isBeyond(oldAsk, newAsk, maxStep)) revert PriceStepTooLarge(oldAsk, newAsk, maxStep);

        DayPrices memory first = _dayPrices[program];
        if (first.day == effectiveAt / 1 days) (oldBid, oldAsk) = (first.bid, first.ask);

        if (_isBeyond(oldBid, newBid, maxDailyMove)) revert DailyMoveTooLarge(oldBid, newBid, maxDailyMove);
        if (_isBeyond(oldAsk, newAsk, maxDailyMove)) revert DailyMoveTooLarge(oldAsk, newAsk, maxDailyMove);
    }

    /// @dev Whether a price moves by more than so many millionths. Compared by products, so exact for any price.
    function _isBeyond(uint256 oldPrice, uint256 newPrice, uint256 maxMove) private pure returns (bool) {
        if (maxMove == 0) return false;

        uint256 move = newPrice > oldPrice ? newPrice - oldPrice : oldPrice - newPrice;
        return move * MILLION > oldPrice * maxMove;
    }

    function _checkTerms(address program, uint256 bid, Terms calldata terms, uint32 notice) private view {
        uint40 earliest = notice == 0 ? 0 : uint40(block.timestamp) + notice;
        if (terms.validFrom < earliest || terms.validUntil <= terms.validFrom) {
            revert InvalidTermsDates(terms.validFrom, terms.validUntil, earliest);
        }

        if (terms.ask == 0) return;
        uint256 highestBid = Math.max(bid, scheduledPricesOf(program).bid);
        if (terms.ask < highestBid) revert SpecialAskTooLow(terms.ask, uint64(highestBid));
    }

    function _noticeNow(Guards storage guards) private view returns (uint32) {
        return block.timestamp < guards.noticeFrom ? guards.oldNotice : guards.notice;
    }
}
