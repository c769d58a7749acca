// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OwnableRoles} from "solady/src/auth/OwnableRoles.sol";
import {ERC20} from "solady/src/tokens/ERC20.sol";

/// @title SoladyRoleToken
/// @notice A token that accounts with a role make, on Solady's contracts: no budget, no reference, no expiry, and a
/// batch can be sent twice.
contract SoladyRoleToken is ERC20, OwnableRoles {
    uint256 public constant MINTER_ROLE = _ROLE_0;

    constructor(address admin) {
        _initializeOwner(admin);
    }

    function mint(address to, uint256 amount) external onlyRoles(MINTER_ROLE) {
        _mint(to, amount);
    }

    function mintBatch(address[] calldata to, uint256[] calldata amounts) external onlyRoles(MINTER_ROLE) {
        for (uint256 i; i < to.length; ++i) {
            _mint(to[i], amounts[i]);
        }
    }

    function name() public pure override returns (string memory) {
        return "Points";
    }

    function symbol() public pure override returns (string memory) {
        return "PTS";
    }

    function decimals() public pure override returns (uint8) {
        return 2;
    }
}
