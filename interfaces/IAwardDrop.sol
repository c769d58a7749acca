// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IAwardDrop
/// @notice Any number of awards at the price of one: an awarder commits to them by the root of a Merkle tree, and each
/// member claims their own.
///
/// @dev Amounts are in base units. Times are Unix seconds.
///
/// A *drop* is one tree for one token. The awarder's budget is charged, and the points come into being, when the drop is
/// opened. From then on they stand in this contract's account of the token, which must have given this contract the
/// distributor role.
///
/// A drop ends with the epoch in which it was opened at the latest. A token takes the oldest generation first, so drops
/// of two epochs in one account would hand out each other's points, and members would get points that expire too soon.
/// As it is, whoever claims gets points of the generation of their drop, and what open drops owe is always there.
///
/// Each drop has its own account of what is left, and calls no token but its own. A token of another make, which lies
/// about what it does, can harm its own drops and no others.
interface IAwardDrop {
    /* TYPES */

    /// @notice One award of a drop, a leaf of its tree: `keccak256(keccak256(abi.encode(row)))`, pairs hashed in sorted
    /// order, as in OpenZeppelin's standard Merkle tree.
    /// @param index Its number in the drop, from 0 without gaps: claims that lie near each other share a storage slot.
    /// @param member Who is awarded.
    /// @param amount How many points, in base units.
    /// @param ref The awarder's own number for what is rewarded, such as a receipt.
    /// @param reason Why: short text or the hash of a document.
    struct Row {
        uint256 index;
        address member;
        uint256 amount;
        bytes32 ref;
        bytes32 reason;
    }

    /// @notice A drop.
    /// @param token The points that it awards; the zero address if there is no such drop.
    /// @param remaining What can still be claimed, in base units.
    /// @param claimableUntil The first second at which it cannot be claimed any more.
    /// @param generation The epoch in which it was opened, and its points awarded.
    struct Drop {
        address token;
        uint48 remaining;
        uint32 claimableUntil;
        uint16 generation;
    }

    /* EVENTS */

    /// @notice A drop was opened.
    /// @param dropId The drop.
    /// @param token The points that it awards.
    /// @param awarder Whose budget paid for it.
    /// @param root The root of its tree.
    /// @param total How many points it awards, in base units.
    /// @param claimableUntil The first second at which it cannot be claimed any more.
    event DropOpened(
        bytes32 indexed dropId,
        address indexed token,
        address indexed awarder,
        bytes32 root,
        uint256 total,
        uint256 claimableUntil
    );

    /// @notice An award was claimed.
    /// @param dropId The drop.
    /// @param member Who was awarded.
    /// @param ref The awarder's own number for what was rewarded.
    /// @param index The row's number in the drop.
    /// @param recipient Who received the points: the member, or whom the member named.
    /// @param amount How many, in base units.
    event Claimed(
        bytes32 indexed dropId,
        address indexed member,
        bytes32 indexed ref,
        uint256 index,
        address recipient,
        uint256 amount
    );

    /// @notice A drop was closed; what nobody had claimed is destroyed, or has expired.
    /// @param dropId The drop.
    /// @param unclaimed What nobody had claimed, in base units.
    event DropClosed(bytes32 indexed dropId, uint256 unclaimed);

    /// @notice Points in this contract's account that belong to no open drop were destroyed.
    /// @param token Whose points.
    /// @param amount How many, in base units.
    event OldPointsCleared(address indexed token, uint256 amount);

    /* ERRORS */

    /// @notice Thrown when a drop would award nothing.
    error DropEmpty();

    /// @notice Thrown when this token has had a drop with this root.
    error DropAlreadyOpened(bytes32 dropId);

    /// @notice Thrown when there is no such drop.
    error DropUnknown(bytes32 dropId);

    /// @notice Thrown when a drop would end later than the epoch in which it is opened.
    error DropOutlivesEpoch(uint256 claimableUntil, uint256 epochEnd);

    /// @notice Thrown when a drop cannot be claimed any more.
    error DropOver(bytes32 dropId, uint256 claimableUntil);

    /// @notice Thrown when a drop that can still be claimed would be closed.
    error DropNotOver(bytes32 dropId, uint256 claimableUntil);

    /// @notice Thrown when a drop has nothing left, because all was claimed or it was closed.
    error NothingUnclaimed(bytes32 dropId);

