// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointExchange} from "../../interfaces/IPointExchange.sol";

/// @title ProgramWords
/// @notice A program of the exchange, packed into one word: what {IPointExchange-Program} spells out.
///
/// @dev Low bits first, as the struct would lie in storage:
///
///   bits   0..63    bid
///   bits  64..127   ask
///   bits 128..223   account
///   bits 224..246   version
///   bit  247        whether converted points keep the life that they had left
///   bits 248..255   flags: decimals + 1 in the low three bits, then the constants below
///
/// A conversion reads and writes two of these words. On the word, crediting an account is one addition.
library ProgramWords {
    uint256 internal constant CARRIES_EXPIRY = 1 << 247;
    uint256 internal constant DECIMALS_MASK = 7 << 248;
    uint256 internal constant SUSPENDED = 1 << 251;
    uint256 internal constant SCHEDULED = 1 << 252;
    uint256 internal constant LIMITED = 1 << 253;
    uint256 internal constant TERMS = 1 << 254;
    /// @dev Marks the settlement token, which is a program at par without an account: its members' purses are that.
    uint256 internal constant MONEY = 1 << 255;
    uint256 internal constant PAR = MONEY | (1e12 << 64) | 1e12;

    uint256 internal constant ACCOUNT_MAX = type(uint96).max;
    uint256 private constant ACCOUNT_ONE = 1 << 128;
    uint256 private constant VERSION_ONE = 1 << 224;
    uint24 private constant VERSION_MAX = (1 << 23) - 1;
    uint256 private constant PRICES_MASK = (1 << 128) - 1;

    /// @notice What the issuer pays to retire a point.
    function bid(uint256 word) internal pure returns (uint256) {
        return uint64(word);
    }

    /// @notice What the issuer charges to issue a point.
    function ask(uint256 word) internal pure returns (uint256) {
        return uint64(word >> 64);
    }

    /// @notice The issuer's money.
    function account(uint256 word) internal pure returns (uint256) {
        return uint96(word >> 128);
    }

    /// @notice The number of price changes so far.
    function version(uint256 word) internal pure returns (uint24) {
        return uint24(word >> 224) & VERSION_MAX;
    }

    /// @notice Decimals of the points, of a listed program.
    function decimals(uint256 word) internal pure returns (uint256) {
        unchecked {
            return ((word >> 248) & 7) - 1;
        }
    }

    /// @notice The word with money added. The caller has checked that the account can hold it.
    function credited(uint256 word, uint256 value) internal pure returns (uint256) {
        unchecked {
            return word + value * ACCOUNT_ONE;
        }
    }

    /// @notice The word with money taken. The caller has checked that the account covers it.
    function debited(uint256 word, uint256 value) internal pure returns (uint256) {
        unchecked {
            return word - value * ACCOUNT_ONE;
        }
    }

    /// @notice The word with new prices and the next version. Version 2^23 does not exist: it reverts.
    function repriced(uint256 word, uint256 newBid, uint256 newAsk) internal pure returns (uint256) {
        return (revised(word) & ~PRICES_MASK) | (newAsk << 64) | newBid;
    }

    /// @notice The word with the next version.
    function revised(uint256 word) internal pure returns (uint256) {
        if (version(word) == VERSION_MAX) revert IPointExchange.TooManyPriceChanges();

        unchecked {
            return word + VERSION_ONE;
        }
    }

    /// @notice The word as a struct.
    function unpacked(uint256 word) internal pure returns (IPointExchange.Program memory) {
        return IPointExchange.Program(
            uint64(word), uint64(word >> 64), uint96(word >> 128), version(word), uint8(word >> 248)
        );
    }
}
