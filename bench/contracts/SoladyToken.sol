// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "solady/src/tokens/ERC20.sol";

/// @title SoladyToken
/// @notice The least that Solady's token needs: points that neither expire nor freeze, all made at once.
contract SoladyToken is ERC20 {
    constructor(address holder, uint256 supply) {
        _mint(holder, supply);
    }

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
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

    /// @dev Spares permits the hash of the name, as Solady advises.
    function _constantNameHash() internal pure override returns (bytes32) {
        return keccak256("Points");
    }
}
