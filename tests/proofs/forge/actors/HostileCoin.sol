// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OddToken} from "../../../../contracts/mocks/OddToken.sol";
import {PointToken} from "../../../../contracts/PointToken.sol";
import {IPointExchange} from "../../../../interfaces/IPointExchange.sol";
import {cheats} from "../support/Cheats.sol";
import {Wallet} from "../support/Wallet.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title HostileCoin
/// @notice The money turns on its users: it keeps a part, says no, and calls a member's wallet in the middle of a
/// transfer, which then tries every function that moves money or points.
contract HostileCoin is Actor {
    constructor(World world) Actor(world) {}

    /// @dev Property: P24. What arrives is what counts, and a purchase that arrives short does not stand.
    function keepAPart(uint256 program, uint256 member, uint256 amount) external seen {
        address token = address(_world.tokenAt(program));
        address payer = _world.memberAt(member);
        amount = 100 + amount % 1e6;
        _money.takeFee(10);

        uint256 account = _exchange.programOf(token).account;
        cheats.prank(payer);
        _exchange.fund(token, amount);
        uint256 arrived = amount - amount / 10;
        _never(_exchange.programOf(token).account != account + arrived, "an account holds more than arrived");
        _never(!_isRefused(payer, address(_exchange), _topUp(token, payer, amount)), "points were sold for less");

        _money.takeFee(0);
    }

    /// @dev Property: P24. A coin that answers no has not moved: nothing else may have happened either.
    function sayNo(uint256 program, uint256 member, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        address holder = _world.memberAt(member);
        amount = _some(amount, token.balanceOf(holder));
        uint256 balance = token.balanceOf(holder);
        _money.give(OddToken.Answer.False);

        bytes memory cashOut = abi.encodeCall(
            _exchange.convert, (address(token), address(_money), amount, 0, holder, block.timestamp)
        );
        _never(!_isRefused(holder, address(_exchange), cashOut), "a cash-out stood without its money");
        _never(!_isRefused(holder, address(_exchange), _topUp(address(token), holder, 1e6)), "points came for no money");
        _never(token.balanceOf(holder) != balance, "a refused cash-out took points");

        _money.give(OddToken.Answer.True);
    }

    /// @dev Some coins answer nothing at all. That is no refusal.
    function sayNothing(uint256 program, uint256 amount) external seen {
        address token = address(_world.tokenAt(program));
        amount = 1 + amount % 1e6;
        _money.give(OddToken.Answer.Nothing);
        cheats.prank(_world.memberAt(0));
        _exchange.fund(token, amount);
        _money.give(OddToken.Answer.True);
    }

    /// @dev Property: P25. In the middle of a payment the wallet, a member like any other, tries one more thing. What goes through is
    /// in the events, and so in the ledger; money functions must not go through.
    function reenter(uint256 program, uint256 partner, uint256 what, uint256 amount) external seen {
        (address token, address other) = (address(_world.tokenAt(program)), address(_world.partnerAt(program, partner)));
        Wallet wallet = Wallet(_world.memberAt(_world.MEMBERS() - 1));
        amount = 1 + amount % 1e6;
        bool isGuarded = what % 5 != 0;
        wallet.prepare(address(_exchange), _attempt(what % 5, token, other, address(wallet), amount));
        (address[] memory callees, bytes[] memory messages) = (new address[](1), new bytes[](1));
        (callees[0], messages[0]) = (address(wallet), abi.encodeCall(wallet.strike, ()));
        _money.callDuringTransfer(callees, messages);

        address payer = _world.memberAt(0);
        if (what % 2 == 0) {
            cheats.prank(payer);
            _exchange.fund(token, amount);
        } else {
            (uint256 promised,) = _exchange.quote(address(_money), token, 1e9, payer, payer);
            cheats.prank(payer);
            _exchange.convert(address(_money), token, 1e9, promised, payer, block.timestamp);
        }
        _never(isGuarded && wallet.succeeded(), "a function that moves money was re-entered");
    }

    function _attempt(uint256 what, address token, address other, address wallet, uint256 amount)
        private
        view
        returns (bytes memory)
    {
        if (what == 0) return abi.encodeCall(_exchange.convert, (token, other, amount, 0, wallet, block.timestamp));
        if (what == 1) return abi.encodeCall(_exchange.fund, (token, amount));
        if (what == 2) return _topUp(token, wallet, amount);
        if (what == 3) return abi.encodeCall(_exchange.withdrawFees, ());
        return abi.encodeCall(_exchange.convert, (token, address(_money), amount, 0, wallet, block.timestamp));
    }

    function _topUp(address token, address recipient, uint256 amount) private view returns (bytes memory) {
        return abi.encodeCall(_exchange.convert, (address(_money), token, amount, 0, recipient, block.timestamp));
    }
}
