// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Generations} from "../../../contracts/libraries/Generations.sol";

/// @title LanesProof
/// @notice Lanes are added, subtracted and moved without touching their neighbours: for every word there is.
contract LanesProof {
    using Generations for uint256;

    /// @dev Property: P10. What is taken is in the lanes, adds up, and comes off without a borrow.
    function check_theOldestPointsComeOffLaneByLane(uint256 word, uint256 amount) external pure {
        (uint256 lots, uint256 missing) = word.oldest(amount);

        assert(lots >> 192 == 0);
        assert(missing <= amount);
        assert(lots.total() == amount - missing);
        assert(missing == 0 || lots.total() == word.total());
        for (uint256 age; age < 4; ++age) {
            assert(_lane(lots, age) <= _lane(word, age));
            assert(_lane(word - lots, age) == _lane(word, age) - _lane(lots, age));
        }
        assert((word - lots) >> 192 == word >> 192);
    }

    /// @dev Property: P11. A lane gives something only if all older ones gave everything.
    function check_olderPointsGoFirst(uint256 word, uint256 amount) external pure {
        (uint256 lots,) = word.oldest(amount);

        for (uint256 age; age < 3; ++age) {
            if (_lane(lots, age) != 0) assert(_lane(lots, age + 1) == _lane(word, age + 1));
        }
    }

    /// @dev Property: P10. Where {overflowing} says that all fits, a sum carries nowhere.
    function check_whatFitsIsAddedLaneByLane(uint256 word, uint256 lots) external pure {
        if (lots >> 192 != 0 || word.overflowing(lots) != Generations.LANES) return;

        uint256 sum;
        unchecked {
            sum = word + lots;
        }
        for (uint256 age; age < 4; ++age) {
            assert(_lane(sum, age) == _lane(word, age) + _lane(lots, age));
        }
        assert(sum >> 192 == word >> 192);
    }

    /// @dev Property: P9. With time lanes move up by one for each epoch, and those past the lifetime are gone.
    function check_agingMovesLanesAndDropsTheOld(uint256 word, uint256 epoch, uint256 lifetime) external pure {
        if (epoch > Generations.EPOCH_MAX || word.epochOf() > epoch || lifetime == 0 || lifetime > 4) return;

        (uint256 aged, uint256 expired) = word.age(epoch, lifetime);
        uint256 elapsed = epoch - word.epochOf();
        for (uint256 age; age < 4; ++age) {
            uint256 before = age >= elapsed ? _lane(word, age - elapsed) : 0;
            assert(_lane(aged, age) == (age < lifetime ? before : 0));
        }
        assert(aged.epochOf() == epoch);
        assert(aged >> 208 == word >> 208);
        assert(aged.total() + expired == word.total());
    }

    function _lane(uint256 word, uint256 age) private pure returns (uint256) {
        return uint48(word >> (48 * age));
    }
}
