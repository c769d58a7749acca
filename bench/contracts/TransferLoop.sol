// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TransferLoop
/// @notice Hands out tokens that exist: takes the sum from the caller, then sends each part, with one piece of memory
/// for all calls. The way of the public airdrop tools, such as GasliteDrop, written anew.
contract TransferLoop {
    error TransferFailed();

    /// @param total The sum of `amounts`; the caller has approved it.
    function drop(address token, address[] calldata to, uint256[] calldata amounts, uint256 total) external {
        assembly ("memory-safe") {
            function send(target, length) {
                // Tokens that answer nothing are taken to have succeeded, as everywhere.
                let done := call(gas(), target, 0, 0x1c, length, 0x00, 0x20)
                if iszero(and(done, or(iszero(returndatasize()), eq(mload(0x00), 1)))) {
                    mstore(0x00, 0x90b8ec18) // TransferFailed()
                    revert(0x1c, 0x04)
                }
            }

            let free := mload(0x40)
            mstore(0x00, 0x23b872dd) // transferFrom(address,address,uint256)
            mstore(0x20, caller())
            mstore(0x40, address())
            mstore(0x60, total)
            send(token, 0x64)

            let distance := sub(amounts.offset, to.offset)
            let end := add(to.offset, shl(5, to.length))
            for { let at := to.offset } lt(at, end) { at := add(at, 0x20) } {
                mstore(0x00, 0xa9059cbb) // transfer(address,uint256)
                mstore(0x20, calldataload(at))
                mstore(0x40, calldataload(add(at, distance)))
                send(token, 0x44)
            }

            mstore(0x40, free)
            mstore(0x60, 0)
        }
    }
}
