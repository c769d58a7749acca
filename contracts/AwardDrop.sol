// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAwardDrop} from "../interfaces/IAwardDrop.sol";
import {IPointToken} from "../interfaces/IPointToken.sol";
import {Generations} from "./libraries/Generations.sol";
import {MemberSignature} from "./libraries/MemberSignature.sol";

/// @title AwardDrop
/// @notice Awards that members claim by Merkle proof. See {IAwardDrop}.
///
/// @custom:kill A freezer of a program stops its drops by freezing this contract's account; its admin stops new ones by
/// revoking the distributor role.
contract AwardDrop is IAwardDrop, EIP712 {
    using Generations for uint256;
    using SafeERC20 for IERC20;

    /* CONSTANTS */

    bytes32 private constant CLAIM_TO =
        keccak256("ClaimTo(bytes32 dropId,uint256 index,address recipient,uint256 validBefore)");

    /* IMMUTABLES */

    /// @inheritdoc IAwardDrop
    address public immutable passkeys;

    /* STORAGE */

    mapping(bytes32 dropId => Drop) private _drops;
    /// @dev dropId => index / 256 => one bit for each row
    mapping(bytes32 dropId => mapping(uint256 => uint256)) private _claimed;

    /* CONSTRUCTOR */

    /// @param passkeys_ The contract that checks signatures by passkeys.
    constructor(address passkeys_) EIP712("Zegel Drop", "1") {
        passkeys = passkeys_;
    }

    /* AWARDER FUNCTIONS */

    /// @inheritdoc IAwardDrop
    function openDrop(address token, bytes32 root, uint48 total, uint32 claimableUntil)
        external
        returns (bytes32 dropId)
    {
        dropId = dropIdOf(token, root);
        if (total == 0) revert DropEmpty();
        if (block.timestamp >= claimableUntil) revert DropOver(dropId, claimableUntil);
        if (_drops[dropId].token != address(0)) revert DropAlreadyOpened(dropId);

        uint256 generation = IPointToken(token).currentEpoch();
        // Points of the oldest age that are still alive expire with the epoch.
        uint256 epochEnd = IPointToken(token).expiryOf(IPointToken(token).lifetime() - 1);
        if (claimableUntil > epochEnd) revert DropOutlivesEpoch(claimableUntil, epochEnd);

        _drops[dropId] = Drop(token, total, claimableUntil, uint16(generation));

        emit DropOpened(dropId, token, msg.sender, root, total, claimableUntil);

        clear(token);
        IPointToken(token).awardFor(msg.sender, address(this), total, dropId);
    }

    /* MEMBER FUNCTIONS */

    /// @inheritdoc IAwardDrop
    function claim(bytes32 dropId, Row calldata row, bytes32[] calldata proof) external {
        _claim(_open(dropId), dropId, row, proof, row.member);
    }

    /// @inheritdoc IAwardDrop
    function claimTo(
        bytes32 dropId,
        Row calldata row,
        bytes32[] calldata proof,
        address recipient,
        uint256 validBefore,
        bytes calldata signature
    ) external {
        Drop memory drop = _open(dropId);
        if (block.timestamp >= validBefore) revert SignatureExpired(validBefore);
        // For the member it is a transfer.
        if (!IPointToken(drop.token).transferable()) revert IPointToken.TransfersDisabled();
        if (IPointToken(drop.token).isFrozen(row.member)) revert IPointToken.MemberFrozen(row.member);

        bytes32 message = keccak256(abi.encode(CLAIM_TO, dropId, row.index, recipient, validBefore));
        MemberSignature.check(row.member, _hashTypedDataV4(message), signature, passkeys);

        _claim(drop, dropId, row, proof, recipient);
    }

    /* ANYONE'S FUNCTIONS */

    /// @inheritdoc IAwardDrop
    function closeDrop(bytes32 dropId) external {
        Drop memory drop = _drops[dropId];
        if (drop.token == address(0)) revert DropUnknown(dropId);
        if (block.timestamp < drop.claimableUntil) revert DropNotOver(dropId, drop.claimableUntil);
        if (drop.remaining == 0) revert NothingUnclaimed(dropId);

        _drops[dropId].remaining = 0;

        emit DropClosed(dropId, drop.remaining);

        if (IPointToken(drop.token).currentEpoch() == drop.generation) {
            IPointToken(drop.token).redeem(drop.remaining, dropId);
        } else {
            clear(drop.token);
        }
    }

    /// @inheritdoc IAwardDrop
    function clear(address token) public {
        uint256 epoch = IPointToken(token).currentEpoch();
        (uint256 word,) = IPointToken(token).accountWord(address(this)).age(epoch, IPointToken(token).lifetime());
        uint256 amount = word.total() - (word & Generations.LANE_MAX);
        if (amount == 0) return;

        emit OldPointsCleared(token, amount);

        IPointToken(token).redeem(amount, "old points of drops");
    }

    /* VIEWS */

    /// @inheritdoc IAwardDrop
    function dropIdOf(address token, bytes32 root) public pure returns (bytes32) {
        return Hashes.efficientKeccak256(bytes32(uint256(uint160(token))), root);
    }

    /// @inheritdoc IAwardDrop
    function dropOf(bytes32 dropId) external view returns (Drop memory) {
        return _drops[dropId];
    }

    /// @inheritdoc IAwardDrop
    function isClaimed(bytes32 dropId, uint256 index) external view returns (bool) {
        return _claimed[dropId][index >> 8] & (1 << (index & 0xff)) != 0;
    }

    /* PRIVATE */

    /// @dev A drop that can be claimed.
    function _open(bytes32 dropId) private view returns (Drop memory drop) {
        drop = _drops[dropId];
        if (drop.token == address(0)) revert DropUnknown(dropId);
        if (block.timestamp >= drop.claimableUntil) revert DropOver(dropId, drop.claimableUntil);
    }

    function _claim(
        Drop memory drop,
        bytes32 dropId,
        Row calldata row,
        bytes32[] calldata proof,
        address recipient
    ) private {
        (uint256 index, uint256 amount) = (row.index, row.amount);
        // The drop's name is made of its root, so the root needs no slot of its own.
        if (dropIdOf(drop.token, MerkleProof.processProofCalldata(proof, _leafOf(row))) != dropId) {
            revert InvalidProof(dropId, index);
        }

        mapping(uint256 => uint256) storage words = _claimed[dropId];
        uint256 bit = 1 << (index & 0xff);
        uint256 claimed = words[index >> 8];
        if (claimed & bit != 0) revert AlreadyClaimed(dropId, index);
        if (amount > drop.remaining) revert DropExhausted(dropId, amount, drop.remaining);

        words[index >> 8] = claimed | bit;
        _drops[dropId].remaining = drop.remaining - uint48(amount);

        emit Claimed(dropId, row.member, row.ref, index, recipient, amount);

        IERC20(drop.token).safeTransfer(recipient, amount);
    }

    /// @dev `keccak256(bytes.concat(keccak256(abi.encode(row))))`: in calldata a row is encoded already.
    function _leafOf(Row calldata row) private pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            let encoded := mload(0x40)
            calldatacopy(encoded, row, 160)
            mstore(0, keccak256(encoded, 160))
            leaf := keccak256(0, 32)
        }
    }
}
