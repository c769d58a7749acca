// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Roles} from "../../../contracts/libraries/Roles.sol";
import {IPointToken} from "../../../interfaces/IPointToken.sol";
import {cheats, symbols} from "./Symbols.sol";

/// @title AnyToken
/// @notice A token in any state, and any call to it: what the proofs about {PointToken} start from.
///
/// @dev The state is any, since all storage is symbolic: balances, roles, allowances, budgets, nonces, flags; only the
/// default admin is who it was. The token's code is what the environment brings: that of the package, or of a mutant.
///
/// - Points never expire here, so that the calendar does not multiply the cases; how words age is in {LanesProof}.
/// - Accounts are such as transactions leave them: untouched, or of the only epoch, and together within the supply.
abstract contract AnyToken {
    address private constant EXCHANGE = address(0xe);
    address private constant DESK = address(0xd);
    address private constant PASSKEYS = address(0xf);
    bytes32 private constant SUPPLY_SLOT = bytes32(uint256(1));
    uint256 private constant LANE = (1 << 48) - 1;
    uint256 private constant EPOCH_ONE = 1 << 192;
    uint256 private constant OLDER_LANES_AND_EPOCH = ((1 << 160) - 1) << 48;
    /// @dev No function of words takes more arguments.
    uint256 private constant MOST_ARGUMENTS = 9;

    IPointToken internal _token;

    function setUp() public {
        cheats.warp(1_800_000_000);
        IPointToken.Settings memory settings =
            IPointToken.Settings("Air", "AIR", "", address(this), 0, 2, 0, 1, true);
        bytes memory arguments = abi.encode(settings, EXCHANGE, DESK, PASSKEYS);
        _token = _created(bytes.concat(cheats.envBytes("ZEGEL_TOKEN"), arguments));
        symbols.enableSymbolicStorage(address(_token));

        // Of what the constructor wrote, the supply word is made any word of the only epoch.
        uint256 supply = symbols.createUint256("supply");
        cheats.assume(uint16(supply >> 192) == 1);
        cheats.assume(supply >> 216 == type(uint40).max);
        cheats.store(address(_token), SUPPLY_SLOT, bytes32(supply));
        assert(_token.supplyWord() == supply);
    }

    /* CALLS */

    /// @dev Calls any of the functions that the environment names: those that may write and whose arguments are words.
    function _callAny(address caller, uint256 which, bytes memory arguments) internal returns (bool done) {
        bytes32[] memory functions = cheats.envBytes32("ZEGEL_FUNCTIONS", ",");
        for (uint256 i; i < functions.length; ++i) {
            if (which == i) {
                cheats.prank(caller);
                (done,) = address(_token).call(bytes.concat(bytes4(functions[i]), arguments));
                return done;
            }
        }
    }

    /// @dev Any arguments, for a call by someone that may concern a member.
    function _anyArguments(address caller, address member) internal returns (bytes memory arguments) {
        arguments = symbols.createBytes(MOST_ARGUMENTS * 32, "arguments");
        _assumeConsistent(caller, member);
        _assumeConsistent(_addressAt(arguments, 0), member);
        _assumeConsistent(_addressAt(arguments, 1), member);
    }

    /// @dev An argument, read as an address.
    function _addressAt(bytes memory arguments, uint256 index) internal pure returns (address account) {
        assembly ("memory-safe") {
            account := and(mload(add(arguments, mul(32, add(index, 1)))), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }

    /* STATES */

    /// @dev Someone who is not the member, was not approved, and has no role over others' points.
    function _assumeStranger(address caller, address member) internal view {
        cheats.assume(caller != member);
        cheats.assume(caller != EXCHANGE);
        cheats.assume(caller != DESK);
        cheats.assume(_token.allowance(member, caller) == 0);
        cheats.assume(!_hasRole(Roles.CORRECTOR, caller));
        cheats.assume(!_hasRole(Roles.RECOVERER, caller));
        cheats.assume(!_hasRole(Roles.EXCHANGE, caller));
        cheats.assume(!_hasRole(Roles.DESK, caller));
    }

    /// @dev What P1 gives: two accounts hold no more than the supply together. Without a branch, since each would double
    /// the cases.
    function _assumeConsistent(address one, address other) internal view {
        (uint256 word, uint256 otherWord) = (_token.accountWord(one), _token.accountWord(other));
        _assumeOfTheOnlyEpoch(word);
        _assumeOfTheOnlyEpoch(otherWord);
        uint256 both;
        assembly ("memory-safe") {
            both := add(and(word, LANE), and(and(otherWord, LANE), sub(eq(one, other), 1)))
        }
        cheats.assume(both <= _lane(_token.supplyWord()));
    }

    /// @dev Untouched, or of epoch 1 with nothing in the older lanes.
    function _assumeOfTheOnlyEpoch(uint256 word) private pure {
        bool either;
        assembly ("memory-safe") {
            either := or(iszero(word), eq(and(word, OLDER_LANES_AND_EPOCH), EPOCH_ONE))
        }
        cheats.assume(either);
    }

    function _hasRole(bytes32 role, address account) internal view returns (bool) {
        return IAccessControl(address(_token)).hasRole(role, account);
    }

    function _balance(address member) internal view returns (uint256) {
        return _lane(_token.accountWord(member));
    }

    function _lane(uint256 word) internal pure returns (uint256) {
        return uint48(word);
    }

    /* PRIVATE */

    function _created(bytes memory code) private returns (IPointToken token) {
        assembly ("memory-safe") {
            token := create(0, add(code, 32), mload(code))
        }
        assert(address(token) != address(0));
    }
}
