// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointToken} from "../../../../contracts/PointToken.sol";
import {IPointExchange} from "../../../../interfaces/IPointExchange.sol";
import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title HostileIssuer
/// @notice Moves prices, terms, limits and money as it suits, within the roles of its own programs.
contract HostileIssuer is Actor {
    constructor(World world) Actor(world) {}

    function setPrices(uint256 program, uint64 bid, uint64 spread) external seen {
        // From a hundredth of a cent to a euro.
        uint64 newBid = 1e8 + bid % 1e12;
        address own = address(_world.tokenAt(program));
        cheats.prank(_world.pricer());
        _exchange.setPrices(own, newBid, newBid + spread % newBid);
    }

    /// @dev A price of almost nothing, or the highest there is.
    function setExtremePrices(uint256 program, bool low) external seen {
        uint64 price = low ? 1 : type(uint64).max;
        address own = address(_world.tokenAt(program));
        cheats.prank(_world.pricer());
        _exchange.setPrices(own, price, price);
        cheats.prank(_world.pricer());
        _exchange.setPrices(own, 1e10, 1e10);
    }

    /// @dev Property: P16.
    function setBidAboveAsk(uint256 program, uint64 ask) external seen {
        ask = 1 + ask % 1e13;
        bytes memory prices =
            abi.encodeCall(IPointExchange.setPrices, (address(_world.tokenAt(program)), ask + 1, ask));
        _never(!_isRefused(_world.pricer(), address(_exchange), prices), "a bid was set above its ask");
    }

    /// @dev Property: P16. A discount for one partner, down to the bid and not below.
    function setTerms(uint256 program, uint256 partner, uint64 ask, uint32 duration) external seen {
        address own = address(_world.tokenAt(program));
        address other = address(_world.partnerAt(program, partner));
        uint64 bid = _exchange.programOf(own).bid;
        uint40 until = uint40(block.timestamp) + 1 + duration % 30 days;
        cheats.prank(_world.pricer());
        _exchange.setTerms(own, other, IPointExchange.Terms(bid + ask % bid, 0, until, false));

        bytes memory below =
            abi.encodeCall(IPointExchange.setTerms, (own, other, IPointExchange.Terms(bid - 1, 0, until, false)));
        _never(bid > 1 && !_isRefused(_world.pricer(), address(_exchange), below), "a special ask fell below the bid");
    }

    function setLimits(uint256 program, uint96 out, uint96 into, bool none) external seen {
        IPointExchange.DailyLimits memory limits =
            none ? IPointExchange.DailyLimits(0, 0, 0) : IPointExchange.DailyLimits(1e10 + out % 1e12, 1e10 + into % 1e12, 0);
        address own = address(_world.tokenAt(program));
        cheats.prank(_world.issuer());
        _exchange.setDailyLimits(own, limits);
    }

    function setNotice(uint256 program, uint32 notice) external seen {
        address own = address(_world.tokenAt(program));
        cheats.prank(_world.issuer());
        _exchange.setPriceGuards(own, IPointExchange.PriceGuards(0, 0, notice % 3 == 0 ? notice % 3 days : 0));
    }

    /// @dev Property: P26. Leaves its members with what is left in the account.
    function withdraw(uint256 program, uint256 amount) external seen {
        address own = address(_world.tokenAt(program));
        uint256 account = _exchange.programOf(own).account;
        amount = _some(amount, account);
        bytes memory more = abi.encodeCall(IPointExchange.withdraw, (own, _world.issuer(), account + 1));
        _never(!_isRefused(_world.treasurer(), address(_exchange), more), "more was withdrawn than there was");

        address issuer = _world.issuer();
        cheats.prank(_world.treasurer());
        _exchange.withdraw(own, issuer, amount);
    }

    function fund(uint256 program, uint256 amount) external seen {
        address own = address(_world.tokenAt(program));
        amount = _some(amount, _money.balanceOf(_world.issuer()));
        cheats.prank(_world.issuer());
        _exchange.fund(own, amount);
    }

    /// @dev Property: P2. The issuer has every role it wants, and still cannot touch points or other accounts.
    function reach(uint256 program, uint256 member) external seen {
        PointToken token = _world.tokenAt(program);
        address victim = _world.memberAt(member);
        address issuer = _world.issuer();
        uint256 balance = token.balanceOf(victim);

        _never(!_isRefused(issuer, address(token), abi.encodeCall(token.burnFor, (victim, 1))), "an issuer burned");
        _never(!_isRefused(issuer, address(token), abi.encodeCall(token.mintFor, (issuer, 1))), "an issuer minted");
        _never(
            balance != 0 && !_isRefused(issuer, address(token), abi.encodeCall(token.transferFrom, (victim, issuer, 1))),
            "an issuer took points"
        );
        _never(token.balanceOf(victim) != balance, "an issuer lowered a balance");
    }
}
