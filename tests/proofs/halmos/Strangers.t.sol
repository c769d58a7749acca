// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Roles} from "../../../contracts/libraries/Roles.sol";
import {AnyToken} from "./AnyToken.sol";
import {cheats} from "./Symbols.sol";

/// @title StrangersProof
/// @notice What no stranger can do to a member, with any call whose arguments are words, to a token in any state.
contract StrangersProof is AnyToken {
    /// @dev Property: P2.
    function check_noBalanceFallsWithoutConsent(address caller, address member, uint256 which) external {
        bytes memory arguments = _anyArguments(caller, member);
        _assumeStranger(caller, member);
        uint256 before = _balance(member);

        _callAny(caller, which, arguments);

        assert(_balance(member) >= before);
    }

    /// @dev Property: P2. Nor does anyone else approve that it falls.
    function check_noAllowanceRisesWithoutConsent(address caller, address member, address spender, uint256 which)
        external
    {
        bytes memory arguments = _anyArguments(caller, member);
        cheats.assume(caller != member);
        uint256 before = _token.allowance(member, spender);

        _callAny(caller, which, arguments);

        assert(_token.allowance(member, spender) <= before);
    }

    /// @dev Property: P2. Nor makes anyone but a role's admin an account one that may lower it.
    function check_noRoleIsGainedWithoutItsAdmin(address caller, address account, bytes32 role, uint256 which)
        external
    {
        bytes memory arguments = _anyArguments(caller, account);
        cheats.assume(role != Roles.DEFAULT_ADMIN);
        cheats.assume(!_hasRole(IAccessControl(address(_token)).getRoleAdmin(role), caller));
        cheats.assume(!_hasRole(role, account));

        _callAny(caller, which, arguments);

        assert(!_hasRole(role, account));
    }
}
