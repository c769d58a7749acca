// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Calendar} from "../libraries/Calendar.sol";
import {Generations} from "../libraries/Generations.sol";

/// @title PointLedger
/// @notice Who holds which points of which generation, and how they move, appear and disappear: an ERC-20 ledger with
/// one storage word per member.
///
/// @dev All other parts of the token change balances through the internal functions below, and only through them.
abstract contract PointLedger is IPointToken {
    using Generations for uint256;

    /* CONSTANTS */

    uint256 internal constant FROZEN = 1 << Generations.FLAGS_SHIFT;
    uint256 internal constant PAUSED = 1 << Generations.FLAGS_SHIFT;
    uint256 internal constant EXCHANGE_OFF = 2 << Generations.FLAGS_SHIFT;

    uint256 private constant NO_EXPIRY_EPOCH = 1;
    uint64 private constant NEVER = type(uint64).max;
    /// @dev The end of the only epoch of points that never expire: the year 36,812.
    uint256 private constant END_OF_TIME = type(uint40).max;

    /* TYPES */

    /// @dev A member's account word, in a struct so that its place is computed once for reading and writing.
    struct Account {
        uint256 word;
    }

    /* IMMUTABLES */

    /// @inheritdoc IPointToken
    uint8 public immutable monthsPerEpoch;
    /// @inheritdoc IPointToken
    uint8 public immutable lifetime;
    /// @inheritdoc IPointToken
    bool public immutable transferable;

    uint8 private immutable _decimals;
    /// @dev Periods of `monthsPerEpoch` months from year 0 to the one before epoch 1.
    uint256 private immutable _periodsBeforeFirstEpoch;

    /* STORAGE */

    /// @dev member => account word
    mapping(address => Account) internal _accounts;
    uint256 internal _supply;
    /// @dev member => spender => base units
    mapping(address => mapping(address => uint256)) private _allowances;
    string private _symbol;

    /* CONSTRUCTOR */

    constructor(Settings memory settings) {
        uint256 months = settings.monthsPerEpoch;
        // What members sign carries the name as a short string.
        if (bytes(settings.name).length > 31) revert InvalidSetting("name", bytes(settings.name).length);
        if (settings.decimals > 4) revert InvalidSetting("decimals", settings.decimals);
        if (settings.lifetime == 0 || settings.lifetime > Generations.LANES) {
            revert InvalidSetting("lifetime", settings.lifetime);
        }
        if (months > 120 || (months != 0 && 12 % months != 0 && months % 12 != 0)) {
            revert InvalidSetting("monthsPerEpoch", months);
        }

        _symbol = settings.symbol;
        _decimals = settings.decimals;
        monthsPerEpoch = settings.monthsPerEpoch;
        lifetime = settings.lifetime;
        transferable = settings.transferable;
        _periodsBeforeFirstEpoch = months == 0 ? 0 : Calendar.monthOf(block.timestamp) / months - 1;

        // Never zero, so no award ever pays for creating the word. Its end has passed: the first award finds the right one.
        _supply = 1 << Generations.EPOCH_SHIFT;
    }

    /* TRANSFERS */

    /// @inheritdoc IERC20
    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (from == address(0)) revert ERC20InvalidSender(from);

        _spendAllowance(from, msg.sender, amount);
        _transfer(from, to, amount);
        return true;
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 amount) external returns (bool) {
        _approve(msg.sender, spender, amount);
        return true;
    }

    /// @inheritdoc IPointToken
    function sweep(address[] calldata members) external {
        uint256 epoch = currentEpoch();
        for (uint256 i; i < members.length; ++i) {
            Account storage account = _accounts[members[i]];
            if (account.word != 0) account.word = _age(members[i], account.word, epoch);
        }
    }

    /* VIEWS */

    /// @inheritdoc IERC20Metadata
    function symbol() external view returns (string memory) {
        return _symbol;
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external view returns (uint8) {
        return _decimals;
    }

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return _alive(_supply).total();
    }

    /// @inheritdoc IERC20
    function balanceOf(address member) external view returns (uint256) {
        return _alive(_accounts[member].word).total();
    }

    /// @inheritdoc IERC20
    function allowance(address member, address spender) external view returns (uint256) {
        return _allowances[member][spender];
    }

    /// @inheritdoc IPointToken
    function isFrozen(address member) external view returns (bool) {
        return _accounts[member].word & FROZEN != 0;
    }

    /// @inheritdoc IPointToken
    function isPaused() external view returns (bool) {
        return _supply & PAUSED != 0;
    }

    /// @inheritdoc IPointToken
    function isExchangeOn() external view returns (bool) {
        return _supply & EXCHANGE_OFF == 0;
    }

    /// @inheritdoc IPointToken
    function expiries(address member) external view returns (Expiry[] memory) {
        return _expiries(_accounts[member].word);
    }

    /// @inheritdoc IPointToken
    function supplyByExpiry() external view returns (Expiry[] memory) {
        return _expiries(_supply);
    }

    /// @inheritdoc IPointToken
    function accountWord(address member) external view returns (uint256) {
        return _accounts[member].word;
    }

    /// @inheritdoc IPointToken
    function supplyWord() external view returns (uint256) {
        return _supply;
    }

    /// @inheritdoc IPointToken
    function expiryOf(uint256 age) external view returns (uint64) {
        return _expiryOf(currentEpoch(), age);
    }

    /// @inheritdoc IPointToken
    function room() external view returns (uint256) {
        return Generations.LANE_MAX - (_alive(_supply) & Generations.LANE_MAX);
    }

    /// @inheritdoc IPointToken
    function currentEpoch() public view returns (uint256) {
        if (monthsPerEpoch == 0) return NO_EXPIRY_EPOCH;

        // The clock never runs back, and sixteen bits of epochs last for 5,461 years.
        unchecked {
            return Calendar.monthOf(block.timestamp) / monthsPerEpoch - _periodsBeforeFirstEpoch;
        }
    }

    /* INTERNAL: MOVING POINTS */

    /// @dev Moves points between members; they keep their generations. `from` is not zero: it called or signed.
    /// @return lots What moved, by generation, without an epoch.
    function _transfer(address from, address to, uint256 amount) internal returns (uint256 lots) {
        if (!transferable && !_isDistributor(from)) revert TransfersDisabled();
        if (to == address(0)) revert ERC20InvalidReceiver(to);

        uint256 epoch = currentEpoch();
        Account storage account = _accounts[from];
        uint256 word = _unfrozen(from, account, epoch);
        uint256 missing;
        (lots, missing) = word.oldest(amount);
        if (missing != 0) revert ERC20InsufficientBalance(from, amount - missing, amount);

        // The sender's word is written before the receiver's is read, so sending to oneself changes nothing.
        unchecked {
            account.word = word - lots;
            account = _accounts[to];
            account.word = _unfrozen(to, account, epoch) + lots;
        }

        emit Transfer(from, to, amount);
    }

    /// @dev Whether an account hands out awards, which it may where members may not send each other points.
    function _isDistributor(address account) internal view virtual returns (bool);

    /// @dev Creates points of the current generation.
    /// @param account The member's account, whose aged word is `word`.
    /// @param supply The aged supply word.
    function _create(address member, Account storage account, uint256 word, uint256 supply, uint256 amount) internal {
        _addSupply(supply, amount);
        unchecked {
            account.word = word + amount;
        }

        emit Transfer(address(0), member, amount);
    }

    /// @dev Creates points of several generations.
    /// @param account The member's account, whose aged word is `word`.
    /// @param supply The aged supply word.
    /// @param lots What to create, by generation, aged, without an epoch.
    /// @return amount How many points that is.
    function _createLots(address member, Account storage account, uint256 word, uint256 supply, uint256 lots)
        internal
        returns (uint256 amount)
    {
        if (lots >> Generations.EPOCH_SHIFT != 0) revert InvalidLots(lots);
        uint256 lane = supply.overflowing(lots);
        if (lane != Generations.LANES) {
            uint256 shift = lane * Generations.LANE_BITS;
            uint256 left = Generations.LANE_MAX - ((supply >> shift) & Generations.LANE_MAX);
            revert GenerationFull(supply.epochOf() - lane, (lots >> shift) & Generations.LANE_MAX, left);
        }

        amount = lots.total();
        unchecked {
            _supply = supply + lots;
            account.word = word + lots;
        }

        emit Transfer(address(0), member, amount);
    }

    /// @dev Destroys the oldest points of a member.
    /// @param account The member's account, whose aged word is `word`.
    /// @param supply The aged supply word.
    /// @return lots What was destroyed, by generation, without an epoch.
    function _destroy(address member, Account storage account, uint256 word, uint256 supply, uint256 amount)
        internal
        returns (uint256 lots)
    {
        uint256 missing;
        (lots, missing) = word.oldest(amount);
        if (missing != 0) revert ERC20InsufficientBalance(member, amount - missing, amount);

        unchecked {
            _supply = supply - lots;
            account.word = word - lots;
        }

        emit Transfer(member, address(0), amount);
    }

    /// @dev Adds points of the current generation to the supply: the one place that keeps every lane below 2^48.
    function _addSupply(uint256 supply, uint256 amount) internal {
        unchecked {
            uint256 left = Generations.LANE_MAX - (supply & Generations.LANE_MAX);
            if (amount > left) revert GenerationFull(supply.epochOf(), amount, left);

            _supply = supply + amount;
        }
    }

    function _checkReceiver(address to) internal pure {
        if (to == address(0)) revert ERC20InvalidReceiver(to);
    }

    /* INTERNAL: WORDS AT AN EPOCH */

    /// @dev The supply word at the current epoch. It knows when its epoch ends, so the calendar is computed once per
    /// epoch and not once per call.
    function _currentSupply() internal view returns (uint256 supply) {
        supply = _supply;
        if (block.timestamp >= supply >> Generations.EPOCH_END_SHIFT) supply = _renewed(supply);
    }

    /// @dev The supply word at the current epoch, of a program that is not paused.
    function _unpaused() internal view returns (uint256 supply) {
        supply = _currentSupply();
        if (supply & PAUSED != 0) revert ProgramPaused();
    }

    /// @dev The account word at an epoch, of a member that is not frozen.
    function _unfrozen(address member, Account storage account, uint256 epoch) internal returns (uint256 word) {
        word = account.word;
        if (word & FROZEN != 0) revert MemberFrozen(member);
        if (word.epochOf() != epoch) word = _age(member, word, epoch);
    }

    /// @dev The account word at an epoch. Announces expired points; the caller writes the word.
    function _age(address member, uint256 word, uint256 epoch) internal returns (uint256 aged) {
        if (word == 0) return epoch << Generations.EPOCH_SHIFT;

        uint256 expired;
        (aged, expired) = word.age(epoch, lifetime);
        if (expired != 0) {
            emit Transfer(member, address(0), expired);
            emit Expired(member, expired);
        }
    }

    /// @dev A word at the current epoch.
    function _alive(uint256 word) internal view returns (uint256 aged) {
        (aged,) = word.age(currentEpoch(), lifetime);
    }

    /* INTERNAL: ALLOWANCES */

    function _approve(address member, address spender, uint256 amount) internal {
        if (member == address(0)) revert ERC20InvalidApprover(member);
        if (spender == address(0)) revert ERC20InvalidSpender(spender);

        _allowances[member][spender] = amount;

        emit Approval(member, spender, amount);
    }

    /// @dev An allowance of the largest number is never lowered.
    function _spendAllowance(address member, address spender, uint256 amount) internal {
        uint256 allowed = _allowances[member][spender];
        if (allowed == type(uint256).max) return;
        if (allowed < amount) revert ERC20InsufficientAllowance(spender, allowed, amount);

        unchecked {
            _allowances[member][spender] = allowed - amount;
        }
    }

    /* PRIVATE */

    /// @dev The supply word moved on to the current epoch.
    function _renewed(uint256 supply) private view returns (uint256) {
        uint256 epoch = currentEpoch();
        uint256 end = monthsPerEpoch == 0 ? END_OF_TIME : _startOf(epoch + 1);
        (uint256 aged,) = supply.age(epoch, lifetime);

        return (aged & ((1 << Generations.EPOCH_END_SHIFT) - 1)) | (end << Generations.EPOCH_END_SHIFT);
    }

    function _expiries(uint256 word) private view returns (Expiry[] memory list) {
        uint256 alive = _alive(word);

        list = new Expiry[](Generations.LANES);
        uint256 count;
        for (uint256 left = Generations.LANES; left > 0; --left) {
            uint256 age = left - 1;
            uint256 amount = (alive >> (age * Generations.LANE_BITS)) & Generations.LANE_MAX;
            if (amount != 0) list[count++] = Expiry(_expiryOf(alive.epochOf(), age), uint64(amount));
        }

        assembly ("memory-safe") {
            mstore(list, count)
        }
    }

    /// @dev When points expire that are `age` epochs old. Converted ones may be older than the program.
    function _expiryOf(uint256 epoch, uint256 age) private view returns (uint64) {
        return monthsPerEpoch == 0 ? NEVER : uint64(_startOf(epoch + lifetime - age));
    }

    /// @dev The first second of an epoch, of points that expire.
    function _startOf(uint256 epoch) private view returns (uint256) {
        return Calendar.startOf((_periodsBeforeFirstEpoch + epoch) * monthsPerEpoch);
    }
}
