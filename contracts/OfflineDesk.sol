// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIssuerRegistry} from "../interfaces/IIssuerRegistry.sol";
import {IOfflineDesk} from "../interfaces/IOfflineDesk.sol";
import {IPointToken} from "../interfaces/IPointToken.sol";
import {Counter} from "./desk/Counter.sol";
import {Guarantees} from "./desk/Guarantees.sol";
import {Purses} from "./desk/Purses.sol";
import {Vouchers} from "./desk/Vouchers.sol";
import {Generations} from "./libraries/Generations.sol";

/// @title OfflineDesk
/// @notice Payments by points at tills that have no network. See {IOfflineDesk} for what it does, and `desk/` for how.
///
/// @custom:kill An issuer ends shared purses with a capacity of what is open, a merchant's share with a limit of 0.
/// Nothing stops settling vouchers and returning purses.
contract OfflineDesk is Purses, Vouchers {
    using Generations for uint256;

    /* TYPES */

    /// @dev What all vouchers of a settlement share.
    struct Till {
        address token;
        address merchant;
        address receiver;
        uint256 epoch;
        uint256 lifetime;
    }

    /* IMMUTABLES */

    /// @inheritdoc IOfflineDesk
    address public immutable exchange;

    Counter private immutable _counter;

    /* STORAGE */

    /// @inheritdoc IOfflineDesk
    mapping(address => address) public payoutOf;

    /* CONSTRUCTOR */

    /// @param registry_ The registry that knows programs, merchants and tills.
    /// @param exchange_ The exchange that proceeds are converted in.
    /// @param passkeys_ The verifier of passkeys' signatures.
    /// @param window The offline window, in seconds: an hour to thirty days.
    constructor(address registry_, address exchange_, address passkeys_, uint256 window)
        Guarantees(registry_, window)
        Vouchers(passkeys_)
    {
        exchange = exchange_;
        _counter = new Counter();
    }

    /* MERCHANT FUNCTIONS */

    /// @inheritdoc IOfflineDesk
    function settle(
        Settlement calldata settlement,
        Voucher[] calldata vouchers,
        bytes[] calldata signatures,
        address operator,
        bytes calldata operatorSignature
    ) external returns (uint256 paid, uint256 out) {
        if (vouchers.length != signatures.length) revert SignaturesMissing(vouchers.length, signatures.length);
        bytes32[] memory messages = _messagesOf(settlement, vouchers);
        _checkProgram(settlement.token);
        _checkOperator(settlement, vouchers, operator);
        if (operator != msg.sender) _checkSettlement(settlement, messages, operator, operatorSignature);

        paid = _payAll(settlement, vouchers, signatures, messages);
        out = _convert(settlement, operator, paid);
    }

    /// @inheritdoc IOfflineDesk
    function setPayout(address to) external {
        payoutOf[msg.sender] = to;

        emit PayoutSet(msg.sender, to);
    }

    /* PRIVATE */

    function _messagesOf(Settlement calldata settlement, Voucher[] calldata vouchers)
        private
        pure
        returns (bytes32[] memory messages)
    {
        messages = new bytes32[](vouchers.length);
        for (uint256 i; i < vouchers.length; ++i) {
            messages[i] = _messageOf(settlement, vouchers[i]);
        }
    }

    /// @dev Only the merchant's own people settle, and a till only what it asked for: whoever else could would use up
    /// its serials.
    function _checkOperator(Settlement calldata settlement, Voucher[] calldata vouchers, address operator)
        private
        view
    {
        address merchant = settlement.merchant;
        if (merchant == address(0)) revert ZeroAddress();
        if (operator == merchant) return;

        if (IIssuerRegistry(registry).merchantOf(operator) != merchant) revert NotTill(operator, merchant);
        if (settlement.to != address(0) && settlement.to != payoutOf[merchant]) {
            revert PayoutNotChosen(merchant, settlement.to);
        }
        for (uint256 i; i < vouchers.length; ++i) {
            if (vouchers[i].till != operator) revert OtherTill(operator, vouchers[i].till);
        }
    }

    /// @dev Settles vouchers one by one and pays all purses' parts at once.
    function _payAll(
        Settlement calldata settlement,
        Voucher[] calldata vouchers,
        bytes[] calldata signatures,
        bytes32[] memory messages
    ) private returns (uint256 paid) {
        Till memory till = Till(
            settlement.token,
            settlement.merchant,
            settlement.to == address(0) ? settlement.merchant : address(_counter),
            IPointToken(settlement.token).currentEpoch(),
            IPointToken(settlement.token).lifetime()
        );
        uint256 lots;
        for (uint256 i; i < vouchers.length; ++i) {
            Refusal refusal = _use(till.merchant, vouchers[i], messages[i], signatures[i]);
            if (refusal == Refusal.None) {
                (uint256 taken, uint256 guaranteed) = _pay(till, vouchers[i]);
                lots += taken;
                paid += guaranteed;
            } else {
                emit VoucherRefused(
                    till.token, vouchers[i].member, till.merchant, vouchers[i].till, vouchers[i].serial, refusal
                );
            }
        }

        if (lots != 0) IPointToken(till.token).payHeld(till.receiver, lots);
        paid += lots.total();
    }

    /// @dev Converts what was paid, where that is wanted, and ends the settlement.
    function _convert(Settlement calldata settlement, address operator, uint256 paid) private returns (uint256 out) {
        (address token, address to) = (settlement.token, settlement.to);
        if (to != address(0) && paid != 0) {
            // The proceeds do not pass through the merchant's account, where its token would see to that.
            address merchant = settlement.merchant;
            if (IPointToken(token).isFrozen(merchant)) revert IPointToken.MemberFrozen(merchant);
            out = _counter.convert(exchange, token, to, paid, settlement.minOut, merchant);
        }

        emit SettlementMade(token, settlement.merchant, operator, paid, to, out);
    }

    /// @dev Takes a voucher's amount out of its purse, and what is missing out of the guarantee.
    /// @return lots What the purse gave, by generation.
    /// @return guaranteed What the guarantee gave, already with the receiver.
    function _pay(Till memory till, Voucher calldata voucher) private returns (uint256 lots, uint256 guaranteed) {
        (address member, address merchant) = (voucher.member, voucher.shared ? address(0) : till.merchant);
        Purse storage purse = _purses[till.token][member][merchant];
        uint256 word = purse.word;
        // A purse that was never opened stays so.
        if (word != 0) word = _agedAt(till.token, member, merchant, word, till.epoch, till.lifetime);
        uint256 missing;
        (lots, missing) = word.oldest(voucher.amount);

        if (word != 0) purse.word = word - lots;

        emit VoucherSettled(
            till.token, member, till.merchant, voucher.till, voucher.serial, voucher.amount, voucher.shared
        );

        if (missing != 0) {
            // Who never opened a shared purse has no guarantee.
            if (voucher.shared && word & GUARANTEED != 0) {
                guaranteed = _draw(till.token, member, till.merchant, missing);
            }
            emit Overspent(till.token, member, till.merchant, voucher.serial, guaranteed, missing - guaranteed);
            IPointToken(till.token).guarantee(member, till.receiver, guaranteed);
        }
    }
}
