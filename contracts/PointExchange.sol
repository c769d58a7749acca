// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IPointExchange} from "../interfaces/IPointExchange.sol";
import {IPointToken} from "../interfaces/IPointToken.sol";
import {Accounts} from "./exchange/Accounts.sol";
import {Carrying} from "./exchange/Carrying.sol";
import {Programs} from "./exchange/Programs.sol";
import {Quotes} from "./exchange/Quotes.sol";
import {ProgramWords} from "./libraries/ProgramWords.sol";
import {Roles} from "./libraries/Roles.sol";

/// @title PointExchange
/// @notice Converts points between programs and settles between their issuers. See {IPointExchange} for what it does,
/// and `exchange/` for how.
///
/// @custom:kill An issuer leaves with `PointToken.switchExchange(false)`, the operator suspends a program in the
/// registry. Nothing stops issuers withdrawing their money.
contract PointExchange is Quotes, Carrying {
    using SafeERC20 for IERC20;
    using ProgramWords for uint256;

    /* CONSTANTS */

    bytes32 private constant CONVERT = keccak256(
        "ConvertWithAuthorization(address exchange,address member,address from,address to,uint256 amount,uint256 minOut,address recipient,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

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
        returns (uint256 out)
    {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);

        out = _convert(msg.sender, from, to, amount, recipient);
        if (out < minOut) revert OutputTooLow(out, minOut);
    }

    /// @inheritdoc IPointExchange
    function convertWithAuthorization(ConversionOrder calldata order, bytes calldata signature)
        external
        returns (uint256 out)
    {
        address token = order.from == settlementToken ? order.to : order.from;
        _checkListed(token);

        bytes32 message = keccak256(abi.encode(CONVERT, address(this), order));
        IPointToken(token)
            .useAuthorization(order.member, message, order.validAfter, order.validBefore, order.nonce, signature);
        out = _convert(order.member, order.from, order.to, order.amount, order.recipient);
        if (out < order.minOut) revert OutputTooLow(out, order.minOut);
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

    /// @inheritdoc IPointExchange
    function setCarryExpiry(address program, bool carries) external onlyProgramRole(program, Roles.DEFAULT_ADMIN) {
        _setFlag(program, ProgramWords.CARRIES_EXPIRY, carries);

        emit CarryExpirySet(program, carries);
    }

    /* PRIVATE */

    /// @dev The caller checks that `member` is the caller or signed for it, and the least output.
    function _convert(address member, address from, address to, uint256 amount, address recipient)
        private
        returns (uint256 out)
    {
        (Slot storage sourceSlot, Slot storage targetSlot) = (_programs[from], _programs[to]);
        (uint256 source, uint256 target) = (_load(from, sourceSlot), _load(to, targetSlot));
        // Between two programs only the code of listed tokens runs, which is known; money needs the lock.
        if ((source | target) & ProgramWords.MONEY != 0) {
            return _convertMoney(member, from, to, amount, recipient, source, target);
        }

        uint256 value;
        uint256 net;
        (value, net, out) = _settle(member, from, to, amount, recipient, source, target);
        sourceSlot.word = source.debited(value);
        targetSlot.word = target.credited(net);

        if (recipient != member) _checkTransferable(from);
        uint256 lots = IPointToken(from).burnFor(member, amount);
        lots = target & ProgramWords.CARRIES_EXPIRY == 0 ? out : _carry(from, to, lots, out);
        IPointToken(to).mintFor(recipient, lots);
    }

    /// @dev A cash-out or a top-up.
    function _convertMoney(
        address member,
        address from,
        address to,
        uint256 amount,
        address recipient,
        uint256 source,
        uint256 target
    ) private nonReentrant returns (uint256 out) {
        if (recipient == address(0)) revert ZeroAddress();

        uint256 value;
        uint256 net;
        (value, net, out) = _settle(member, from, to, amount, recipient, source, target);
        if (target & ProgramWords.MONEY != 0) {
            _programs[from].word = source.debited(value);
            if (recipient != member) _checkTransferable(from);
            IPointToken(from).burnFor(member, amount);
            IERC20(settlementToken).safeTransfer(recipient, out);
        } else {
            _programs[to].word = target.credited(net);
            uint256 received = _pull(member, amount);
            if (received != amount) revert PaymentIncomplete(amount, received);
            IPointToken(to).mintFor(recipient, out);
        }
    }

    /// @dev Prices a conversion, counts it, and announces it; the caller moves the money between the accounts.
    /// @param source The program `from`, with the prices in force.
    /// @param target The program `to`, with the prices in force.
    function _settle(
        address member,
        address from,
        address to,
        uint256 amount,
        address recipient,
        uint256 source,
        uint256 target
    ) private returns (uint256 value, uint256 net, uint256 out) {
        Refusal refusal;
        (refusal, value, net, out) = _assess(from, to, amount, source, target);
        if (refusal != Refusal.None) _refuse(refusal, from, to, amount, value, net);

        if ((source | target) & ProgramWords.LIMITED != 0) {
            _countUses(from, to, source, target, value, net);
            if (source & ProgramWords.LIMITED != 0) _countMember(from, member, amount);
        }
        if (value != net) {
            fees += value - net;
            emit FeeTaken(from, to, value - net);
        }

        emit Converted(member, from, to, recipient, amount, out, value, source.version(), target.version());
    }

    /// @dev Counts a conversion against the daily limits of its programs.
    function _countUses(address from, address to, uint256 source, uint256 target, uint256 value, uint256 net) private {
        if (source & ProgramWords.LIMITED != 0) _countUse(from, value, 0);
        if (target & ProgramWords.LIMITED != 0) _countUse(to, 0, net);
    }

    /// @dev Converting for someone else hands over value, as a transfer does.
    function _checkTransferable(address program) private view {
        if (!IPointToken(program).transferable()) revert TransfersDisabled(program);
    }
}
