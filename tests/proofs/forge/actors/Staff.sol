// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointToken} from "../../../../contracts/PointToken.sol";
import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title Staff
/// @notice Pauses, freezes, shuts out and recovers, and opens again at once, so that the others are not stopped.
contract Staff is Actor {
    constructor(World world) Actor(world) {}

    /// @dev Property: P7, P8.
    function pauseForAMoment(uint256 program, uint256 from, uint256 to, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        (address sender, address receiver) = (_world.memberAt(from), _world.memberAt(to));
        amount = _some(amount, token.balanceOf(sender));
        cheats.prank(_world.guardian());
        token.pause();

        bytes memory redeeming = abi.encodeCall(token.redeem, (amount, ""));
        _never(!_isRefused(sender, address(token), redeeming), "points were redeemed in a pause");
        cheats.prank(sender);
        token.transfer(receiver, amount);
        cheats.prank(_world.guardian());
        token.revokeBudget(address(0xdead));

        cheats.prank(_world.issuer());
        token.unpause();
    }

    /// @dev Property: P13.
    function freezeForAMoment(uint256 program, uint256 member, uint256 to) external seen {
        PointToken token = _world.tokenAt(program);
        (address suspect, address other) = (_world.memberAt(member), _world.memberAt(to));
        uint256 balance = token.balanceOf(suspect);
        cheats.prank(_world.freezer());
        token.freeze(suspect, "");

        bytes memory sending = abi.encodeCall(token.transfer, (other, balance));
        bytes memory redeeming = abi.encodeCall(token.redeem, (balance, ""));
        _never(!_isRefused(suspect, address(token), sending), "frozen points were sent");
        _never(!_isRefused(suspect, address(token), redeeming), "frozen points were redeemed");
        _never(token.balanceOf(suspect) != balance, "a freeze changed a balance");

        cheats.prank(_world.freezer());
        token.unfreeze(suspect, "");
    }

    function recover(uint256 program, uint256 oldMember, uint256 newMember) external seen {
        PointToken token = _world.tokenAt(program);
        (address lost, address found) = (_world.memberAt(oldMember), _world.memberAt(newMember));
        cheats.assume(lost != found);
        uint256 both = token.balanceOf(lost) + token.balanceOf(found);
        cheats.prank(_world.freezer());
        token.freeze(lost, "");
        cheats.prank(_world.recoverer());
        token.recover(lost, found, "");
        cheats.prank(_world.freezer());
        token.unfreeze(lost, "");

        _never(token.balanceOf(lost) != 0 || token.balanceOf(found) != both, "a recovery lost or made points");
    }

    function shutOutForAMoment(uint256 program, uint256 partner, uint256 member, uint256 amount) external seen {
        (PointToken token, PointToken other) = (_world.tokenAt(program), _world.partnerAt(program, partner));
        address holder = _world.memberAt(member);
        amount = _some(amount, token.balanceOf(holder));
        cheats.prank(_world.guardian());
        token.switchExchange(false);

        bytes memory converting = abi.encodeCall(
            _exchange.convert, (address(token), address(other), amount, 0, holder, block.timestamp)
        );
        _never(!_isRefused(holder, address(_exchange), converting), "points were converted without the exchange");

        cheats.prank(_world.issuer());
        token.switchExchange(true);
    }
}
