// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OfflineDesk} from "../../../contracts/OfflineDesk.sol";
import {PointExchange} from "../../../contracts/PointExchange.sol";
import {PointToken} from "../../../contracts/PointToken.sol";
import {IPointExchange} from "../../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../../interfaces/IPointToken.sol";
import {Clock} from "./actors/Clock.sol";
import {Colluders} from "./actors/Colluders.sol";
import {Crowd} from "./actors/Crowd.sol";
import {Donor} from "./actors/Donor.sol";
import {FrontRunner} from "./actors/FrontRunner.sol";
import {HostileCoin} from "./actors/HostileCoin.sol";
import {HostileIssuer} from "./actors/HostileIssuer.sol";
import {KeyThief} from "./actors/KeyThief.sol";
import {OfflineShop} from "./actors/OfflineShop.sol";
import {Staff} from "./actors/Staff.sol";
import {cheats} from "./support/Cheats.sol";
import {Ledger} from "./support/Ledger.sol";
import {World} from "./support/World.sol";

/// @title CampaignTest
/// @notice A world in which everyone does what they like, in random order. After every act the contracts agree with the
/// ledger, and at the end everything can be redeemed and withdrawn.
contract CampaignTest {
    World internal _world;
    Ledger internal _ledger;
    Donor internal _donor;
    address[] internal _actors;

    function setUp() public {
        _world = new World();
        _world.begin();
        _ledger = _world.ledger();
        _donor = new Donor(_world);
        _actors.push(address(_donor));
        _actors.push(address(new Clock(_world)));
        _actors.push(address(new Colluders(_world)));
        _actors.push(address(new Crowd(_world)));
        _actors.push(address(new FrontRunner(_world)));
        _actors.push(address(new HostileCoin(_world)));
        _actors.push(address(new HostileIssuer(_world)));
        _actors.push(address(new KeyThief(_world)));
        _actors.push(address(new OfflineShop(_world)));
        _actors.push(address(new Staff(_world)));
    }

    /// @dev Forge asks for it.
    function targetContracts() external view returns (address[] memory) {
        return _actors;
    }

    /* INVARIANTS */

    /// @dev Property: P1, P12.
    function invariant_balancesAreWhatTheEventsSay() external view {
        for (uint256 i; i < _world.PROGRAMS(); ++i) {
            PointToken token = _world.tokenAt(i);
            address[] memory holders = _ledger.holders(address(token));
            for (uint256 j; j < holders.length; ++j) {
                if (holders[j] == address(_world.desk())) continue;
                assert(token.balanceOf(holders[j]) == _ledger.balanceOf(address(token), holders[j]));
            }
            assert(token.balanceOf(address(_world.desk())) == _ledger.heldOf(address(token)));
            assert(token.totalSupply() == _ledger.supplyOf(address(token)));
        }
    }

    /// @dev Property: P20.
    function invariant_accountsAreWhatTheEventsSay() external view {
        for (uint256 i; i < _world.PROGRAMS(); ++i) {
            address token = address(_world.tokenAt(i));
            assert(_world.exchange().programOf(token).account == _ledger.accounts(token));
        }
        assert(_world.exchange().fees() == _ledger.fees());
    }

    /// @dev Property: P21.
    function invariant_moneyIsWhatAccountsFeesAndGiftsSumTo() external view {
        uint256 owed = _world.exchange().fees() + _donor.given();
        for (uint256 i; i < _world.PROGRAMS(); ++i) {
            owed += _world.exchange().programOf(address(_world.tokenAt(i))).account;
        }
        assert(_world.money().balanceOf(address(_world.exchange())) == owed);
    }

    /// @dev Property: P16.
    function invariant_noBidIsAboveItsAsk() external view {
        for (uint256 i; i < _world.PROGRAMS(); ++i) {
            IPointExchange.Program memory program = _world.exchange().programOf(address(_world.tokenAt(i)));
            assert(program.bid <= program.ask);
        }
    }

    /// @dev What actors hold against the contracts is in `accusations`.
    function invariant_nobodyHasSeenWhatMustNeverBe() external view {
        if (_ledger.accusationCount() != 0) revert(_ledger.accusations(0));
    }

    /* THE END */

    /// @dev Property: P14. All points can be redeemed, all money withdrawn; what is left are gifts.
    function afterInvariant() external {
        (PointExchange exchange, address issuer) = (_world.exchange(), _world.issuer());
        _returnPurses();
        for (uint256 i; i < _world.PROGRAMS(); ++i) {
            PointToken token = _world.tokenAt(i);
            address[] memory holders = _ledger.holders(address(token));
            for (uint256 j; j < holders.length; ++j) {
                uint256 balance = token.balanceOf(holders[j]);
                cheats.prank(holders[j]);
                token.redeem(balance, "");
            }
            assert(token.totalSupply() == 0);

            uint256 account = exchange.programOf(address(token)).account;
            if (account == 0) continue;
            cheats.prank(_world.treasurer());
            exchange.withdraw(address(token), issuer, account);
        }
        if (exchange.fees() != 0) exchange.withdrawFees();
        assert(_world.money().balanceOf(address(_world.exchange())) == _donor.given());
    }

    function _returnPurses() private {
        OfflineDesk desk = _world.desk();
        for (uint256 i; i < _world.PROGRAMS() * _world.MEMBERS() * 2; ++i) {
            (address token, address member, address shop) = _purse(i);
            uint256 word = desk.purseWord(token, member, shop);
            if (word == 0 || word >> 216 != 0) continue;
            cheats.prank(member);
            desk.release(token, shop);
        }
        cheats.warp(block.timestamp + 2 * _world.WINDOW());
        for (uint256 i; i < _world.PROGRAMS() * _world.MEMBERS() * 2; ++i) {
            (address token, address member, address shop) = _purse(i);
            if (desk.purseWord(token, member, shop) != 0) desk.returnPurse(token, member, shop);
        }
    }

    function _purse(uint256 number) private view returns (address token, address member, address shop) {
        token = address(_world.tokenAt(number / 8));
        member = _world.memberAt(number / 2);
        shop = number % 2 == 0 ? _world.merchant() : address(0);
    }
}
