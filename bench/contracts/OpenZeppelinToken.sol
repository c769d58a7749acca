// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title OpenZeppelinToken
/// @notice A token as OpenZeppelin's wizard makes it: points that neither expire nor freeze, all made at once.
contract OpenZeppelinToken is ERC20Burnable, ERC20Permit {
    constructor(address holder, uint256 supply) ERC20("Points", "PTS") ERC20Permit("Points") {
        _mint(holder, supply);
    }

    function decimals() public pure override returns (uint8) {
        return 2;
    }
}
