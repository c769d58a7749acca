// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Generations
/// @notice Points by the epoch in which they were awarded, packed into one word.
///
/// @dev The account word of a member and the supply word of a token share this layout:
///
///   bits   0..191   four lanes of 48 bits, newest first: points awarded in epoch e, e-1, e-2, e-3
///   bits 192..207   e, the epoch of the newest lane; 0 only in a word that was never touched
///   bits 208..215   flags
///   bits 216..255   of an account: nonce; of the supply: the second at which epoch e ends
///
/// Lanes are added and subtracted all at once, as one number. No lane can carry into its neighbour: the supply word's
/// lane is the sum of the members' lanes, is checked against 48 bits when points are created, and lots never take more
/// from a lane than it holds.
///
/// Functions are unchecked: every lane is below 2^48, so no sum of four comes near 2^256.
library Generations {
    uint256 internal constant LANE_BITS = 48;
    uint256 internal constant LANE_MAX = (1 << 48) - 1;
    uint256 internal constant LANES = 4;
    uint256 internal constant LANES_MASK = (1 << 192) - 1;
    uint256 internal constant EPOCH_SHIFT = 192;
    uint256 internal constant EPOCH_MAX = (1 << 16) - 1;
    uint256 internal constant FLAGS_SHIFT = 208;
    uint256 internal constant NONCE_SHIFT = 216;
    uint256 internal constant NONCE_ONE = 1 << 216;
    uint256 internal constant EPOCH_END_SHIFT = 216;

    /// @notice The epoch of a word's newest lane.
    function epochOf(uint256 word) internal pure returns (uint256) {
        return (word >> EPOCH_SHIFT) & EPOCH_MAX;
    }

    /// @notice The sum of all lanes, in base units.
    function total(uint256 word) internal pure returns (uint256) {
        unchecked {
            return (word & LANE_MAX) + ((word >> 48) & LANE_MAX) + ((word >> 96) & LANE_MAX)
                + ((word >> 144) & LANE_MAX);
        }
    }

    /// @notice A word moved on to an epoch: lanes shift to their new age, those past `lifetime` are dropped.
    /// @param word A word whose epoch is not after `epoch`.
    /// @param epoch The epoch to move to.
    /// @param lifetime Epochs that points live, 1 to 4.
    /// @return aged The same word at `epoch`.
    /// @return expired What was dropped, in base units.
    function age(uint256 word, uint256 epoch, uint256 lifetime) internal pure returns (uint256 aged, uint256 expired) {
        unchecked {
            uint256 lanes = word & LANES_MASK;
            // A shift by more than the word's width gives zero, as it should.
            uint256 elapsed = epoch - epochOf(word);
            uint256 alive = (lanes << (LANE_BITS * elapsed)) & ((1 << (LANE_BITS * lifetime)) - 1);

            aged = ((word >> FLAGS_SHIFT) << FLAGS_SHIFT) | (epoch << EPOCH_SHIFT) | alive;
            expired = total(lanes) - total(alive);
        }
    }

    /// @notice The oldest points of a word.
    /// @param word An aged word.
    /// @param amount How many, in base units.
    /// @return lots The lanes that make up `amount`, oldest points first.
    /// @return missing How many base units the word is short of.
    function oldest(uint256 word, uint256 amount) internal pure returns (uint256 lots, uint256 missing) {
        unchecked {
            // Unrolled, and with a short cut for those who hold the newest generation only: every transfer comes by.
            uint256 lane = word & LANE_MAX;
            if (word & LANES_MASK == lane) return amount <= lane ? (amount, 0) : (lane, amount - lane);

            lane = (word >> 144) & LANE_MAX;
            if (amount <= lane) return (amount << 144, 0);
            lots = lane << 144;
            amount -= lane;

            lane = (word >> 96) & LANE_MAX;
            if (amount <= lane) return (lots | (amount << 96), 0);
            lots |= lane << 96;
            amount -= lane;

            lane = (word >> 48) & LANE_MAX;
            if (amount <= lane) return (lots | (amount << 48), 0);
            lots |= lane << 48;
            amount -= lane;

            lane = word & LANE_MAX;
            if (amount <= lane) return (lots | amount, 0);
            return (lots | lane, amount - lane);
        }
    }

    /// @notice Whether every lane of a word holds at least what the same lane of `lots` does.
    /// @param word An aged word.
    /// @param lots Lanes to be taken.
    function covers(uint256 word, uint256 lots) internal pure returns (bool) {
        unchecked {
            for (uint256 shift; shift < EPOCH_SHIFT; shift += LANE_BITS) {
                if (((word >> shift) & LANE_MAX) < ((lots >> shift) & LANE_MAX)) return false;
            }
            return true;
        }
    }

    /// @notice The first lane, from the newest, that cannot take what `lots` would add to it.
    /// @param word An aged word.
    /// @param lots Lanes to be added.
    /// @return lane Its index, 0 for the newest; `LANES` if all fit.
    function overflowing(uint256 word, uint256 lots) internal pure returns (uint256 lane) {
        unchecked {
            for (; lane < LANES; ++lane) {
                uint256 shift = LANE_BITS * lane;
                if (((word >> shift) & LANE_MAX) + ((lots >> shift) & LANE_MAX) > LANE_MAX) return lane;
            }
        }
    }
}
