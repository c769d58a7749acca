// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {NaiveExchange} from "./NaiveExchange.sol";

/// @title ForwardedExchange
/// @notice The naive exchange for members without gas: it believes a forwarder who the sender is (ERC-2771).
contract ForwardedExchange is NaiveExchange, ERC2771Context {
    constructor(address forwarder, address admin) NaiveExchange(admin) ERC2771Context(forwarder) {}

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
