// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title OddPoints
/// @notice A token of another make that says what drops and charters want to hear and does nothing of it. It can call
/// someone whenever it is called, and act as an awarder and an admin of its own.
contract OddPoints {
    /* STORAGE */

    /// @notice Whom the next call of a function that changes something calls.
    address public callee;
    /// @notice What it says.
    bytes public message;
    /// @notice What came back from the last such call.
    bytes public reply;
    /// @notice Whether that call succeeded.
    bool public succeeded;

    /* ODDITIES */

    function callNext(address newCallee, bytes calldata newMessage) external {
        callee = newCallee;
        message = newMessage;
    }

    /// @notice Lets the token itself act.
    function act(address target, bytes calldata data) external returns (bytes memory returned) {
        bool done;
        (done, returned) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(returned, 32), mload(returned))
            }
        }
    }

    /* WHAT A TOKEN DOES */

    function award(address, uint256, bytes32) external {
        _call();
    }

    function awardFor(address, address, uint256, bytes32) external {
        _call();
    }

    function redeem(uint256, bytes32) external {
        _call();
    }

    function transfer(address, uint256) external returns (bool) {
        _call();
        return true;
    }

    /* WHAT A TOKEN SAYS */

    function accountWord(address) external pure returns (uint256) {
        return 0;
    }

    function currentEpoch() external pure returns (uint256) {
        return 1;
    }

    function expiryOf(uint256) external pure returns (uint64) {
        return type(uint64).max;
    }

    function hasRole(bytes32, address) external pure returns (bool) {
        return true;
    }

    function lifetime() external pure returns (uint8) {
        return 1;
    }

    /* PRIVATE */

    function _call() private {
        address target = callee;
        if (target == address(0)) return;

        callee = address(0);
        (succeeded, reply) = target.call(message);
    }
}
