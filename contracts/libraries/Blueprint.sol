// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Blueprint
/// @notice Creates contracts from creation code that stands on chain as an ERC-5202 blueprint.
///
/// @dev A blueprint's code is the preamble `0xFE71`, a byte for the version (here 0, without extra data), and the
/// creation code. The first byte is the INVALID opcode, so the blueprint itself cannot be called.
library Blueprint {
    uint256 private constant PREAMBLE_LENGTH = 3;
    bytes3 private constant PREAMBLE = 0xfe7100;

    /// @notice Whether the code at an address is a blueprint.
    function isBlueprint(address blueprint) internal view returns (bool) {
        return blueprint.code.length > PREAMBLE_LENGTH && bytes3(blueprint.code) == PREAMBLE;
    }

    /// @notice The creation code with constructor arguments behind it.
    /// @param blueprint Where the creation code stands.
    /// @param arguments The constructor's arguments, ABI-encoded.
    function creationCode(address blueprint, bytes memory arguments) internal view returns (bytes memory code) {
        uint256 length = blueprint.code.length - PREAMBLE_LENGTH;
        bytes memory head = new bytes(length);
        assembly ("memory-safe") {
            extcodecopy(blueprint, add(head, 32), PREAMBLE_LENGTH, length)
        }

        code = bytes.concat(head, arguments);
    }
}
