// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Roles} from "../libraries/Roles.sol";
import {Awarding} from "./Awarding.sol";

/// @title Redeeming
/// @notice How points are spent in the issuer's own shop, and how the issuer undoes a redemption or an award.
abstract contract Redeeming is Awarding {
    using Generations for uint256;

    /* MEMBER FUNCTIONS */

    /// @inheritdoc IPointToken
    function redeem(uint256 amount, bytes32 ref) external {
        _redeem(msg.sender, amount, ref);
    }

    /// @inheritdoc IPointToken
    function redeemFrom(address member, uint256 amount, bytes32 ref) external {
        _spendAllowance(member, msg.sender, amount);
        _redeem(member, amount, ref);
    }

    /* CORRECTOR FUNCTIONS */

    /// @inheritdoc IPointToken
    function refund(address member, uint256 lots, bytes32 ref) external onlyRole(Roles.CORRECTOR) {
        uint256 epoch = currentEpoch();
        if (member == address(0)) revert ERC20InvalidReceiver(member);
        if (lots >> Generations.FLAGS_SHIFT != 0 || lots.epochOf() == 0 || lots.epochOf() > epoch) {
            revert InvalidLots(lots);
        }

        uint256 supply = _unpaused(epoch);
        Account storage account = _accounts[member];
        uint256 word = _age(member, account.word, epoch);
        (uint256 aged,) = lots.age(epoch, lifetime);
        uint256 alive = aged & Generations.LANES_MASK;
        uint256 amount = alive.total();

        uint256 lane = supply.overflowing(alive);
        if (lane != Generations.LANES) {
            uint256 shift = lane * Generations.LANE_BITS;
            uint256 room = Generations.LANE_MAX - ((supply >> shift) & Generations.LANE_MAX);
            revert GenerationFull(epoch - lane, (alive >> shift) & Generations.LANE_MAX, room);
        }

        _spendBudget(amount);
        _supply = supply + alive;
        account.word = word + alive;

        emit Transfer(address(0), member, amount);
        emit Refunded(msg.sender, member, ref, amount, lots);
    }

    /// @inheritdoc IPointToken
    function correct(address member, uint256 amount, bytes32 ref, bytes32 reason) external onlyRole(Roles.CORRECTOR) {
        uint256 epoch = currentEpoch();
        Account storage account = _accounts[member];
        _spendBudget(amount);
        _destroy(member, account, _unfrozen(member, account, epoch), _unpaused(epoch), amount);

        emit Corrected(msg.sender, member, ref, amount, reason);
    }

    /* PRIVATE */

    function _redeem(address member, uint256 amount, bytes32 ref) private {
        uint256 epoch = currentEpoch();
        Account storage account = _accounts[member];
        uint256 lots = _destroy(member, account, _unfrozen(member, account, epoch), _unpaused(epoch), amount);

        emit Redeemed(member, ref, amount, lots | (epoch << Generations.EPOCH_SHIFT));
    }
}
