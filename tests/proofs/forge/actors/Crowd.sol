// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointToken} from "../../../../contracts/PointToken.sol";
import {IPointToken} from "../../../../interfaces/IPointToken.sol";
import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title Crowd
/// @notice Members who send, redeem and convert their points, and the staff who refund and correct.
contract Crowd is Actor {
    constructor(World world) Actor(world) {}

    function send(uint256 program, uint256 from, uint256 to, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        address sender = _world.memberAt(from);
        amount = _some(amount, token.balanceOf(sender));
        address receiver = _world.memberAt(to);
        cheats.prank(sender);
        token.transfer(receiver, amount);
    }

    function sendFrom(uint256 program, uint256 from, uint256 spender, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        (address sender, address friend) = (_world.memberAt(from), _world.memberAt(spender));
        address merchant = _world.merchant();
        amount = _some(amount, token.balanceOf(sender));
        cheats.prank(sender);
        token.approve(friend, amount);
        cheats.prank(friend);
        token.transferFrom(sender, merchant, amount);
        _never(token.allowance(sender, friend) != 0, "an allowance was not used up");
    }

    function redeem(uint256 program, uint256 member, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        address buyer = _world.memberAt(member);
        amount = _some(amount, token.balanceOf(buyer));
        cheats.prank(buyer);
        token.redeem(amount, "");
    }

    function redeemAndRefund(uint256 program, uint256 member, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        address buyer = _world.memberAt(member);
        amount = _some(amount, token.balanceOf(buyer));
        cheats.assume(amount <= _correctorsBudget(token));
        uint256 before = token.accountWord(buyer);
        uint256 supply = token.totalSupply();

        cheats.prank(buyer);
        token.redeem(amount, "");
        // What was there and is not any more: lanes of the same epoch, if the account was touched in it.
        cheats.assume(uint16(before >> 192) == token.currentEpoch());
        uint256 lots = ((before - token.accountWord(buyer)) & ((1 << 192) - 1)) | (token.currentEpoch() << 192);
        cheats.prank(_world.corrector());
        token.refund(buyer, lots, "");

        _never(token.accountWord(buyer) != before, "a refund did not restore the account");
        _never(token.totalSupply() != supply, "a refund did not restore the supply");
    }

    function correct(uint256 program, uint256 member, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        address wrong = _world.memberAt(member);
        uint256 most = token.balanceOf(wrong) < _correctorsBudget(token) ? token.balanceOf(wrong) : _correctorsBudget(token);
        amount = _some(amount, most);
        cheats.prank(_world.corrector());
        token.correct(wrong, amount, "", "");
    }

    function sweep(uint256 program) external seen {
        address[] memory all = new address[](_world.MEMBERS());
        for (uint256 i; i < all.length; ++i) {
            all[i] = _world.memberAt(i);
        }
        _world.tokenAt(program).sweep(all);
    }

    /// @dev Property: P23.
    function convert(uint256 from, uint256 to, uint256 member, uint256 amount) external seen {
        (PointToken source, PointToken target) = (_world.tokenAt(from), _world.partnerAt(from, to));
        address holder = _world.memberAt(member);
        amount = _some(amount, source.balanceOf(holder));
        (uint256 promised,) = _exchange.quote(address(source), address(target), amount, holder, holder);
        uint256 received = _balanceOf(target, holder);

        cheats.prank(holder);
        uint256 out = _exchange.convert(address(source), address(target), amount, promised, holder, block.timestamp);

        _never(out != promised, "a conversion gave something else than its quote");
        _never(_balanceOf(target, holder) != received + out, "a conversion paid something else than it said");
    }

    function _balanceOf(PointToken token, address holder) private view returns (uint256) {
        return token.balanceOf(holder);
    }

    function _correctorsBudget(PointToken token) private view returns (uint256) {
        IPointToken.Budget memory budget = token.budgetOf(_world.corrector());

        return budget.limit - budget.used;
    }
}
