// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title OddToken
/// @notice A coin that can do what some coins do on public chains: keep a part of each transfer, answer `false`, nothing
/// or too much, refuse accounts, amounts and approvals, change balances and decimals by itself, call others in the middle
/// of a transfer. Anyone can mint it and switch its oddities.
contract OddToken is ERC20, ERC20Permit {
    /* TYPES */

    /// @notice What transfers return.
    enum Answer {
        True,
        False, // and nothing moves
        Nothing,
        Two,
        Book // true, and 4,096 bytes more
    }

    /// @notice What came of a call: its error's selector, if it failed.
    struct Outcome {
        bool done;
        bytes4 fault;
    }

    /* ERRORS */

    error AccountBlocked(address account);
    error CoinPaused();
    error AmountIsZero();
    error ApprovalNotZero(uint256 approved);

    /* STORAGE */

    uint256 private _feePercent;
    Answer private _answer;
    address private _blocked;
    bool private _paused;
    bool private _refusesZero;
    bool private _approvesFromZero;
    uint8 private _decimals;

    address[] private _callees;
    bytes[] private _messages;
    Outcome[] private _outcomes;

    /* CONSTRUCTOR */

    constructor(uint8 decimals_) ERC20("Odd coin", "ODD") ERC20Permit("Odd coin") {
        _decimals = decimals_;
    }

    /* TOOLS */

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
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

    /// @notice Ends what makes transfers odd.
    function behave() external {
        (_feePercent, _answer, _blocked, _paused) = (0, Answer.True, address(0), false);
        (_refusesZero, _approvesFromZero) = (false, false);
    }

    /* ODDITIES */

    /// @notice Keeps a part of each transfer for the coin's maker, in hundredths.
    function takeFee(uint256 percent) external {
        _feePercent = percent;
    }

    function give(Answer newAnswer) external {
        _answer = newAnswer;
    }

    /// @notice Neither sends nor receives.
    function blockAccount(address account) external {
        _blocked = account;
    }

    function pause() external {
        _paused = true;
    }

    /// @notice Changes a balance without a transfer, as coins do that share out gains and losses.
    function rebase(address holder, uint256 percent) external {
        uint256 balance = balanceOf(holder);
        uint256 target = balance * percent / 100;
        if (target > balance) super._update(address(0), holder, target - balance);
        else super._update(holder, address(0), balance - target);
    }

    function refuseZero() external {
        _refusesZero = true;
    }

    /// @notice Changes no approval that is not zero, except to zero.
    function approveFromZero() external {
        _approvesFromZero = true;
    }

    function changeDecimals(uint8 newDecimals) external {
        _decimals = newDecimals;
    }

    /// @notice Calls others in the middle of the next transfer, before coins move. Once is enough.
    function callDuringTransfer(address[] calldata callees, bytes[] calldata messages) external {
        _callees = callees;
        for (uint256 i; i < messages.length; ++i) {
            _messages.push(messages[i]);
        }
    }

    /* VIEWS */

    /// @notice What came of the calls in the middle of a transfer.
    function outcomes() external view returns (Outcome[] memory) {
        return _outcomes;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /* TRANSFERS */

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (_answer == Answer.False) return false;
        super.transfer(to, amount);

        return _reply();
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (_answer == Answer.False) return false;
        super.transferFrom(from, to, amount);

        return _reply();
    }

    /* INTERNAL */

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0)) return super._update(from, to, amount);
        if (_paused) revert CoinPaused();
        if (amount == 0 && _refusesZero) revert AmountIsZero();
        if (_blocked != address(0) && (from == _blocked || to == _blocked)) revert AccountBlocked(_blocked);

        _call();
        uint256 kept = amount * _feePercent / 100;
        super._update(from, to, amount - kept);
        if (kept != 0) super._update(from, address(this), kept);
    }

    function _approve(address owner, address spender, uint256 value, bool emits) internal override {
        uint256 approved = allowance(owner, spender);
        // Only approvals emit; spending one lowers it.
        if (_approvesFromZero && emits && approved != 0 && value != 0) revert ApprovalNotZero(approved);

        super._approve(owner, spender, value, emits);
    }

    /* PRIVATE */

    function _call() private {
        address[] memory callees = _callees;
        delete _callees;
        for (uint256 i; i < callees.length; ++i) {
            (bool done, bytes memory returned) = callees[i].call(_messages[i]);
            _outcomes.push(Outcome(done, done ? bytes4(0) : bytes4(returned)));
        }
    }

    function _reply() private view returns (bool) {
        Answer answer = _answer;
        assembly ("memory-safe") {
            let free := mload(0x40)
            switch answer
            case 2 { return(0, 0) }
            case 3 {
                mstore(free, 2)
                return(free, 32)
            }
            case 4 {
                mstore(free, 1)
                return(free, 4128)
            }
        }
        return true;
    }
}
