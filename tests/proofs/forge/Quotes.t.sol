// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {PointExchange} from "../../../contracts/PointExchange.sol";
import {PointToken} from "../../../contracts/PointToken.sol";
import {Roles} from "../../../contracts/libraries/Roles.sol";
import {OddToken} from "../../../contracts/mocks/OddToken.sol";
import {IPointExchange} from "../../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../../interfaces/IPointToken.sol";

/// @title QuotesTest
/// @notice Quotes are the formulas of `proofs/pricing/formulas.py`, for any prices and amounts, with points of 0 to 4
/// decimals, money of 2 to 18, and with and without a fee.
contract QuotesTest {
    uint256 private constant MILLION = 1_000_000;
    uint256 private constant ACCOUNT_MAX = type(uint96).max;
    uint256 private constant LANE_MAX = type(uint48).max;
    uint256 private constant FUNDS = 1 << 90;

    struct Case {
        PointExchange exchange;
        PointToken source;
        PointToken target;
        uint256 unit;
        uint256 bid;
        uint256 ask;
        uint256 sourceScale;
        uint256 targetScale;
    }

    PointExchange[] private _exchanges;
    /// @dev By decimals.
    PointToken[] private _sources;
    PointToken[] private _targets;

    function setUp() public {
        for (uint8 decimals = 0; decimals <= 4; ++decimals) {
            _sources.push(_program(decimals));
            _targets.push(_program(decimals));
        }
        uint8[4] memory units = [2, 6, 8, 18];
        for (uint256 i; i < units.length; ++i) {
            _open(units[i], 0);
            _open(units[i], 2_500);
        }
    }

    /// @dev Property: P19, P15.
    function testFuzz_aQuoteIsTheFormula(uint256 seed, uint64 bid, uint64 ask, uint48 amount) external {
        Case memory c = _case(seed, bid, ask);

        uint256 value = amount * c.bid * c.unit / c.sourceScale;
        uint256 net = value - Math.ceilDiv(value * c.exchange.fee(), MILLION);
        uint256 out;
        IPointExchange.Refusal expected = IPointExchange.Refusal.AmountTooLarge;
        if (net <= ACCOUNT_MAX) {
            out = net * c.targetScale / (c.ask * c.unit);
            if (out == 0) expected = IPointExchange.Refusal.ZeroOutput;
            else if (out <= LANE_MAX && value > FUNDS) expected = IPointExchange.Refusal.AccountTooSmall;
            else if (out <= LANE_MAX) expected = IPointExchange.Refusal.None;
        }

        (uint256 quoted, IPointExchange.Refusal refusal) = _quote(c, amount);
        assert(refusal == expected);
        assert(quoted == (expected == IPointExchange.Refusal.None ? out : 0));
        assert(quoted * c.ask * c.sourceScale <= amount * c.bid * c.targetScale);
    }

    /// @dev Property: P18.
    function testFuzz_anExactQuoteNamesTheLeastAmount(uint256 seed, uint64 bid, uint64 ask, uint48 wanted) external {
        Case memory c = _case(seed, bid, ask);
        if (wanted == 0) wanted = 1;

        uint256 net = Math.ceilDiv(wanted * c.ask * c.unit, c.targetScale);
        uint256 value = Math.ceilDiv(net * MILLION, MILLION - c.exchange.fee());
        uint256 least = Math.ceilDiv(value * c.sourceScale, c.bid * c.unit);
        bool isPossible = net <= ACCOUNT_MAX && least <= LANE_MAX;
        if (isPossible) {
            (, IPointExchange.Refusal given) = _quote(c, least);
            isPossible = given == IPointExchange.Refusal.None;
        }

        (uint256 amount, IPointExchange.Refusal refusal) =
            c.exchange.quoteExactOut(address(c.source), address(c.target), wanted, address(0), address(0));
        assert((refusal == IPointExchange.Refusal.None) == isPossible);
        if (!isPossible) return;
        assert(amount == least);
        (uint256 out,) = _quote(c, amount);
        (uint256 less,) = _quote(c, amount - 1);
        assert(out >= wanted && less < wanted);
    }

    /// @dev Two programs of an exchange, at prices of all sizes: few cases would be near each other otherwise.
    function _case(uint256 seed, uint64 bid, uint64 ask) private returns (Case memory c) {
        c.exchange = _exchanges[seed % _exchanges.length];
        seed /= _exchanges.length;
        (c.source, c.target) = (_sources[seed % 5], _targets[seed / 5 % 5]);
        (c.bid, c.ask) = (1 + uint256(bid >> (seed / 25 % 64)), 1 + uint256(ask >> (seed / 1_600 % 64)));
        if (c.bid > type(uint64).max) c.bid = type(uint64).max;
        if (c.ask > type(uint64).max) c.ask = type(uint64).max;
        c.unit = 10 ** OddToken(c.exchange.settlementToken()).decimals();
        (c.sourceScale, c.targetScale) = (10 ** (12 + c.source.decimals()), 10 ** (12 + c.target.decimals()));

        c.exchange.setPrices(address(c.source), uint64(c.bid), type(uint64).max);
        c.exchange.setPrices(address(c.target), 1, uint64(c.ask));
    }

    function _quote(Case memory c, uint256 amount) private view returns (uint256, IPointExchange.Refusal) {
        return c.exchange.quote(address(c.source), address(c.target), amount, address(0), address(0));
    }

    function _program(uint8 decimals) private returns (PointToken token) {
        token = new PointToken(
            IPointToken.Settings("Any", "ANY", "", address(this), 0, decimals, 3, 4, true),
            address(0xe),
            address(0xd),
            address(0xf)
        );
        token.grantRole(Roles.PRICER, address(this));
    }

    /// @dev An exchange, of which this contract is the registry, with money in the accounts that pay.
    function _open(uint8 decimals, uint256 fee) private {
        OddToken money = new OddToken(decimals);
        PointExchange exchange = new PointExchange(address(money), address(this), fee, address(this));
        money.mint(address(this), 5 * FUNDS);
        money.approve(address(exchange), type(uint256).max);
        for (uint256 i; i <= 4; ++i) {
            exchange.list(address(_sources[i]));
            exchange.list(address(_targets[i]));
            exchange.fund(address(_sources[i]), FUNDS);
        }
        _exchanges.push(exchange);
    }
}
