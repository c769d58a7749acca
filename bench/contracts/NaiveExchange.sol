// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {OpenZeppelinRoleToken} from "./OpenZeppelinRoleToken.sol";

/// @title NaiveExchange
/// @notice An exchange as one writes it first: a rate for each pair, and what issuers owe and are owed in a mapping
/// each. Nothing is paid, and rates open loops.
contract NaiveExchange is Context {
    uint256 private constant ONE = 1e18;

    address public immutable admin;

    mapping(address => mapping(address => uint256)) public rates;
    mapping(address => uint256) public owed;
    mapping(address => uint256) public due;

    event Converted(
        address indexed member,
        address indexed from,
        address indexed to,
        address recipient,
        uint256 amount,
        uint256 out
    );

    error NotAdmin(address caller);
    error RateNotSet(address from, address to);
    error DeadlinePassed(uint256 deadline);
    error OutputTooLow(uint256 out, uint256 minOut);

    constructor(address admin_) {
        admin = admin_;
    }

    function setRate(address from, address to, uint256 rate) external {
        if (msg.sender != admin) revert NotAdmin(msg.sender);
        rates[from][to] = rate;
    }

    function convert(address from, address to, uint256 amount, uint256 minOut, address recipient, uint256 deadline)
        external
        returns (uint256 out)
    {
        if (block.timestamp > deadline) revert DeadlinePassed(deadline);
        uint256 rate = rates[from][to];
        if (rate == 0) revert RateNotSet(from, to);

        out = amount * rate / ONE;
        if (out < minOut) revert OutputTooLow(out, minOut);

        address member = _msgSender();
        owed[from] += amount;
        due[to] += out;
        OpenZeppelinRoleToken(from).burn(member, amount);
        OpenZeppelinRoleToken(to).mint(recipient, out);

        emit Converted(member, from, to, recipient, amount, out);
    }
}
