// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointExchange} from "../../interfaces/IPointExchange.sol";

/// @title Counter
/// @notice Where the desk lays a merchant's proceeds to have them converted: the exchange takes a member's oldest points,
/// and the desk's own account holds other members' purses.
///
/// @custom:kill Not needed: it holds nothing between transactions.
contract Counter {
    /// @notice Thrown when someone else than the desk calls.
    error NotDesk(address caller);

    address private immutable _desk = msg.sender;

    /// @notice Converts points of a token that lie here.
    /// @return out What the recipient received.
    function convert(
        address exchange,
        address token,
        address to,
        uint256 amount,
        uint256 minOut,
        address recipient
    ) external returns (uint256 out) {
        if (msg.sender != _desk) revert NotDesk(msg.sender);

        out = IPointExchange(exchange).convert(token, to, amount, minOut, recipient, block.timestamp);
    }
}
