// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointToken} from "../../../../contracts/PointToken.sol";
import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title Colluders
/// @notice A member and a merchant who look for a way round: loops of conversions, split ones, and points that are sent
/// to and fro to grow younger.
contract Colluders is Actor {
    constructor(World world) Actor(world) {}

    /// @dev Property: P16. Through up to four programs and money, and back: with the same prices nobody comes home with more.
    function loop(uint256 seed, uint256 member, uint256 amount) external seen {
        address holder = _world.memberAt(member);
        address start = _at(seed);
        uint256 hold = _some(amount, _holding(start, holder));
        uint256 begun = hold;
        address here = start;
        for (uint256 step; step < 2 + seed % 3; ++step) {
            address next = _at(uint256(keccak256(abi.encode(seed, step))));
            if (next == here) continue;
            hold = _convert(holder, here, next, hold);
            here = next;
        }
        if (here != start) hold = _convert(holder, here, start, hold);
        _never(hold > begun, "a loop of conversions gained");
    }

    /// @dev Property: P17.
    function split(uint256 seed, uint256 member, uint256 amount, uint256 part) external seen {
        address holder = _world.memberAt(member);
        (address source, address target) = (_at(seed), _at(seed / 4));
        amount = _some(amount, _holding(source, holder));
        part = 1 + part % amount;
        cheats.assume(part < amount);
        (uint256 whole,) = _exchange.quote(source, target, amount, holder, holder);
        uint256 parts = _convert(holder, source, target, part) + _convert(holder, source, target, amount - part);
        _never(whole != 0 && parts > whole, "a split conversion gained");
    }

    /// @dev Property: P11. Sends points to a stranger and back. The words of both, generations included, are as before.
    function rejuvenate(uint256 program, uint256 member) external seen {
        PointToken token = _world.tokenAt(program);
        (address holder, address stranger) = (_world.memberAt(member), address(0xbeef));
        uint256 all = token.balanceOf(holder);
        cheats.assume(all != 0);
        uint256 soonest = token.expiries(holder)[0].amount;
        cheats.prank(holder);
        token.transfer(stranger, all);
        _never(token.expiries(stranger)[0].amount != soonest, "points grew younger on the way");
        cheats.prank(stranger);
        token.transfer(holder, all);
        _never(token.expiries(holder)[0].amount != soonest, "points grew younger on the way back");
    }

    function _convert(address holder, address source, address target, uint256 amount) private returns (uint256 out) {
        cheats.prank(holder);
        out = _exchange.convert(source, target, amount, 0, holder, block.timestamp);
    }

    function _at(uint256 seed) private view returns (address) {
        uint256 number = seed % (_world.PROGRAMS() + 1);

        return number == _world.PROGRAMS() ? address(_money) : address(_world.tokenAt(number));
    }

    function _holding(address token, address holder) private view returns (uint256) {
        return PointToken(token).balanceOf(holder);
    }
}
