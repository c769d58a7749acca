// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Symbols
/// @notice What these proofs use of Halmos' cheat codes: values that stand for all others.
interface Symbols {
    function createBytes(uint256 length, string calldata name) external returns (bytes memory);
    function createUint256(string calldata name) external returns (uint256);
    function enableSymbolicStorage(address account) external;
}

/// @title Cheats
/// @notice Forge's cheat codes as far as Halmos knows them and these proofs use them.
interface Cheats {
    function assume(bool condition) external pure;
    function envBytes(string calldata name) external view returns (bytes memory);
    function envBytes32(string calldata name, string calldata separator) external view returns (bytes32[] memory);
    function prank(address sender) external;
    function store(address account, bytes32 slot, bytes32 value) external;
    function warp(uint256 timestamp) external;
}

Symbols constant symbols = Symbols(0xF3993A62377BCd56AE39D773740A5390411E8BC9);
Cheats constant cheats = Cheats(address(uint160(uint256(keccak256("hevm cheat code")))));
