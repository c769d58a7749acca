// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title OddToken
/// @notice A coin that can do what some coins do on public chains: keep a part of each transfer, answer `false` or
/// nothing, refuse a recipient, call someone in the middle of a transfer. Anyone can mint it and switch its oddities.
contract OddToken is ERC20 {
    /* TYPES */

    /// @notice What transfers return.
    enum Answer {
        True,
        False,
        Nothing
    }

    /* ERRORS */

    /// @notice Thrown when the recipient is refused.
    error RecipientBlocked(address recipient);

    /* STORAGE */

    /// @notice What a transfer keeps for the coin's maker, in hundredths.
    uint256 public feePercent;
    /// @notice What transfers return; `False` moves nothing.
    Answer public answer;
    /// @notice Who cannot receive coins.
    address public blocked;
    /// @notice Whom the next transfer calls before coins move.
    address public callee;
    /// @notice What it says.
    bytes public message;
    /// @notice What came back from the last such call.
    bytes public reply;
    /// @notice Whether that call succeeded.
    bool public succeeded;

    uint8 private immutable _decimals;

    /* CONSTRUCTOR */

    constructor(uint8 decimals_) ERC20("Odd coin", "ODD") {
        _decimals = decimals_;
    }

    /* ODDITIES */

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function takeFee(uint256 percent) external {
        feePercent = percent;
    }

    function give(Answer newAnswer) external {
        answer = newAnswer;
    }

    function blockRecipient(address recipient) external {
        blocked = recipient;
    }

    function callDuringTransfer(address newCallee, bytes calldata newMessage) external {
        callee = newCallee;
        message = newMessage;
    }

    /// @notice Lets the coin itself act, as an owner of coins and points.
    function act(address target, bytes calldata data) external returns (bytes memory returned) {
        bool done;
        (done, returned) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(returned, 32), mload(returned))
            }
        }
    }

    /* TRANSFERS */

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (answer == Answer.False) return false;
        super.transfer(to, amount);

        return _answer();
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (answer == Answer.False) return false;
        super.transferFrom(from, to, amount);

        return _answer();
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /* INTERNAL */

    function _update(address from, address to, uint256 amount) internal override {
        if (to == blocked && to != address(0)) revert RecipientBlocked(to);
        if (callee != address(0) && from != address(0)) _call();

        uint256 kept = from == address(0) ? 0 : amount * feePercent / 100;
        super._update(from, to, amount - kept);
        if (kept != 0) super._update(from, address(this), kept);
    }

    /* PRIVATE */

    function _call() private {
        address target = callee;
        callee = address(0);
        (succeeded, reply) = target.call(message);
    }

    function _answer() private view returns (bool) {
        if (answer == Answer.Nothing) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return true;
    }
}
