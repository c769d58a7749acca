// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";

/// @title Forwarder
/// @notice OpenZeppelin's forwarder, through which relayers send what members have signed.
contract Forwarder is ERC2771Forwarder {
    constructor() ERC2771Forwarder("Forwarder") {}
}

/// @title ForwardedToken
/// @notice OpenZeppelin's token for members without gas: it believes a forwarder who the sender is (ERC-2771).
contract ForwardedToken is ERC20Burnable, ERC2771Context {
    constructor(address forwarder, address holder, uint256 supply)
        ERC20("Points", "PTS")
        ERC2771Context(forwarder)
    {
        _mint(holder, supply);
    }

    function decimals() public pure override returns (uint8) {
        return 2;
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
