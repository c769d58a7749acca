// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Roles} from "../libraries/Roles.sol";
import {Authorizing} from "./Authorizing.sol";
import {Awarding} from "./Awarding.sol";

/// @title Redeeming
/// @notice How points are spent in the issuer's own shop, and how the issuer undoes a redemption or an award.
abstract contract Redeeming is Awarding, Authorizing {
    using Generations for uint256;

    /* CONSTANTS */

    bytes32 private constant REDEEM = keccak256(
        "RedeemWithAuthorization(address member,uint256 amount,bytes32 ref,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

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

    /// @inheritdoc IPointToken
    function redeemWithAuthorization(
        address member,
        uint256 amount,
        bytes32 ref,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        bytes32 message = keccak256(abi.encode(REDEEM, member, amount, ref, validAfter, validBefore, nonce));
        _checkSignature(member, message, signature);
        _useAuthorization(member, validAfter, validBefore, nonce);
        _redeem(member, amount, ref);
    }

    /* CORRECTOR FUNCTIONS */

    /// @inheritdoc IPointToken
    function refund(address member, uint256 lots, bytes32 ref) external onlyRole(Roles.CORRECTOR) {
        uint256 supply = _unpaused();
        uint256 epoch = supply.epochOf();
        _checkReceiver(member);
        _checkLots(lots, epoch);

        Account storage account = _accounts[member];
        uint256 word = _unfrozen(member, account, epoch);
        (uint256 aged,) = lots.age(epoch, lifetime);
        uint256 amount = _createLots(member, account, word, supply, aged & Generations.LANES_MASK);
        _spendBudget(msg.sender, amount);

        emit Refunded(msg.sender, member, ref, amount, lots);
    }

    /// @inheritdoc IPointToken
    function correct(address member, uint256 amount, bytes32 ref, bytes32 reason) external onlyRole(Roles.CORRECTOR) {
        uint256 supply = _unpaused();
        Account storage account = _accounts[member];
        _spendBudget(msg.sender, amount);
        _destroy(member, account, _unfrozen(member, account, supply.epochOf()), supply, amount);

        emit Corrected(msg.sender, member, ref, amount, reason);
    }

    /* PRIVATE */

    function _redeem(address member, uint256 amount, bytes32 ref) private {
        uint256 supply = _unpaused();
        uint256 epoch = supply.epochOf();
        Account storage account = _accounts[member];
        uint256 lots = _destroy(member, account, _unfrozen(member, account, epoch), supply, amount);

        emit Redeemed(member, ref, amount, lots | (epoch << Generations.EPOCH_SHIFT));
    }

    /// @dev Lots may be of any epoch of the program so far. Their older lanes may be from before the first one: points
    /// that were converted with their expiry are older than a young program.
    function _checkLots(uint256 lots, uint256 epoch) private pure {
        uint256 lotsEpoch = lots.epochOf();
        if (lots >> Generations.FLAGS_SHIFT != 0 || lotsEpoch == 0 || lotsEpoch > epoch) revert InvalidLots(lots);
    }
}
