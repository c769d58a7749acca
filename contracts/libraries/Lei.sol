// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Lei
/// @notice Legal Entity Identifiers (ISO 17442): 18 capitals or digits and two check digits.
///
/// @dev The check is ISO 7064 MOD 97-10: with letters read as 10 to 35, the whole is a number that leaves 1 when
/// divided by 97. Check digits are 02 to 98, so that of the pairs 00 and 97, 01 and 98, 02 and 99 one of each is wrong.
library Lei {
    uint256 private constant LENGTH = 20;
    uint256 private constant PREFIX_LENGTH = 18;

    /// @notice Whether a text is a well-formed identifier with the right check digits.
    function isValid(string calldata lei) internal pure returns (bool) {
        bytes calldata characters = bytes(lei);
        if (characters.length != LENGTH) return false;

        uint256 remainder = 0;
        for (uint256 i; i < LENGTH; ++i) {
            uint8 c = uint8(characters[i]);
            if (c >= 48 && c <= 57) {
                remainder = (remainder * 10 + c - 48) % 97;
            } else if (c >= 65 && c <= 90 && i < PREFIX_LENGTH) {
                remainder = (remainder * 100 + c - 55) % 97;
            } else {
                return false;
            }
        }

        uint256 check = 10 * uint256(uint8(characters[18])) + uint8(characters[19]) - 11 * 48;
        return remainder == 1 && check >= 2 && check <= 98;
    }
}
