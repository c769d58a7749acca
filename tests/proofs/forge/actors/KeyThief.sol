// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointToken} from "../../../../contracts/PointToken.sol";
import {IPointToken} from "../../../../interfaces/IPointToken.sol";
import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title KeyThief
/// @notice Has stolen an awarding key and makes as many points with it as he can.
contract KeyThief is Actor {
    /// @dev token => day => points made
    mapping(PointToken => mapping(uint256 => uint256)) private _made;
    uint256 private _batches;

    constructor(World world) Actor(world) {
        for (uint256 i; i < world.PROGRAMS(); ++i) {
            // What the world awarded when it began.
            _made[world.tokenAt(i)][block.timestamp / 1 days] = world.MEMBERS() * (world.BUDGET() / 10);
        }
    }

    /// @dev Property: P4.
    function award(uint256 program, uint256 member, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        _make(token, _world.memberAt(member), _some(amount, _left(token)));
    }

    /// @dev Property: P6.
    function awardBatch(uint256 program, uint256 seed) external seen {
        PointToken token = _world.tokenAt(program);
        uint256 total = _some(seed, _left(token));
        uint256[] memory words = new uint256[](2);
        words[0] = (uint256(uint160(_world.memberAt(seed))) << 96) | (total / 3);
        words[1] = (uint256(uint160(_world.memberAt(seed / 7))) << 96) | (total - total / 3);
        cheats.prank(_world.awarder());
        token.awardBatch(bytes32(++_batches), words);
        _count(token, total);

        bytes memory again = abi.encodeCall(IPointToken.awardBatch, (bytes32(_batches), words));
        _never(!_isRefused(_world.awarder(), address(token), again), "a batch was awarded twice");
    }

    /// @dev Property: P5. The most that two seconds can yield: the rest of a day's budget, and the next day's.
    function awardAroundMidnight(uint256 program, uint256 member) external seen {
        PointToken token = _world.tokenAt(program);
        address accomplice = _world.memberAt(member);
        uint256 midnight = (block.timestamp / 1 days + 1) * 1 days;

        cheats.warp(midnight - 1);
        _make(token, accomplice, _left(token));
        // With this second an epoch may end, and the books ask for it when they enter.
        _ledger.enter(cheats.getRecordedLogs());
        cheats.warp(midnight);
        _never(_left(token) != _world.BUDGET(), "a new day did not begin with the whole budget");
        _make(token, accomplice, _world.BUDGET());

        bytes memory more = abi.encodeCall(IPointToken.award, (accomplice, 1, ""));
        _never(!_isRefused(_world.awarder(), address(token), more), "an award exceeded its budget");
    }

    function _make(PointToken token, address member, uint256 amount) private {
        cheats.prank(_world.awarder());
        token.award(member, amount, "");
        _count(token, amount);
    }

    function _count(PointToken token, uint256 amount) private {
        _made[token][block.timestamp / 1 days] += amount;
        _never(_made[token][block.timestamp / 1 days] > _world.BUDGET(), "a day saw more than its budget");
    }

    function _left(PointToken token) private view returns (uint256) {
        IPointToken.Budget memory budget = token.budgetOf(_world.awarder());

        return budget.limit - budget.used;
    }
}
