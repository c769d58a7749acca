// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IPointExchange} from "../interfaces/IPointExchange.sol";
import {IPointToken} from "../interfaces/IPointToken.sol";
import {Accounts} from "./exchange/Accounts.sol";
import {Programs} from "./exchange/Programs.sol";
import {Quotes} from "./exchange/Quotes.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title PointExchange
/// @notice Converts points between programs and settles between their issuers. See {IPointExchange} for what it does,
/// and `exchange/` for how.
///
/// @custom:kill An issuer leaves with `PointToken.switchExchange(false)`, the operator suspends a program in the
/// registry. Nothing stops issuers withdrawing their money.
contract PointExchange is Quotes {
    using SafeERC20 for IERC20;

    /* CONSTRUCTOR */

    /// @param settlementToken_ The money, an ERC-20 token with 2 to 18 decimals that delivers what it is told to.
    /// @param registry_ The registry that lists and suspends programs.
    /// @param fee_ The network fee, in millionths of the value that is converted; at most `MAX_FEE`.
    /// @param feeRecipient_ Who receives the fees; the zero address if there are none.
    constructor(address settlementToken_, address registry_, uint256 fee_, address feeRecipient_)
        Programs(settlementToken_, registry_)
        Accounts(fee_, feeRecipient_)
    {}

    /* MEMBER FUNCTIONS */

    /// @inheritdoc IPointExchange
    function convert(address from, address to, uint256 amount, uint256 minOut, address recipient, uint256 deadline)
        external
        nonReentrant
        returns (uint256 out)
    {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);

        Conversion memory c;
        (c.from, c.to) = (from, to);
        c.source = _isMoney(from) ? _par() : _load(from);
        c.target = _isMoney(to) ? _par() : _load(to);

        Refusal refusal = _refusalOfPair(c);
        if (refusal == Refusal.None) refusal = _assess(c, amount);
        if (refusal != Refusal.None) _refuse(c, amount, refusal);

        out = c.out;
        if (out < minOut) revert OutputTooLow(out, minOut);

        _settle(c);

        emit Converted(
            msg.sender, from, to, recipient, amount, out, c.value, c.fee, c.source.version, c.target.version
        );

        _deliver(c, recipient);
    }

    /* ADMIN FUNCTIONS */

    /// @inheritdoc IPointExchange
    function switchCash(address program, CashSwitches calldata newSwitches)
        external
        onlyProgramRole(program, Roles.DEFAULT_ADMIN)
    {
        CashSwitches memory oldSwitches = _cash[program];

        _cash[program] = newSwitches;

        emit CashSwitched(program, oldSwitches, newSwitches);
    }

    /* PRIVATE */

    /// @dev Moves the money between the two accounts.
    function _settle(Conversion memory c) private {
        if (!_isMoney(c.from)) {
            c.source.account -= uint96(c.value);
            _programs[c.from] = c.source;
            _countUse(c.from, c.source, c.value, 0);
        }
        if (!_isMoney(c.to)) {
            uint256 net = c.value - c.fee;
            c.target.account += uint96(net);
            _programs[c.to] = c.target;
            _countUse(c.to, c.target, 0, net);
        }
        if (c.fee != 0) fees += c.fee;
    }

    /// @dev Takes what is given up and hands out what is bought.
    function _deliver(Conversion memory c, address recipient) private {
        if (_isMoney(c.from)) {
            uint256 received = _pull(c.amount);
            if (received != c.amount) revert PaymentIncomplete(c.amount, received);
        } else {
            if (recipient != msg.sender && !IPointToken(c.from).transferable()) revert TransfersDisabled(c.from);
            IPointToken(c.from).convertOut(msg.sender, c.amount);
        }

        if (_isMoney(c.to)) IERC20(settlementToken).safeTransfer(recipient, c.out);
        else IPointToken(c.to).convertIn(recipient, c.out);
    }
}
