// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointExchange} from "../../../../contracts/PointExchange.sol";
import {PointToken} from "../../../../contracts/PointToken.sol";
import {OddToken} from "../../../../contracts/mocks/OddToken.sol";
import {cheats} from "../support/Cheats.sol";
import {Ledger} from "../support/Ledger.sol";
import {World} from "../support/World.sol";

/// @title Actor
/// @notice Someone in the world. Forge calls its functions in random order with random numbers; what cannot be done
/// reverts, and counts as a try that failed.
///
/// @dev What must never be is entered in the ledger and not asserted: a revert would take the evidence along.
abstract contract Actor {
    World internal immutable _world;
    Ledger internal immutable _ledger;
    OddToken internal immutable _money;
    PointExchange internal immutable _exchange;

    constructor(World world) {
        _world = world;
        _ledger = world.ledger();
        _money = world.money();
        _exchange = world.exchange();
    }

    /// @dev Has the ledger enter what happens.
    modifier seen() {
        cheats.recordLogs();
        _;
        _ledger.enter(cheats.getRecordedLogs());
    }

    function _never(bool happened, string memory what) internal {
        if (happened) _ledger.accuse(what);
    }

    /// @dev A number from 1 to a largest one; small ones and the largest are common. Skips if there is none.
    function _some(uint256 seed, uint256 most) internal pure returns (uint256) {
        cheats.assume(most != 0);
        if (seed % 8 == 0) return most;
        seed /= 8;
        if (seed % 4 == 0) most = most < 100 ? most : 100;

        return 1 + (seed / 4) % most;
    }

    function _isRefused(address sender, address target, bytes memory message) internal returns (bool) {
        (bool done,) = _try(sender, target, message);

        return !done;
    }

    /// @dev A call that may be refused. Forge records the events of refused calls too: they did not happen.
    function _try(address sender, address target, bytes memory message)
        internal
        returns (bool done, bytes memory answer)
    {
        _ledger.enter(cheats.getRecordedLogs());
        cheats.prank(sender);
        (done, answer) = target.call(message);
        if (!done) cheats.getRecordedLogs();
    }
}
