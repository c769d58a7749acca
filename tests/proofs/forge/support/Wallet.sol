// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Wallet
/// @notice A member's account that is a contract (ERC-1271), and that re-enters: when it is asked for its signature it
/// tries what it was told to, and so it does when a hostile coin calls it in the middle of a transfer.
contract Wallet is IERC1271 {
    /// @notice An attempt begins; what it does comes next.
    event Attempted();
    /// @notice An attempt ended.
    event Ended(bool succeeded);

    address public immutable owner;

    /// @notice Whether the last attempt in the middle of a transfer went through.
    bool public succeeded;

    address private _target;
    bytes private _message;

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice From now on it tries this.
    function prepare(address target, bytes calldata message) external {
        (_target, _message, succeeded) = (target, message, false);
    }

    /// @notice Does what it was told to, if anything, once.
    function strike() external {
        if (_target == address(0)) return;
        address target = _target;
        _target = address(0);
        emit Attempted();
        (succeeded,) = target.call(_message);
        emit Ended(succeeded);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        // The question is asked by a static call, so that this can look but not touch.
        (bool done,) = _target.staticcall(_message);
        done;
        (address signer,,) = ECDSA.tryRecover(digest, signature);

        return signer == owner ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
