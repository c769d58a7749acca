// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Pricing} from "../libraries/Pricing.sol";
import {ProgramWords} from "../libraries/ProgramWords.sol";
import {Accounts} from "./Accounts.sol";

/// @title Quotes
/// @notice What a conversion gives, or why it is refused. One assessment serves quotes and conversions.
abstract contract Quotes is Accounts {
    using ProgramWords for uint256;

    /* STORAGE */

    /// @dev token => whether it is sold and bought back for money
    mapping(address => CashSwitches) internal _cash;

    /* VIEWS */

    /// @inheritdoc IPointExchange
    function quote(address from, address to, uint256 amount, address member, address recipient)
        external
        view
        returns (uint256 out, Refusal refusal)
    {
        (refusal,,, out) = _assess(from, to, amount, _wordNow(from), _wordNow(to));
        if (refusal == Refusal.None) refusal = _refusalOfTokens(from, to, amount, out, member, recipient);
        if (refusal != Refusal.None) out = 0;
    }

    /// @inheritdoc IPointExchange
    function quoteExactOut(address from, address to, uint256 out, address member, address recipient)
        external
        view
        returns (uint256 amount, Refusal refusal)
    {
        (amount, refusal) = _amountFor(from, to, out);
        if (refusal == Refusal.None) {
            uint256 given;
            (refusal,,, given) = _assess(from, to, amount, _wordNow(from), _wordNow(to));
            if (refusal == Refusal.None) refusal = _refusalOfTokens(from, to, amount, given, member, recipient);
        }
        if (refusal != Refusal.None) amount = 0;
    }

    /// @inheritdoc IPointExchange
    function cashSwitchesOf(address program) external view returns (CashSwitches memory) {
        return _cash[program];
    }

    /* INTERNAL: ASSESSMENT */

    /// @dev Computes a conversion.
    /// @param source The program `from`, with the prices in force.
    /// @param target The program `to`, with the prices in force.
    /// @return refusal Why the conversion is refused, or `None`.
    /// @return value What leaves the account of `from`.
    /// @return net What reaches the account of `to`: the value without the network fee.
    /// @return out What the member receives.
    function _assess(address from, address to, uint256 amount, uint256 source, uint256 target)
        internal
        view
        returns (Refusal refusal, uint256 value, uint256 net, uint256 out)
    {
        uint256 ask;
        (refusal, ask) = _askOfPair(from, to, source, target);
        if (ask == 0) return (refusal, 0, 0, 0);

        // Larger amounts than an account or a lane holds do not exist, and would overflow. Money is worth itself.
        bool isTopUp = source & ProgramWords.MONEY != 0;
        if (amount > (isTopUp ? ProgramWords.ACCOUNT_MAX : Generations.LANE_MAX)) {
            return (Refusal.AmountTooLarge, 0, 0, 0);
        }
        value = isTopUp ? amount : Pricing.valueDown(amount, source.bid(), source.decimals(), _unit);
        net = fee == 0 ? value : value - _feeOf(value);
        if (net + target.account() > ProgramWords.ACCOUNT_MAX) return (Refusal.AmountTooLarge, value, net, 0);

        out = net;
        if (target & ProgramWords.MONEY == 0) {
            out = Pricing.pointsDown(net, ask, target.decimals(), _unit);
            if (out > Generations.LANE_MAX) return (Refusal.AmountTooLarge, value, net, 0);
        }

        if (out == 0) refusal = Refusal.ZeroOutput;
        else if (value > source.account() && !isTopUp) refusal = Refusal.AccountTooSmall;
        else if ((source | target) & ProgramWords.LIMITED != 0) refusal = _refusalOfLimits(from, to, value, net);
    }

    /// @dev Reverts with the error that belongs to a refusal.
    function _refuse(Refusal refusal, address from, address to, uint256 amount, uint256 value, uint256 net)
        internal
        view
    {
        // As stored: prices that have just come into force are not written yet, but a program that has some has had some
        // before, and its account and its flags are the same.
        uint256 source = _programs[from].word;

        if (refusal == Refusal.SameProgram) revert SameProgram(from);
        if (refusal == Refusal.ProgramNotListed) revert ProgramNotListed(source == 0 ? from : to);
        if (refusal == Refusal.ProgramSuspended) {
            revert ProgramSuspended(source & ProgramWords.SUSPENDED != 0 ? from : to);
        }
        if (refusal == Refusal.PriceNotSet) revert PriceNotSet(source.bid() == 0 ? from : to);
        if (refusal == Refusal.TopUpClosed) revert TopUpClosed(to);
        if (refusal == Refusal.CashOutClosed) revert CashOutClosed(from);
        if (refusal == Refusal.PairClosed) revert PairClosed(from, to);
        if (refusal == Refusal.ZeroOutput) revert ZeroOutput(amount);
        if (refusal == Refusal.AccountTooSmall) revert AccountTooSmall(from, source.account(), value);
        if (refusal == Refusal.DailyLimitOut) {
            (uint256 remaining,) = _remainingToday(from);
            revert DailyLimitOutReached(from, value, remaining);
        }
        if (refusal == Refusal.DailyLimitIn) {
            (, uint256 remaining) = _remainingToday(to);
            revert DailyLimitInReached(to, net, remaining);
        }
        revert AmountTooLarge(amount);
    }

    /* PRIVATE */

    /// @dev Refusals that do not depend on the amount, or the ask that holds for this pair: one of them is 0.
    function _askOfPair(address from, address to, uint256 source, uint256 target)
        private
        view
        returns (Refusal refusal, uint256 ask)
    {
        if (from == to) return (Refusal.SameProgram, 0);
        if (source.bid() == 0 || target.ask() == 0) {
            return (source == 0 || target == 0 ? Refusal.ProgramNotListed : Refusal.PriceNotSet, 0);
        }
        if ((source | target) & (ProgramWords.SUSPENDED | ProgramWords.MONEY) != 0) {
            if ((source | target) & ProgramWords.SUSPENDED != 0) return (Refusal.ProgramSuspended, 0);
            if (source & ProgramWords.MONEY != 0 && !_cash[to].topUp) return (Refusal.TopUpClosed, 0);
            if (target & ProgramWords.MONEY != 0 && !_cash[from].cashOut) return (Refusal.CashOutClosed, 0);
        }

        ask = target & ProgramWords.TERMS == 0 ? target.ask() : _askFor(from, to, target);
        if (ask == 0) refusal = Refusal.PairClosed;
    }

    function _refusalOfLimits(address from, address to, uint256 value, uint256 net) private view returns (Refusal) {
        (uint256 out,) = _remainingToday(from);
        if (value > out) return Refusal.DailyLimitOut;

        (, uint256 into) = _remainingToday(to);
        if (net > into) return Refusal.DailyLimitIn;

        return Refusal.None;
    }

    /// @dev The least amount that gives at least `out`: every step of {_assess} backwards, rounded up.
    function _amountFor(address from, address to, uint256 out) private view returns (uint256 amount, Refusal refusal) {
        (uint256 source, uint256 target) = (_wordNow(from), _wordNow(to));
        uint256 ask;
        (refusal, ask) = _askOfPair(from, to, source, target);
        if (refusal != Refusal.None) return (0, refusal);
        if (out == 0) return (0, Refusal.ZeroOutput);
        if (out > ProgramWords.ACCOUNT_MAX) return (0, Refusal.AmountTooLarge);

        uint256 net = out;
        if (target & ProgramWords.MONEY == 0) net = Pricing.valueUp(out, ask, target.decimals(), _unit);
        if (net > ProgramWords.ACCOUNT_MAX) return (0, Refusal.AmountTooLarge);

        amount = Math.ceilDiv(net * 1_000_000, 1_000_000 - fee);
        if (source & ProgramWords.MONEY == 0) {
            amount = Pricing.pointsUp(amount, source.bid(), source.decimals(), _unit);
        }
    }

    /// @dev Refusals that the tokens would make.
    function _refusalOfTokens(
        address from,
        address to,
        uint256 amount,
        uint256 out,
        address member,
        address recipient
    ) private view returns (Refusal) {
        if (recipient == address(0)) recipient = member;

        if (from != settlementToken) {
            IPointToken token = IPointToken(from);
            if (token.isPaused()) return Refusal.ProgramPaused;
            if (!token.isExchangeOn()) return Refusal.ExchangeOff;
            if (member != address(0) && recipient != member && !token.transferable()) return Refusal.TransfersDisabled;
            if (token.isFrozen(member)) return Refusal.MemberFrozen;
            if (amount > _remainingForMember(from, member)) return Refusal.DailyLimitMember;
        }
        if (to != settlementToken) {
            IPointToken token = IPointToken(to);
            if (token.isPaused()) return Refusal.ProgramPaused;
            if (!token.isExchangeOn()) return Refusal.ExchangeOff;
            if (token.isFrozen(recipient)) return Refusal.RecipientFrozen;
            if (out > token.room()) return Refusal.AmountTooLarge;
        }
        if (member != address(0) && IERC20(from).balanceOf(member) < amount) return Refusal.BalanceTooSmall;

        return Refusal.None;
    }
}
