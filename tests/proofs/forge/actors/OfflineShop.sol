// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OfflineDesk} from "../../../../contracts/OfflineDesk.sol";
import {PointToken} from "../../../../contracts/PointToken.sol";
import {IOfflineDesk} from "../../../../interfaces/IOfflineDesk.sol";
import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title OfflineShop
/// @notice A merchant's tills without a network, and members who pay there, also with more than they set aside and with
/// the same voucher twice.
contract OfflineShop is Actor {
    bytes32 private constant VOUCHER = keccak256(
        "Voucher(address token,address member,address merchant,address till,uint256 serial,uint256 amount,bool shared,uint256 validBefore)"
    );

    OfflineDesk private immutable _desk;
    bytes32 private immutable _domain;

    uint256 private _serial;

    constructor(World world) Actor(world) {
        _desk = world.desk();
        _domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zegel Desk"),
                keccak256("1"),
                block.chainid,
                address(_desk)
            )
        );
    }

    function hold(uint256 program, uint256 member, bool shared, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        _hold(token, _world.memberAt(member), shared, _some(amount, token.balanceOf(_world.memberAt(member))));
    }

    /// @dev Property: P27. A voucher is paid out of its purse, and once.
    function pay(uint256 program, uint256 member, bool shared, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        address payer = _world.memberAt(member);
        uint256 held = _held(token, payer, shared);
        if (held == 0) {
            _hold(token, payer, shared, _some(amount, token.balanceOf(payer)));
            held = _held(token, payer, shared);
        }
        amount = _some(amount, held);
        uint256 before = token.balanceOf(_world.merchant());

        (IOfflineDesk.Voucher[] memory vouchers, bytes[] memory signatures) = _voucher(token, payer, amount, shared);
        (uint256 paid, uint256 again) =
            (_settle(token, vouchers, signatures), _settle(token, vouchers, signatures));

        _never(paid != amount, "a voucher that was covered was not paid in full");
        _never(again != 0, "a voucher was paid twice");
        _never(token.balanceOf(_world.merchant()) != before + paid, "a merchant received something else");
    }

    /// @dev Property: P28. Who promises more than there is costs the issuer no more than the guarantee.
    function overspend(uint256 program, uint256 member, uint256 amount, uint256 excess) external seen {
        PointToken token = _world.tokenAt(program);
        address payer = _world.memberAt(member);
        if (_held(token, payer, true) == 0) _hold(token, payer, true, _some(amount, token.balanceOf(payer)));
        uint256 held = _held(token, payer, true);
        excess = 1 + excess % (2 * _world.GUARANTEE());
        uint256 supply = token.totalSupply();

        (IOfflineDesk.Voucher[] memory vouchers, bytes[] memory signatures) =
            _voucher(token, payer, held + excess, true);
        uint256 paid = _settle(token, vouchers, signatures);

        uint256 guaranteed = excess < _world.GUARANTEE() ? excess : _world.GUARANTEE();
        _never(paid != held + guaranteed, "a merchant was not paid what was held and guaranteed");
        _never(token.totalSupply() != supply + guaranteed, "a guarantee made other points than it paid");
        _never(_desk.debtOf(address(token), payer) != guaranteed, "a member owes something else than was paid");
        _never(!token.isFrozen(payer), "a member who promised too much was not frozen");

        cheats.prank(_world.freezer());
        token.unfreeze(payer, "");
        cheats.prank(_world.issuer());
        _desk.writeOff(address(token), payer);
    }

    /// @dev Property: P29. A purse goes back after twice the window, and what was in it with it.
    function release(uint256 program, uint256 member, bool shared) external seen {
        PointToken token = _world.tokenAt(program);
        address owner = _world.memberAt(member);
        address purse = shared ? address(0) : _world.merchant();
        if (_desk.purseWord(address(token), owner, purse) == 0) {
            _hold(token, owner, shared, _some(program, token.balanceOf(owner)));
        }
        if (_desk.purseWord(address(token), owner, purse) >> 216 == 0) {
            cheats.prank(owner);
            _desk.release(address(token), purse);
        }
        cheats.warp((_desk.purseWord(address(token), owner, purse) >> 216) - 1);
        bytes memory early = abi.encodeCall(_desk.returnPurse, (address(token), owner, purse));
        _never(!_isRefused(owner, address(_desk), early), "a purse went back too early");

        cheats.warp(block.timestamp + 1);
        uint256 both = _held(token, owner, shared) + token.balanceOf(owner);
        _desk.returnPurse(address(token), owner, purse);
        _never(token.balanceOf(owner) != both, "a purse that went back lost or made points");
    }

    function _hold(PointToken token, address member, bool shared, uint256 amount) private {
        address purse = shared ? address(0) : _world.merchant();
        cheats.prank(member);
        _desk.hold(address(token), purse, amount);
        _ledger.enter(cheats.getRecordedLogs());
    }

    /// @dev What is alive in a purse.
    function _held(PointToken token, address member, bool shared) private view returns (uint256) {
        address purse = _ledger.purseOf(member, shared ? address(0) : _world.merchant());

        return _ledger.balanceOf(address(token), purse);
    }

    function _voucher(PointToken token, address member, uint256 amount, bool shared)
        private
        returns (IOfflineDesk.Voucher[] memory vouchers, bytes[] memory signatures)
    {
        (vouchers, signatures) = (new IOfflineDesk.Voucher[](1), new bytes[](1));
        vouchers[0] =
            IOfflineDesk.Voucher(member, _world.till(), ++_serial, amount, shared, block.timestamp + 1);
        bytes32 message =
            keccak256(abi.encode(VOUCHER, token, member, _world.merchant(), _world.till(), _serial, amount, shared, block.timestamp + 1));
        signatures[0] = _world.signed(member, keccak256(abi.encodePacked(hex"1901", _domain, message)));
    }

    function _settle(PointToken token, IOfflineDesk.Voucher[] memory vouchers, bytes[] memory signatures)
        private
        returns (uint256 paid)
    {
        (address till, address merchant) = (_world.till(), _world.merchant());
        cheats.prank(till);
        (paid,) = _desk.settle(
            IOfflineDesk.Settlement(address(token), merchant, address(0), 0), vouchers, signatures, till, ""
        );
        _ledger.enter(cheats.getRecordedLogs());
    }
}
