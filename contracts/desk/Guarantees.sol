// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IIssuerRegistry} from "../../interfaces/IIssuerRegistry.sol";
import {IOfflineDesk} from "../../interfaces/IOfflineDesk.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Roles} from "../libraries/Roles.sol";

/// @title Guarantees
/// @notice What issuers stand in for when shared purses are overspent, and what members owe them for it.
///
/// @dev The sum of the merchants' limits stays within the guarantee for one member, and a shared purse is opened only
/// while there is a guarantee left for it. That is all it takes for every promise within the limits to be kept.
abstract contract Guarantees is IOfflineDesk {
    /* CONSTANTS */

    uint256 public constant MIN_WINDOW = 1 hours;
    uint256 public constant MAX_WINDOW = 30 days;

    /* TYPES */

    /// @dev What a member owes, and what the guarantee paid for it in this round. A round begins when the member, free
    /// of debt, sets points aside again: so neither paying nor giving up a debt lets anybody draw twice.
    struct Debt {
        uint64 amount;
        uint64 drawn;
        uint32 round;
    }

    /* IMMUTABLES */

    /// @inheritdoc IOfflineDesk
    address public immutable registry;
    /// @inheritdoc IOfflineDesk
    uint256 public immutable offlineWindow;

    /* STORAGE */

    mapping(address => Guarantee) private _guarantees;
    /// @dev token => merchant => limit
    mapping(address => mapping(address => Limit)) private _limits;
    /// @dev token => member => debt
    mapping(address => mapping(address => Debt)) private _debts;
    /// @dev token, member, merchant, round => what the guarantee has paid this merchant for this member
    mapping(bytes32 => uint256) private _drawn;

    /* CONSTRUCTOR */

    constructor(address registry_, uint256 window) {
        if (window < MIN_WINDOW || window > MAX_WINDOW) revert WindowOutOfBounds(window, MIN_WINDOW, MAX_WINDOW);

        registry = registry_;
        offlineWindow = window;
    }

    /* MODIFIERS */

    modifier onlyAdmin(address token) {
        _checkAdmin(token);
        _;
    }

    /* ISSUER FUNCTIONS */

    /// @inheritdoc IOfflineDesk
    function setGuarantee(address token, uint64 perMember, uint32 capacity) external onlyAdmin(token) {
        Guarantee storage guarantee = _guarantees[token];
        if (guarantee.limits > perMember) revert LimitsExceedGuarantee(token, guarantee.limits, perMember);
        if (guarantee.open > capacity) revert GuaranteeInUse(token, guarantee.open, capacity);

        (guarantee.perMember, guarantee.capacity) = (perMember, capacity);

        emit GuaranteeSet(token, perMember, capacity);
    }

    /// @inheritdoc IOfflineDesk
    function setLimit(address token, address merchant, uint64 newLimit) external onlyAdmin(token) {
        Limit memory limit = _limits[token][merchant];
        // Tills that read the higher limit in its last second settle within twice the window from then.
        bool isFree = limit.nextAt != 0 && block.timestamp >= limit.nextAt + 2 * offlineWindow;
        uint64 current = isFree ? limit.next : limit.limit;

        // Tills may have accepted vouchers under a higher limit, so a lower one waits for them.
        if (newLimit >= current) limit = Limit(newLimit, newLimit, 0);
        else limit = Limit(current, newLimit, uint40(block.timestamp + 2 * offlineWindow));
        _replaceLimit(token, merchant, limit);
    }

    /// @inheritdoc IOfflineDesk
    function writeOff(address token, address member) external onlyAdmin(token) {
        uint64 amount = _debts[token][member].amount;
        if (amount == 0) revert ZeroAmount();

        _debts[token][member].amount = 0;

        emit DebtWrittenOff(token, member, amount);
    }

    /* ANYONE'S FUNCTIONS */

    /// @inheritdoc IOfflineDesk
    function repay(address token, address member, uint256 amount) external {
        uint256 debt = _debts[token][member].amount;
        if (amount == 0) revert ZeroAmount();
        if (amount > debt) revert DebtExceeded(token, member, debt, amount);

        _debts[token][member].amount = uint64(debt - amount);

        emit DebtRepaid(token, member, msg.sender, amount);

        IPointToken(token).redeemFrom(msg.sender, amount, bytes32(uint256(uint160(member))));
    }

    /* VIEWS */

    /// @inheritdoc IOfflineDesk
    function guaranteeOf(address token) external view returns (Guarantee memory) {
        return _guarantees[token];
    }

    /// @inheritdoc IOfflineDesk
    function limitOf(address token, address merchant) external view returns (Limit memory) {
        return _limits[token][merchant];
    }

    /// @inheritdoc IOfflineDesk
    function debtOf(address token, address member) public view returns (uint256) {
        return _debts[token][member].amount;
    }

    /* INTERNAL */

    /// @dev Opens a shared purse, if there is a guarantee left for it.
    function _reserve(address token) internal {
        Guarantee storage guarantee = _guarantees[token];
        if (guarantee.open >= guarantee.capacity) revert GuaranteeExhausted(token, guarantee.capacity);

        guarantee.open += 1;
    }

    /// @dev Closes a shared purse.
    function _unreserve(address token) internal {
        _guarantees[token].open -= 1;
    }

    function _checkNoDebt(address token, address member) internal view {
        uint256 debt = debtOf(token, member);
        if (debt != 0) revert DebtOutstanding(token, member, debt);
    }

    /// @dev Gives the merchants their shares of the guarantee for a member again, if some were used.
    function _beginRound(address token, address member) internal {
        Debt storage debt = _debts[token][member];
        if (debt.drawn != 0) (debt.drawn, debt.round) = (0, debt.round + 1);
    }

    /// @dev Charges what a shared purse is short of to the guarantee.
    /// @return covered How much of it the guarantee covers.
    function _draw(address token, address member, address merchant, uint256 missing)
        internal
        returns (uint256 covered)
    {
        Debt storage debt = _debts[token][member];
        bytes32 share = keccak256(abi.encode(token, member, merchant, debt.round));
        uint256 drawn = _drawn[share];

        uint256 forMerchant = Math.saturatingSub(_limitNow(_limits[token][merchant]), drawn);
        uint256 forMember = Math.saturatingSub(_guarantees[token].perMember, debt.drawn);
        covered = Math.min(missing, Math.min(forMerchant, forMember));

        _drawn[share] = drawn + covered;
        (debt.amount, debt.drawn) = (debt.amount + uint64(covered), debt.drawn + uint64(covered));
    }

    function _checkProgram(address token) internal view {
        if (!IIssuerRegistry(registry).isProgram(token)) revert ProgramUnknown(token);
    }

    /* PRIVATE */

    function _replaceLimit(address token, address merchant, Limit memory limit) private {
        Guarantee storage guarantee = _guarantees[token];
        uint256 limits = uint256(guarantee.limits) - _limits[token][merchant].limit + limit.limit;
        if (limits > guarantee.perMember) revert LimitsExceedGuarantee(token, limits, guarantee.perMember);

        guarantee.limits = uint64(limits);
        _limits[token][merchant] = limit;

        emit LimitSet(token, merchant, limit.limit, limit.next, limit.nextAt);
    }

    function _limitNow(Limit memory limit) private view returns (uint256) {
        return limit.nextAt != 0 && block.timestamp >= limit.nextAt ? limit.next : limit.limit;
    }

    function _checkAdmin(address token) private view {
        _checkProgram(token);
        if (!IAccessControl(token).hasRole(Roles.DEFAULT_ADMIN, msg.sender)) revert NotAdmin(msg.sender, token);
    }
}
