// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Names
/// @notice What the names in the directory may look like.
library Names {
    uint256 internal constant MAX_SYMBOL_LENGTH = 11;
    uint256 internal constant MAX_NAME_LENGTH = 100;
    uint256 internal constant MAX_DOMAIN_LENGTH = 253;

    /// @notice Whether a text is a symbol. Wallets show symbols to people: plain capitals and digits leave no room for
    /// look-alikes.
    function isSymbol(string calldata text) internal pure returns (bool) {
        bytes calldata characters = bytes(text);
        if (characters.length == 0 || characters.length > MAX_SYMBOL_LENGTH) return false;
        for (uint256 i; i < characters.length; ++i) {
            bytes1 c = characters[i];
            if ((c < "A" || c > "Z") && (c < "0" || c > "9")) return false;
        }

        return true;
    }

    /// @notice Whether a text is a name of people's own choice, in whatever script; its length counts in bytes.
    function isName(string calldata text) internal pure returns (bool) {
        return bytes(text).length != 0 && bytes(text).length <= MAX_NAME_LENGTH;
    }

    /// @notice Whether a text has the characters and the length of a domain name; other scripts stand in Punycode.
    function isDomain(string calldata text) internal pure returns (bool) {
        bytes calldata characters = bytes(text);
        if (characters.length == 0 || characters.length > MAX_DOMAIN_LENGTH) return false;
        for (uint256 i; i < characters.length; ++i) {
            bytes1 c = characters[i];
            if ((c < "a" || c > "z") && (c < "0" || c > "9") && c != "." && c != "-") return false;
        }

        return true;
    }
}
