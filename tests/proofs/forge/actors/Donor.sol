// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointToken} from "../../../../contracts/PointToken.sol";
import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title Donor
/// @notice Gives money and points to the contracts themselves, so as to move what is computed from balances.
contract Donor is Actor {
    /// @notice What was given to the exchange, beside its books.
    uint256 public given;

    constructor(World world) Actor(world) {}

    /// @dev Property: P22.
    function giveMoney(uint256 amount, uint256 from, uint256 to) external seen {
        (address source, address target) = (address(_world.tokenAt(from)), address(_world.partnerAt(from, to)));
        amount = 1 + amount % 1e15;
        bytes32 before = _quotes(source, target);
        _money.mint(address(_exchange), amount);
        given += amount;
        _never(_quotes(source, target) != before, "a gift of money moved a quote");
    }

    /// @dev Property: P22.
    function givePoints(uint256 program, uint256 member, uint256 amount, bool toToken) external seen {
        PointToken token = _world.tokenAt(program);
        address giver = _world.memberAt(member);
        amount = _some(amount, token.balanceOf(giver) / 10);
        bytes32 before = _quotes(address(token), address(_money));
        cheats.prank(giver);
        token.transfer(toToken ? address(token) : address(_exchange), amount);
        _never(_quotes(address(token), address(_money)) != before, "a gift of points moved a quote");
    }

    function _quotes(address source, address target) private view returns (bytes32) {
        return keccak256(abi.encode(_quote(source, target), _quote(target, source)));
    }

    function _quote(address source, address target) private view returns (bytes memory answer) {
        (, answer) = address(_exchange).staticcall(
            abi.encodeCall(_exchange.quote, (source, target, 1e6, address(0), address(0)))
        );
    }
}
