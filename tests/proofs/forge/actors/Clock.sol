// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title Clock
/// @notice Time passes: seconds, days, and at times so many months that points expire.
contract Clock is Actor {
    constructor(World world) Actor(world) {}

    function pass(uint256 seed) external {
        cheats.warp(block.timestamp + 1 + seed % 2 days);
    }

    function passMonths(uint256 seed) external {
        cheats.warp(block.timestamp + (seed % 4) * 31 days);
    }

    /// @dev The last second of a UTC day, and the first of the next.
    function passMidnight(uint256 seed) external {
        uint256 midnight = (block.timestamp / 1 days + 1) * 1 days;
        cheats.warp(seed % 2 == 0 ? midnight - 1 : midnight);
    }
}
