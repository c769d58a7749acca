// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Pricing} from "../libraries/Pricing.sol";
import {Accounts} from "./Accounts.sol";

/// @title Quotes
/// @notice What a conversion gives, or why it is refused. The same assessment serves quotes and conversions.
abstract contract Quotes is Accounts {
    /* CONSTANTS */

    /// @dev The bid and the ask of the settlement token in itself.
    uint64 private constant PAR = 1e12;

    /* TYPES */

    /// @dev A conversion as it is assessed. `source` and `target` are the programs with the prices in force; for the
    /// settlement token they stand at par.
    struct Conversion {
        address from;
        address to;
        uint256 amount;
        Program source;
        Program target;
        uint256 value;
        uint256 fee;
        uint256 out;
    }

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
        Conversion memory c = _view(from, to);
        refusal = _refusalOfPair(c);
        if (refusal == Refusal.None) refusal = _assess(c, amount);
        if (refusal == Refusal.None) refusal = _refusalOfTokens(c, member, recipient);

        return refusal == Refusal.None ? (c.out, refusal) : (0, refusal);
    }

    /// @inheritdoc IPointExchange
    function quoteExactOut(address from, address to, uint256 out, address member, address recipient)
        external
        view
        returns (uint256 amount, Refusal refusal)
    {
        Conversion memory c = _view(from, to);
        refusal = _refusalOfPair(c);
        if (refusal == Refusal.None) (amount, refusal) = _amountFor(c, out);
        if (refusal == Refusal.None) refusal = _assess(c, amount);
        if (refusal == Refusal.None) refusal = _refusalOfTokens(c, member, recipient);

        return refusal == Refusal.None ? (amount, refusal) : (0, refusal);
    }

    /// @inheritdoc IPointExchange
    function cashSwitchesOf(address program) external view returns (CashSwitches memory) {
        return _cash[program];
    }

    /* INTERNAL: ASSESSMENT */

    /// @dev Refusals that do not depend on the amount. Puts the ask that holds for this pair into `target`.
    function _refusalOfPair(Conversion memory c) internal view returns (Refusal) {
        if (c.from == c.to) return Refusal.SameProgram;
        if (c.source.flags == 0 || c.target.flags == 0) return Refusal.ProgramNotListed;
        if ((c.source.flags | c.target.flags) & SUSPENDED != 0) return Refusal.ProgramSuspended;
        if (c.source.bid == 0 || c.target.ask == 0) return Refusal.PriceNotSet;
        if (_isMoney(c.from) && !_cash[c.to].topUp) return Refusal.TopUpClosed;
        if (_isMoney(c.to) && !_cash[c.from].cashOut) return Refusal.CashOutClosed;

        return Refusal.None;
    }

    /// @dev Computes a conversion of `amount`. Writes `value`, `fee` and `out`.
    function _assess(Conversion memory c, uint256 amount) internal view returns (Refusal) {
        (uint256 ask, bool closed) = _askFor(c.from, c.to, c.target);
        if (closed) return Refusal.PairClosed;
        if (amount > _mostOf(c.from)) return Refusal.AmountTooLarge;

        uint256 value = Pricing.valueDown(amount, c.source.bid, _decimalsOf(c.from, c.source), _unit);
        uint256 taken = _feeOf(value);
        if (value > type(uint96).max - c.target.account) return Refusal.AmountTooLarge;
        uint256 out = Pricing.pointsDown(value - taken, ask, _decimalsOf(c.to, c.target), _unit);

        c.amount = amount;
        c.value = value;
        c.fee = taken;
        c.out = out;

        if (out == 0) return Refusal.ZeroOutput;
        if (out > _mostOf(c.to)) return Refusal.AmountTooLarge;
        if (value > c.source.account && !_isMoney(c.from)) return Refusal.AccountTooSmall;
        if (value > _remainingOut(c.from, c.source)) return Refusal.DailyLimitOut;
        if (value - taken > _remainingIn(c.to, c.target)) return Refusal.DailyLimitIn;

        return Refusal.None;
    }

    /// @dev Reverts with the error that belongs to a refusal.
    function _refuse(Conversion memory c, uint256 amount, Refusal refusal) internal view {
        if (refusal == Refusal.SameProgram) revert SameProgram(c.from);
        if (refusal == Refusal.ProgramNotListed) revert ProgramNotListed(c.source.flags == 0 ? c.from : c.to);
        if (refusal == Refusal.ProgramSuspended) {
            revert ProgramSuspended(c.source.flags & SUSPENDED != 0 ? c.from : c.to);
        }
        if (refusal == Refusal.PriceNotSet) revert PriceNotSet(c.source.bid == 0 ? c.from : c.to);
        if (refusal == Refusal.TopUpClosed) revert TopUpClosed(c.to);
        if (refusal == Refusal.CashOutClosed) revert CashOutClosed(c.from);
        if (refusal == Refusal.PairClosed) revert PairClosed(c.from, c.to);
        if (refusal == Refusal.ZeroOutput) revert ZeroOutput(amount);
        if (refusal == Refusal.AccountTooSmall) revert AccountTooSmall(c.from, c.source.account, c.value);
        if (refusal == Refusal.DailyLimitOut) {
            revert DailyLimitOutReached(c.from, c.value, _remainingOut(c.from, c.source));
        }
        if (refusal == Refusal.DailyLimitIn) {
            revert DailyLimitInReached(c.to, c.value - c.fee, _remainingIn(c.to, c.target));
        }
        revert AmountTooLarge(amount);
    }

    /// @dev The settlement token as a program at par, whose account is the member's own purse.
    function _par() internal pure returns (Program memory) {
        return Program(PAR, PAR, 0, 0, 1);
    }

    function _isMoney(address token) internal view returns (bool) {
        return token == settlementToken;
    }

    /* PRIVATE */

    function _view(address from, address to) private view returns (Conversion memory c) {
        c.from = from;
        c.to = to;
        c.source = _isMoney(from) ? _par() : programOf(from);
        c.target = _isMoney(to) ? _par() : programOf(to);
    }

    /// @dev The least amount that gives at least `out`: every step of {_assess} backwards, rounded up.
    function _amountFor(Conversion memory c, uint256 out) private view returns (uint256, Refusal) {
        (uint256 ask, bool closed) = _askFor(c.from, c.to, c.target);
        if (closed) return (0, Refusal.PairClosed);
        if (out == 0) return (0, Refusal.ZeroOutput);
        if (out > _mostOf(c.to)) return (0, Refusal.AmountTooLarge);

        uint256 net = Pricing.valueUp(out, ask, _decimalsOf(c.to, c.target), _unit);
        uint256 value = Math.ceilDiv(net * 1_000_000, 1_000_000 - fee);
        if (value > type(uint96).max) return (0, Refusal.AmountTooLarge);

        return (Pricing.pointsUp(value, c.source.bid, _decimalsOf(c.from, c.source), _unit), Refusal.None);
    }

    /// @dev Refusals that the tokens would make.
    function _refusalOfTokens(Conversion memory c, address member, address recipient) private view returns (Refusal) {
        if (recipient == address(0)) recipient = member;

        if (!_isMoney(c.from)) {
            IPointToken token = IPointToken(c.from);
            if (token.isPaused()) return Refusal.ProgramPaused;
            if (!token.isExchangeOn()) return Refusal.ExchangeOff;
            if (recipient != member && !token.transferable()) return Refusal.TransfersDisabled;
            if (token.isFrozen(member)) return Refusal.MemberFrozen;
        }
        if (!_isMoney(c.to)) {
            IPointToken token = IPointToken(c.to);
            if (token.isPaused()) return Refusal.ProgramPaused;
            if (!token.isExchangeOn()) return Refusal.ExchangeOff;
            if (token.isFrozen(recipient)) return Refusal.RecipientFrozen;
            if (c.out > Generations.LANE_MAX - (token.supplyWord() & Generations.LANE_MAX)) {
                return Refusal.AmountTooLarge;
            }
        }
        if (member != address(0) && IERC20(c.from).balanceOf(member) < c.amount) return Refusal.BalanceTooSmall;

        return Refusal.None;
    }

    /// @dev The most that a token's side of a conversion may be: what a lane of points holds, or an account of money.
    function _mostOf(address token) private view returns (uint256) {
        return _isMoney(token) ? type(uint96).max : Generations.LANE_MAX;
    }

    function _decimalsOf(address token, Program memory program) private view returns (uint256) {
        return _isMoney(token) ? _settlementDecimals : (program.flags & DECIMALS_MASK) - 1;
    }
}
