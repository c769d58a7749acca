// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OfflineDesk} from "../../../../contracts/OfflineDesk.sol";
import {PasskeyVerifier} from "../../../../contracts/PasskeyVerifier.sol";
import {PointExchange} from "../../../../contracts/PointExchange.sol";
import {PointToken} from "../../../../contracts/PointToken.sol";
import {Roles} from "../../../../contracts/libraries/Roles.sol";
import {OddToken} from "../../../../contracts/mocks/OddToken.sol";
import {IPointExchange} from "../../../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../../../interfaces/IPointToken.sol";
import {Cheats, cheats} from "./Cheats.sol";
import {Ledger} from "./Ledger.sol";
import {Wallet} from "./Wallet.sol";

/// @title World
/// @notice A network with three programs, their staff and their members, and the books that are kept of it.
///
/// @dev It takes the place of the registry, so that it lists the programs. Money is a coin with oddities.
contract World {
    /* CONSTANTS */

    uint256 public constant BUDGET = 1e9;
    uint32 public constant PERIOD = 1 days;
    uint256 public constant FEE = 2_000;
    uint256 public constant EURO = 1e6;
    uint256 public constant PROGRAMS = 3;
    uint256 public constant MEMBERS = 4;

    uint256 public constant WINDOW = 1 days;
    uint64 public constant GUARANTEE = 1e6;

    uint256 private constant START = 1_798_761_600; // 2027-01-01

    /* STORAGE */

    OddToken public money;
    PasskeyVerifier public passkeys;
    PointExchange public exchange;
    OfflineDesk public desk;
    Ledger public ledger;
    PointToken[] public tokens;
    address[] public members;
    mapping(address member => uint256) public keyOf;

    /* ACTORS */

    address public constant issuer = address(0x1551);
    address public constant guardian = address(0x6a4d);
    address public constant awarder = address(0xa3a4);
    address public constant corrector = address(0xc044);
    address public constant freezer = address(0xf4ee);
    address public constant recoverer = address(0x4ec0);
    address public constant pricer = address(0x941c);
    address public constant treasurer = address(0x74ea);
    address public constant merchant = address(0x3e4c);
    address public constant network = address(0x4e70);
    address public constant till = address(0x7111);

    /* CONSTRUCTOR */

    constructor() {
        cheats.warp(START);
        money = new OddToken(6);
        passkeys = new PasskeyVerifier();
        exchange = new PointExchange(address(money), address(this), FEE, network);
        desk = new OfflineDesk(address(this), address(exchange), address(passkeys), WINDOW);

        tokens.push(_create("AIR", 2, 3, 4, true));
        tokens.push(_create("TEA", 0, 0, 1, true));
        tokens.push(_create("BUS", 4, 1, 2, true));

        address[] memory all = new address[](PROGRAMS);
        for (uint256 i; i < PROGRAMS; ++i) {
            all[i] = address(tokens[i]);
        }
        ledger = new Ledger(address(exchange), address(desk), all);
    }

    /// @notice Lets members enrol and programs begin; apart, since the desk asks this contract, which must be there.
    function begin() external {
        cheats.recordLogs();
        for (uint256 i; i < MEMBERS; ++i) {
            _enrol(i);
        }
        for (uint256 i; i < PROGRAMS; ++i) {
            _open(tokens[i], i);
        }
        ledger.enter(cheats.getRecordedLogs());
    }

    /* VIEWS */

    function tokenAt(uint256 seed) external view returns (PointToken) {
        return tokens[seed % PROGRAMS];
    }

    /// @notice The desk asks its registry.
    function isProgram(address token) external view returns (bool) {
        return ledger.isToken(token);
    }

    /// @notice The desk asks its registry.
    function merchantOf(address operator) external pure returns (address) {
        return operator == till ? merchant : address(0);
    }

    /// @notice A program other than that of another number.
    function partnerAt(uint256 other, uint256 seed) external view returns (PointToken) {
        return tokens[(other % PROGRAMS + 1 + seed % (PROGRAMS - 1)) % PROGRAMS];
    }

    function memberAt(uint256 seed) external view returns (address) {
        return members[seed % MEMBERS];
    }

    /// @notice The 65 bytes with which a member signs; the last member is a contract that takes its owner's.
    function signed(address member, bytes32 digest) external view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = cheats.sign(keyOf[member], digest);

        return abi.encodePacked(r, s, v);
    }

    /* PRIVATE */

    function _create(string memory symbol, uint8 decimals, uint8 months, uint8 lifetime, bool transferable)
        private
        returns (PointToken token)
    {
        token = new PointToken(
            IPointToken.Settings({
                name: symbol,
                symbol: symbol,
                contractURI: "",
                admin: issuer,
                adminDelay: 2 days,
                decimals: decimals,
                monthsPerEpoch: months,
                lifetime: lifetime,
                transferable: transferable
            }),
            address(exchange),
            address(desk),
            address(passkeys)
        );
        exchange.list(address(token));

        cheats.startPrank(issuer);
        token.grantRole(Roles.GUARDIAN, guardian);
        token.grantRole(Roles.CORRECTOR, corrector);
        token.grantRole(Roles.FREEZER, freezer);
        token.grantRole(Roles.RECOVERER, recoverer);
        token.grantRole(Roles.PRICER, pricer);
        token.grantRole(Roles.TREASURER, treasurer);
        token.setBudget(awarder, uint64(BUDGET), PERIOD);
        token.setBudget(corrector, uint64(BUDGET), PERIOD);
        cheats.stopPrank();
    }

    /// @dev A member with money, and all members' trust in the exchange; the last one is a contract.
    function _enrol(uint256 number) private {
        uint256 key = uint256(keccak256(abi.encode("member", number)));
        address member = cheats.addr(key);
        if (number == MEMBERS - 1) member = address(new Wallet(member));
        members.push(member);
        keyOf[member] = key;

        money.mint(member, 1_000_000 * EURO);
        cheats.prank(member);
        money.approve(address(exchange), type(uint256).max);
    }

    /// @dev Prices of some cents, an account, cash in both directions, and points for everyone.
    function _open(PointToken token, uint256 number) private {
        uint64 bid = uint64(1e10 * (1 + number));
        cheats.prank(pricer);
        exchange.setPrices(address(token), bid, bid + bid / 10);
        cheats.prank(issuer);
        exchange.switchCash(address(token), IPointExchange.CashSwitches(true, true));
        cheats.startPrank(issuer);
        desk.setGuarantee(address(token), GUARANTEE, uint32(MEMBERS));
        desk.setLimit(address(token), merchant, GUARANTEE);
        cheats.stopPrank();

        money.mint(issuer, 2_000_000 * EURO);
        cheats.startPrank(issuer);
        money.approve(address(exchange), type(uint256).max);
        exchange.fund(address(token), 1_000_000 * EURO);
        cheats.stopPrank();

        for (uint256 i; i < MEMBERS; ++i) {
            cheats.prank(awarder);
            token.award(members[i], BUDGET / 10, "");
        }
    }
}
