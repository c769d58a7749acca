// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Roles} from "../libraries/Roles.sol";
import {PointLedger} from "./PointLedger.sol";

/// @title Awarding
/// @notice How points come into being: awarders with a budget, awards one by one and in batches.
abstract contract Awarding is PointLedger, AccessControlDefaultAdminRules {
    using Generations for uint256;

    /* CONSTANTS */

    /// @notice The shortest period of a budget, in seconds.
    uint32 public constant MIN_BUDGET_PERIOD = 1 hours;
    /// @notice The longest period of a budget, in seconds.
    uint32 public constant MAX_BUDGET_PERIOD = 366 days;

    /* STORAGE */

    /// @dev awarder => budget
    mapping(address => Budget) private _budgets;
    /// @inheritdoc IPointToken
    mapping(bytes32 => bool) public isAwarded;

    /* AWARDER FUNCTIONS */

    /// @inheritdoc IPointToken
    function award(address member, uint256 amount, bytes32 ref) external {
        _award(msg.sender, member, amount, ref);
    }

    /// @inheritdoc IPointToken
    function awardFor(address awarder, address member, uint256 amount, bytes32 ref)
        external
        onlyRole(Roles.DISTRIBUTOR)
    {
        _award(awarder, member, amount, ref);
    }

    /// @inheritdoc IPointToken
    function awardBatch(bytes32 batchId, uint256[] calldata words) external {
        if (words.length == 0) revert BatchEmpty();
        if (isAwarded[batchId]) revert BatchAlreadyAwarded(batchId);

        uint256 supply = _unpaused();
        uint256 total = _awardAll(words, supply.epochOf());

        // Had one award not fitted into its lane, the total would not fit either, and nothing stands.
        _addSupply(supply, total);
        isAwarded[batchId] = true;
        _spendBudget(msg.sender, total);

        emit BatchAwarded(msg.sender, batchId, words.length, total);
    }

    /* ISSUER FUNCTIONS */

    /// @inheritdoc IPointToken
    function setBudget(address awarder, uint64 newLimit, uint32 period) external onlyRole(Roles.DEFAULT_ADMIN) {
        if (period < MIN_BUDGET_PERIOD || period > MAX_BUDGET_PERIOD) {
            revert BudgetPeriodOutOfBounds(period, MIN_BUDGET_PERIOD, MAX_BUDGET_PERIOD);
        }

        Budget memory budget = budgetOf(awarder);
        uint256 oldLimit = budget.limit;

        (budget.limit, budget.period, budget.window) = (newLimit, period, uint32(block.timestamp / period));
        _budgets[awarder] = budget;

        emit BudgetSet(msg.sender, awarder, oldLimit, newLimit, period);
    }

    /// @inheritdoc IPointToken
    function revokeBudget(address awarder) external onlyRole(Roles.GUARDIAN) {
        Budget storage budget = _budgets[awarder];
        uint256 oldLimit = budget.limit;

        budget.limit = 0;

        emit BudgetSet(msg.sender, awarder, oldLimit, 0, budget.period);
    }

    /* VIEWS */

    /// @inheritdoc IPointToken
    function budgetOf(address awarder) public view returns (Budget memory budget) {
        budget = _budgets[awarder];
        if (budget.period == 0) return budget;

        uint32 window = uint32(block.timestamp / budget.period);
        if (budget.window != window) {
            budget.used = 0;
            budget.window = window;
        }
    }

    /// @inheritdoc IPointToken
    function isInBatch(
        bytes32 batchId,
        address member,
        uint256 amount,
        bytes32 ref,
        bytes32 reason,
        bytes32[] calldata proof
    ) external view returns (bool) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(member, amount, ref, reason))));

        return isAwarded[batchId] && MerkleProof.verifyCalldata(proof, batchId, leaf);
    }

    /* INTERNAL */

    /// @dev Charges an awarder's budget.
    function _spendBudget(address awarder, uint256 amount) internal {
        Budget storage budget = _budgets[awarder];
        (uint256 limit, uint256 used, uint256 period, uint256 window) =
            (budget.limit, budget.used, budget.period, budget.window);
        if (limit == 0) revert NotAwarder(awarder);

        // The sums stay far below 2^64: what is used never exceeds a limit that was once in force.
        unchecked {
            uint256 current = block.timestamp / period;
            if (current != window) used = 0;
            // A limit that was lowered below what is used leaves nothing.
            uint256 remaining = limit > used ? limit - used : 0;
            if (amount > remaining) revert BudgetExceeded(awarder, amount, remaining);

            (budget.used, budget.window) = (uint64(used + amount), uint32(current));
        }
    }

    function _isDistributor(address account) internal view override returns (bool) {
        return hasRole(Roles.DISTRIBUTOR, account);
    }

    /* PRIVATE */

    function _award(address awarder, address member, uint256 amount, bytes32 ref) private {
        _checkReceiver(member);

        uint256 supply = _unpaused();
        Account storage account = _accounts[member];
        uint256 word = account.word;
        if (word.epochOf() != supply.epochOf()) word = _age(member, word, supply.epochOf());
        _spendBudget(awarder, amount);
        _create(member, account, word, supply, amount);

        emit Awarded(awarder, member, ref, amount);
    }

    /// @dev Adds every award of a batch to its member's account; the caller accounts for the total. This loop runs
    /// once per award, so it does without checks that others make for it: the sum of 96-bit amounts cannot overflow,
    /// and what a lane cannot hold is more than the supply's lane can hold.
    function _awardAll(uint256[] calldata words, uint256 epoch) private returns (uint256 total) {
        bytes32 topic = Transfer.selector;
        unchecked {
            for (uint256 i; i < words.length; ++i) {
                uint256 word;
                assembly ("memory-safe") {
                    // words[i], without the bounds check
                    word := calldataload(add(words.offset, shl(5, i)))
                }
                address member = address(uint160(word >> 96));
                uint256 amount = uint96(word);
                if (member == address(0)) revert ERC20InvalidReceiver(member);

                Account storage account = _accounts[member];
                uint256 old = account.word;
                if (old.epochOf() != epoch) old = _age(member, old, epoch);
                account.word = old + amount;
                total += amount;

                assembly ("memory-safe") {
                    // emit Transfer(address(0), member, amount)
                    mstore(0, amount)
                    log3(0, 32, topic, 0, member)
                }
            }
        }
    }
}
