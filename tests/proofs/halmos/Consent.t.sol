// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {PointToken} from "../../../contracts/PointToken.sol";
import {Roles} from "../../../contracts/libraries/Roles.sol";
import {IPointToken} from "../../../interfaces/IPointToken.sol";
import {cheats, symbols} from "./Symbols.sol";

/// @title ConsentProof
/// @notice Any call by anyone to a token in any state: what it cannot do.
///
/// @dev The state is any, since all storage is symbolic: balances, roles, allowances, budgets, nonces, flags; only the
/// default admin is who it was. The call is
/// any selector with any nine words of arguments. What this leaves out has a check of its own or is named here:
///
/// - Points never expire here, so that the calendar does not multiply the cases; how words age is in {LanesProof}.
/// - Accounts are such as transactions leave them: of the only epoch, and together no more than a lane can hold.
/// - `awardBatch` takes an array: two elements in a check of its own. `sweep` changes no word that is of the epoch.
///   `setContractURI` takes a string and writes nothing else.
/// - What takes a signature has checks of its own, with the signature in parts; signers are accounts without code, and
///   Halmos knows of `ecrecover` only that it is a function.
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

    /* BALANCES */

    /// @dev Property: P2.
    function check_noBalanceFallsWithoutConsent(address caller, address member, bytes4 selector) external {
        bytes memory data = _anyCall(selector);
        _assumeStranger(caller, member);
        address first = address(uint160(uint256(_argument(data))));
        _assumeConsistent(caller, member);
        _assumeConsistent(first, member);
        uint256 before = _lane(_token.accountWord(member));

        _call(caller, data);

        assert(_lane(_token.accountWord(member)) >= before);
    }

    /// @dev Property: P2.
    function check_noBatchLowersABalance(address caller, address member, uint256 one, uint256 other) external {
        _assumeConsistent(member, member);
        uint256 before = _lane(_token.accountWord(member));
        uint256[] memory words = new uint256[](2);
        (words[0], words[1]) = (one, other);

        _call(caller, abi.encodeCall(IPointToken.awardBatch, ("", words)));

        assert(_lane(_token.accountWord(member)) >= before);
    }

    /// @dev Property: P3. A signed transfer that goes through bears its sender's signature, whoever sends it in.
    function check_aSignedTransferBearsItsSendersSignature(
        address caller,
        address from,
        address to,
        uint256 value,
        uint256[2] calldata times,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        cheats.assume(from.code.length == 0);
        bool wasUsed = _token.authorizationState(from, nonce);
        bytes32 message = keccak256(abi.encode(TRANSFER, from, to, value, times[0], times[1], nonce));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _token.DOMAIN_SEPARATOR(), message));

        bytes4 selector = bytes4(
            keccak256(
                "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)"
            )
        );
        bool done = _call(
            caller, abi.encodeWithSelector(selector, from, to, value, times[0], times[1], nonce, v, r, s)
        );

        if (done) {
            assert(ecrecover(digest, v, r, s) == from && from != address(0));
            assert(block.timestamp > times[0] && block.timestamp < times[1]);
            assert(!wasUsed && _token.authorizationState(from, nonce));
        }
    }

    /// @dev Property: P3. A permit bears its owner's signature over the next nonce, and takes that.
    function check_aPermitBearsItsOwnersSignature(
        address caller,
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        cheats.assume(owner.code.length == 0);
        uint256 nonce = _token.nonces(owner);
        cheats.assume(nonce < type(uint40).max);
        bytes32 message = keccak256(abi.encode(PERMIT, owner, spender, value, nonce, deadline));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _token.DOMAIN_SEPARATOR(), message));

        bytes4 selector = _named("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)");
        bool done = _call(caller, abi.encodeWithSelector(selector, owner, spender, value, deadline, v, r, s));

        if (done) {
            assert(ecrecover(digest, v, r, s) == owner && owner != address(0));
            assert(block.timestamp <= deadline);
            assert(_token.allowance(owner, spender) == value);
            assert(_token.nonces(owner) == nonce + 1);
        }
    }

    /* SINGLE USE */

    /// @dev Property: P6.
    function check_aUsedNonceStaysUsed(address caller, address member, bytes32 nonce, bytes4 selector) external {
        bytes memory data = _anyCall(selector);
        cheats.assume(_token.authorizationState(member, nonce));
        // Two to the power of forty permits are out of reach.
        cheats.assume(_token.nonces(member) < type(uint40).max);

        _call(caller, data);

        assert(_token.authorizationState(member, nonce));
    }

    /// @dev Property: P6.
    function check_anAwardedBatchStaysAwarded(address caller, bytes32 batchId, bytes4 selector) external {
        bytes memory data = _anyCall(selector);
        cheats.assume(_token.isAwarded(batchId));

        _call(caller, data);

        assert(_token.isAwarded(batchId));
    }

    /* PAUSES */

    /// @dev Property: P7. But for the issuer's guarantee, which pays merchants for promises that were made before.
    function check_noPointsComeOrGoInAPause(address caller, bytes4 selector) external {
        bytes memory data = _anyCall(selector);
        cheats.assume(_token.isPaused());
        cheats.assume(caller != DESK);
        cheats.assume(!_token.hasRole(Roles.DESK, caller));
        uint256 before = _lane(_token.supplyWord());

        _call(caller, data);

        assert(_lane(_token.supplyWord()) == before);
    }

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

    /// @dev Any function with arguments that are words, see the contract's comment.
    function _anyCall(bytes4 selector) private returns (bytes memory) {
        cheats.assume(selector != IPointToken.awardBatch.selector);
        cheats.assume(selector != _token.sweep.selector);
        cheats.assume(selector != _token.setContractURI.selector);
        cheats.assume(selector != _token.isInBatch.selector);
        cheats.assume(selector != _token.useAuthorization.selector);
        cheats.assume(selector != _token.redeemWithAuthorization.selector);
        cheats.assume(selector != _named("permit(address,address,uint256,uint256,bytes)"));
        cheats.assume(selector != _named("cancelAuthorization(address,bytes32,bytes)"));
        cheats.assume(selector != _named("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"));
        cheats.assume(selector != _named("cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)"));
        string memory inParts = "(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)";
        cheats.assume(selector != _named(string.concat("transferWithAuthorization", inParts)));
        cheats.assume(selector != _named(string.concat("receiveWithAuthorization", inParts)));
        string memory withBytes = "(address,address,uint256,uint256,uint256,bytes32,bytes)";
        cheats.assume(selector != _named(string.concat("transferWithAuthorization", withBytes)));
        cheats.assume(selector != _named(string.concat("receiveWithAuthorization", withBytes)));

        return abi.encodePacked(selector, symbols.createBytes(9 * 32, "arguments"));
    }

    /// @dev Someone who is not the member, was not approved, has no role over points, and brings no signature.
    function _assumeStranger(address caller, address member) private view {
        cheats.assume(caller != member);
        cheats.assume(caller != EXCHANGE);
        cheats.assume(caller != DESK);
        cheats.assume(_token.allowance(member, caller) == 0);
        cheats.assume(!_token.hasRole(Roles.CORRECTOR, caller));
        cheats.assume(!_token.hasRole(Roles.RECOVERER, caller));
        cheats.assume(!_token.hasRole(Roles.EXCHANGE, caller));
        cheats.assume(!_token.hasRole(Roles.DESK, caller));
    }

    /// @dev What P1 gives: an account holds no more than the supply, two accounts no more than it together.
    function _assumeConsistent(address one, address other) private view {
        uint256 word = _token.accountWord(one);
        uint256 otherWord = _token.accountWord(other);
        cheats.assume(uint16(word >> 192) == 1);
        cheats.assume(uint16(otherWord >> 192) == 1);
        cheats.assume(uint192(word) == _lane(word));
        cheats.assume(uint192(otherWord) == _lane(otherWord));
        uint256 both = one == other ? _lane(word) : _lane(word) + _lane(otherWord);
        cheats.assume(both <= _lane(_token.supplyWord()));
    }

    /// @dev The first argument of a call.
    function _argument(bytes memory data) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(data, 36))
        }
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