    /// @notice Thrown when a proof does not lead from the row to the root of the drop.
    error InvalidProof(bytes32 dropId, uint256 index);

    /// @notice Thrown when a row was claimed before.
    error AlreadyClaimed(bytes32 dropId, uint256 index);

    /// @notice Thrown when the rows of a tree sum to more than the drop's total.
    error DropExhausted(bytes32 dropId, uint256 amount, uint256 remaining);

    /// @notice Thrown when a signature came too late.
    error SignatureExpired(uint256 validBefore);

    /* AWARDERS */

    /// @notice Opens a drop.
    ///
    /// @dev Emits {DropOpened}, the token's `Awarded` to this contract and, where older points stand in this contract's
    /// account, {OldPointsCleared}.
    ///
    /// Requirements:
    /// - The caller must be an awarder of the token, whose budget covers `total`.
    /// - The token must have given this contract the distributor role, and not be paused.
    /// - The token must not have had a drop with this root.
    /// - The drop must not end before it begins, nor later than the current epoch of the token.
    ///
    /// Warning: the chain does not know the rows. Should they sum to more than `total`, the last who claim get nothing.
    ///
    /// @param token The points to award.
    /// @param root The root of the tree over all rows.
    /// @param total The sum of all rows, in base units.
    /// @param claimableUntil The first second at which it cannot be claimed any more.
    /// @return dropId The drop, see {dropIdOf}.
    function openDrop(address token, bytes32 root, uint48 total, uint32 claimableUntil)
        external
        returns (bytes32 dropId);

    /* MEMBERS */

    /// @notice Sends a member the award of one row. Anyone may call it, and pays the gas.
    ///
    /// @dev Emits {Claimed}, and the token's `Transfer`.
    ///
    /// Requirements:
    /// - The drop must not be over.
    /// - The row must belong to the drop and not have been claimed.
    /// - The member must not be frozen.
    ///
    /// @param dropId The drop.
    /// @param row The award.
    /// @param proof The sibling hashes, leaf first.
    function claim(bytes32 dropId, Row calldata row, bytes32[] calldata proof) external;

    /// @notice Sends the award of one row to an account that the member has named by signature.
    ///
    /// @dev Emits {Claimed}, and the token's `Transfer`. The signed type is
    /// `ClaimTo(bytes32 dropId,uint256 index,address recipient,uint256 validBefore)`, of the domain "Zegel Drop",
    /// version "1".
    ///
    /// Requirements:
    /// - As for {claim}. The recipient must not be frozen either.
    /// - The member must have signed, by key, contract (ERC-1271) or passkey.
    /// - Members must be free to send these points to each other.
    ///
    /// @param dropId The drop.
    /// @param row The award.
    /// @param proof The sibling hashes, leaf first.
    /// @param recipient Who receives the points.
    /// @param validBefore The first second at which the signature is not valid any more.
    /// @param signature The member's signature.
    function claimTo(
        bytes32 dropId,
        Row calldata row,
        bytes32[] calldata proof,
        address recipient,
        uint256 validBefore,
        bytes calldata signature
    ) external;

    /* ANYONE */

    /// @notice Closes a drop that is over, and destroys what nobody has claimed, as far as it has not expired.
    ///
    /// @dev Emits {DropClosed} and the token's `Redeemed`. Once the epoch of the drop is past, it does so by {clear}.
    ///
    /// Requirements:
    /// - The drop must be over and something unclaimed.
    /// - The program must not be paused.
    function closeDrop(bytes32 dropId) external;

    /// @notice Destroys the points in this contract's account that are older than the current epoch of their token: what
    /// drops that are over have left, and what somebody has sent here. They belong to no open drop, and would be claimed
    /// before its own.
    ///
    /// @dev Emits {OldPointsCleared} and the token's `Redeemed`, if there are such points.
    ///
    /// Requirements:
    /// - The program must not be paused.
    function clear(address token) external;

    /* VIEWS */

    /// @notice The drop of a token with a root: `keccak256(abi.encode(token, root))`.
    function dropIdOf(address token, bytes32 root) external pure returns (bytes32);

    /// @notice A drop.
    function dropOf(bytes32 dropId) external view returns (Drop memory);

    /// @notice Whether a row was claimed.
    function isClaimed(bytes32 dropId, uint256 index) external view returns (bool);

    /// @notice The contract that checks signatures by passkeys.
    function passkeys() external view returns (address);
}
