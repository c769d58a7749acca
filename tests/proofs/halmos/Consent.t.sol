// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {PointToken} from "../../../contracts/PointToken.sol";
import {Roles} from "../../../contracts/libraries/Roles.sol";
import {IPointToken} from "../../../interfaces/IPointToken.sol";
import {cheats, symbols} from "./Symbols.sol";

/// @title ConsentProof
/// @notice What signed messages need, and what a pause does not stop, of a token in any state.
///
/// @dev The state is any, since all storage is symbolic: balances, roles, allowances, budgets, nonces, flags; only the
/// default admin is who it was. What this leaves out:
///
/// - Points never expire here, so that the calendar does not multiply the cases; how words age is in {LanesProof}.
/// - Signatures come in parts; signers are accounts without code, and Halmos knows of `ecrecover` only that it is a
///   function.
contract ConsentProof {
    address private constant EXCHANGE = address(0xe);
    address private constant DESK = address(0xd);
    address private constant PASSKEYS = address(0xf);
    bytes32 private constant SUPPLY_SLOT = bytes32(uint256(1));
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    bytes32 private constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    PointToken private _token;

    function setUp() public {
        cheats.warp(1_800_000_000);
        _token = new PointToken(
            IPointToken.Settings("Air", "AIR", "", address(this), 0, 2, 0, 1, true), EXCHANGE, DESK, PASSKEYS
        );
        symbols.enableSymbolicStorage(address(_token));

        // Of what the constructor wrote, the supply word is made any word of the only epoch.
        uint256 supply = symbols.createUint256("supply");
        cheats.assume(uint16(supply >> 192) == 1);
        cheats.assume(supply >> 216 == type(uint40).max);
        cheats.store(address(_token), SUPPLY_SLOT, bytes32(supply));
        assert(_token.supplyWord() == supply);
    }

    /* SIGNATURES */

    /// @dev Property: P3. A signed transfer that goes through bears its sender's signature, whoever sends it in.
    /// @param words The arguments: from, to, value, validAfter, validBefore, nonce, v, r, s.
    function check_aSignedTransferBearsItsSendersSignature(address caller, bytes32[9] memory words) external {
        address from = address(uint160(uint256(words[0])));
        cheats.assume(from.code.length == 0);
        bytes32 message =
            keccak256(abi.encode(TRANSFER, words[0], words[1], words[2], words[3], words[4], words[5]));
        address signer = _signer(message, words[6], words[7], words[8]);

        bytes4 selector = _named(
            "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)"
        );
        if (_call(caller, abi.encodePacked(selector, words))) {
            assert(signer == from && from != address(0));
            assert(block.timestamp > uint256(words[3]) && block.timestamp < uint256(words[4]));
            assert(_token.authorizationState(from, words[5]));
        }
    }

    /// @dev Property: P3. A permit bears its owner's signature over the next nonce, and takes that.
    /// @param words The arguments: owner, spender, value, deadline, v, r, s.
    function check_aPermitBearsItsOwnersSignature(address caller, bytes32[7] memory words) external {
        address owner = address(uint160(uint256(words[0])));
        cheats.assume(owner.code.length == 0);
        uint256 nonce = _token.nonces(owner);
        cheats.assume(nonce < type(uint40).max);
        bytes32 message = keccak256(abi.encode(PERMIT, words[0], words[1], words[2], nonce, words[3]));
        address signer = _signer(message, words[4], words[5], words[6]);

        bytes4 selector = _named("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)");
        if (_call(caller, abi.encodePacked(selector, words))) {
            assert(signer == owner && owner != address(0));
            assert(block.timestamp <= uint256(words[3]));
            assert(_token.allowance(owner, address(uint160(uint256(words[1])))) == uint256(words[2]));
            assert(_token.nonces(owner) == nonce + 1);
        }
    }

    /* PAUSES */

    /// @dev Property: P8. What a transfer needs does not include that there is no pause.
    function check_aPauseStopsNoTransfer(address member, address to, uint256 amount) external {
        cheats.assume(_token.isPaused());
        cheats.assume(!_token.isFrozen(member));
        cheats.assume(!_token.isFrozen(to));
        cheats.assume(to != address(0));
        cheats.assume(uint16(_token.accountWord(member) >> 192) == 1);
        cheats.assume(uint16(_token.accountWord(to) >> 192) == 1);
        cheats.assume(_token.accountWord(member) << 64 >> 112 == 0);
        cheats.assume(amount <= _lane(_token.accountWord(member)));

        assert(_call(member, abi.encodeCall(_token.transfer, (to, amount))));
    }

    /// @dev Property: P8.
    function check_aPauseStopsNoRemovalOfPower(address holder, address other, bytes32 role) external {
        cheats.assume(_token.isPaused());
        cheats.assume(role != Roles.DEFAULT_ADMIN);
        cheats.assume(_token.hasRole(Roles.GUARDIAN, holder));
        cheats.assume(_token.hasRole(_token.getRoleAdmin(role), holder));
        cheats.assume(_token.hasRole(role, other));

        assert(_call(holder, abi.encodeCall(_token.revokeBudget, (other))));
        assert(_call(holder, abi.encodeCall(_token.switchExchange, (false))));
        assert(_call(holder, abi.encodeCall(IAccessControl.revokeRole, (role, other))));
        assert(!_token.isExchangeOn());
        assert(!_token.hasRole(role, other));
        assert(_token.budgetOf(other).limit == 0);
    }

    /* PRIVATE */

    /// @dev Whose signature over a message for this token it is.
    function _signer(bytes32 message, bytes32 v, bytes32 r, bytes32 s) private view returns (address) {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _token.DOMAIN_SEPARATOR(), message));

        return ecrecover(digest, uint8(uint256(v)), r, s);
    }

    function _call(address caller, bytes memory data) private returns (bool done) {
        cheats.prank(caller);
        (done,) = address(_token).call(data);
    }

    function _lane(uint256 word) private pure returns (uint256) {
        return uint48(word);
    }

    function _named(string memory signature) private pure returns (bytes4) {
        return bytes4(keccak256(bytes(signature)));
    }
}
