// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title IPointToken
/// @notice The points of one loyalty program: an ERC-20 token whose units expire with the calendar.
///
/// @dev Amounts are in base units: 10^decimals of them are one point. Times are Unix seconds, dates are UTC.
///
/// An *epoch* is a whole number of calendar months, aligned to January; the token's first epoch is number 1. Points
/// awarded in epoch `e` are *generation* `e`. They live through `lifetime` epochs, counted from the one in which they
/// were awarded, and expire when epoch `e + lifetime` begins. Whatever lowers a balance takes the oldest generation
/// first. A transfer keeps the generations, so moving points never makes them younger.
///
/// *Lots* are points by generation, packed as in the account word (see {Generations}): four lanes of 48 bits, newest
/// first, below the 16-bit epoch of the newest lane.
///
/// Who may do what: an *awarder* is an account with a budget; all other powers are roles of OpenZeppelin's
/// AccessControlDefaultAdminRules. The full list stands in contracts/README.md.
interface IPointToken is IERC20Metadata, IERC20Permit, IERC20Errors {
    /* TYPES */

    /// @notice What a program is created with. None of it can change later, except the admin and the contract URI.
    /// @param name The program's name, for people; at most 31 bytes.
    /// @param symbol The points' symbol, for people: unique in a registry.
    /// @param contractURI Where the ERC-7572 metadata stands.
    /// @param admin The first default admin: the issuer's own account.
    /// @param adminDelay Seconds that a change of admin must wait.
    /// @param decimals Decimal places of a point, 0 to 4.
    /// @param monthsPerEpoch Calendar months in an epoch: 1, 2, 3, 4, 6 or a multiple of 12 up to 120; 0 if points
    /// never expire.
    /// @param lifetime Epochs that points live, counted from the one in which they were awarded, 1 to 4.
    /// @param transferable Whether members may send points to each other.
    struct Settings {
        string name;
        string symbol;
        string contractURI;
        address admin;
        uint48 adminDelay;
        uint8 decimals;
        uint8 monthsPerEpoch;
        uint8 lifetime;
        bool transferable;
    }

    /// @notice What an awarder may create in each period. It also bounds refunds and corrections.
    /// @param limit Base units per period; 0 for an account that is no awarder.
    /// @param used Base units used in the current period.
    /// @param period Length of a period in seconds; periods are counted from the Unix epoch.
    /// @param window Number of the period to which `used` belongs.
    struct Budget {
        uint64 limit;
        uint64 used;
        uint32 period;
        uint32 window;
    }

    /// @notice Points that expire together.
    /// @param expiresAt The second at which they are gone; the largest uint64 if never.
    /// @param amount How many there are, in base units.
    struct Expiry {
        uint64 expiresAt;
        uint64 amount;
    }

    /* EVENTS */

    /// @notice Points were awarded one by one.
    /// @param awarder Whose budget paid for it.
    /// @param member Who received the points.
    /// @param amount How many, in base units.
    /// @param ref The awarder's own number for what was rewarded, such as a receipt.
    event Awarded(address indexed awarder, address indexed member, bytes32 indexed ref, uint256 amount);

    /// @notice A batch of awards was made; each award also has its own `Transfer` from the zero address.
    /// @param awarder Whose budget paid for it.
    /// @param batchId The Merkle root of the batch's rows, see {isInBatch}.
    /// @param count How many awards it holds.
    /// @param total How many points, in base units.
    event BatchAwarded(address indexed awarder, bytes32 indexed batchId, uint256 count, uint256 total);

    /// @notice A member paid with points; they are gone.
    /// @param member Whose points they were.
    /// @param ref The shop's own number for the sale.
    /// @param amount How many, in base units.
    /// @param lots The same points by generation, as {refund} takes them.
    event Redeemed(address indexed member, bytes32 indexed ref, uint256 amount, uint256 lots);

    /// @notice Redeemed points were given back, in their old generations.
    /// @param operator Whose budget paid for it.
    /// @param member Who got the points back.
    /// @param ref The redemption that is undone.
    /// @param amount How many came back, in base units; those of `lots` that have expired since did not.
    /// @param lots What was redeemed, by generation.
    event Refunded(
        address indexed operator, address indexed member, bytes32 indexed ref, uint256 amount, uint256 lots
    );

    /// @notice An award made in error was taken back.
    /// @param operator Whose budget bounds it.
    /// @param member Who lost the points.
    /// @param ref The award that is corrected.
    /// @param amount How many, in base units.
    /// @param reason Short text or the hash of a document.
    event Corrected(
        address indexed operator, address indexed member, bytes32 indexed ref, uint256 amount, bytes32 reason
    );

    /// @notice Points of a member expired. It accompanies `Transfer(member, 0, amount)` and comes when the account is
    /// next touched, which may be long after the points stopped to count.
    /// @param member Whose points they were.
    /// @param amount How many, in base units.
    event Expired(address indexed member, uint256 amount);

    /// @notice The issuer's guarantee paid a merchant whom a member had promised more than was held.
    /// @param member Who promised too much, and is frozen from now on.
    /// @param merchant Who received new points.
    /// @param amount How many, in base units.
    event Guaranteed(address indexed member, address indexed merchant, uint256 amount);

    /// @notice All points of a frozen account were moved to another account of the same member.
    /// @param operator Who did it.
    /// @param oldMember The account that was lost or stolen.
    /// @param newMember The account that holds the points now.
    /// @param amount How many, in base units.
    /// @param reason Short text or the hash of a document.
    event Recovered(
        address indexed operator, address indexed oldMember, address indexed newMember, uint256 amount, bytes32 reason
    );

    /// @notice A member was frozen.
    /// @param operator Who did it.
    /// @param member Whose points cannot move now.
    /// @param reason Short text or the hash of a document.
    event Frozen(address indexed operator, address indexed member, bytes32 reason);

    /// @notice A member was unfrozen.
    /// @param operator Who did it.
    /// @param member Whose points can move again.
    /// @param reason Short text or the hash of a document.
    event Unfrozen(address indexed operator, address indexed member, bytes32 reason);

    /// @notice Awarding, redeeming and converting were stopped. Transfers were not.
    /// @param operator Who did it.
    event Paused(address indexed operator);

    /// @notice Awarding, redeeming and converting work again.
    /// @param operator Who did it.
    event Unpaused(address indexed operator);

    /// @notice The exchange was let in or shut out.
    /// @param operator Who did it.
    /// @param on Whether points can be converted now.
    event ExchangeSwitched(address indexed operator, bool on);

    /// @notice An awarder's budget was set.
    /// @param operator Who did it.
    /// @param awarder Whose budget.
    /// @param oldLimit What was allowed before, in base units per period.
    /// @param newLimit What is allowed now, in base units per period; 0 if the account is no awarder any more.
    /// @param period Length of a period in seconds.
    event BudgetSet(
        address indexed operator, address indexed awarder, uint256 oldLimit, uint256 newLimit, uint256 period
    );

    /// @notice The ERC-7572 metadata changed.
    event ContractURIUpdated();

    /// @notice A signed transfer was used (ERC-3009).
    /// @param authorizer Who signed it.
    /// @param nonce Its nonce.
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);

    /// @notice A signed transfer was cancelled before use (ERC-3009).
    /// @param authorizer Who signed it.
    /// @param nonce Its nonce.
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);

    /* ERRORS */

    /// @notice Thrown when points of a frozen member would move.
    error MemberFrozen(address member);

    /// @notice Thrown when a member that must be frozen is not.
    error MemberNotFrozen(address member);

    /// @notice Thrown when the program is paused.
    error ProgramPaused();

    /// @notice Thrown when the program is not paused.
    error ProgramNotPaused();

    /// @notice Thrown when members send points of a program that does not allow it.
    error TransfersDisabled();

    /// @notice Thrown when the caller is not the token's exchange and has not the exchange role.
    error NotExchange(address caller);

    /// @notice Thrown when the caller is not the token's desk and has not the desk role.
    error NotDesk(address caller);

    /// @notice Thrown when a freezer tries to freeze the desk.
    error DeskCannotBeFrozen(address desk);

    /// @notice Thrown when the issuer has shut the exchange out.
    error ExchangeOff();

    /// @notice Thrown when the caller has no budget.
    error NotAwarder(address caller);

    /// @notice Thrown when a budget is exceeded.
    /// @param awarder Whose budget.
    /// @param needed What was asked, in base units.
    /// @param remaining What is left in this period, in base units.
    error BudgetExceeded(address awarder, uint256 needed, uint256 remaining);

    /// @notice Thrown when a budget's period is out of bounds.
    error BudgetPeriodOutOfBounds(uint256 period, uint256 minimum, uint256 maximum);

    /// @notice Thrown when a batch was awarded before.
    error BatchAlreadyAwarded(bytes32 batchId);

    /// @notice Thrown when a batch has no awards.
    error BatchEmpty();

    /// @notice Thrown when a generation would hold more than 2^48 - 1 base units.
    /// @param generation The epoch in which the points were awarded.
    /// @param amount What was to be added, in base units.
    /// @param room What fits, in base units.
    error GenerationFull(uint256 generation, uint256 amount, uint256 room);

    /// @notice Thrown when lots are malformed, lie in the future, or are not held.
    error InvalidLots(uint256 lots);

    /// @notice Thrown when a program is created with a value out of bounds.
    /// @param setting The field's name.
    /// @param value The offending value; of the name, its length in bytes.
    error InvalidSetting(string setting, uint256 value);

    /// @notice Thrown when a permit came too late (ERC-2612).
    error PermitExpired(uint256 deadline);

    /// @notice Thrown when a signed transfer is not valid yet or not any more; both bounds are exclusive (ERC-3009).
    error AuthorizationNotInForce(uint256 validAfter, uint256 validBefore);

    /// @notice Thrown when a nonce was used or cancelled (ERC-3009).
    error AuthorizationAlreadyUsed(address authorizer, bytes32 nonce);

    /// @notice Thrown when a sequential nonce is ahead of its turn.
    error NonceOutOfOrder(address authorizer, uint256 nonce, uint256 expected);

    /// @notice Thrown when someone else than the recipient uses {receiveWithAuthorization} (ERC-3009).
    error CallerNotRecipient(address caller, address recipient);

    /* AWARDING */

    /// @notice Awards points to a member.
    ///
    /// @dev Emits {Awarded} and {Transfer}.
    ///
    /// Requirements:
    /// - The caller's budget must cover `amount`.
    /// - The program must not be paused.
    ///
    /// Notes:
    /// - A frozen member can be awarded.
    /// - The chain does not check that `ref` is new: what must happen exactly once goes through {awardBatch}.
    ///
    /// @param member Who receives the points.
    /// @param amount How many, in base units.
    /// @param ref The awarder's own number for what is rewarded.
    function award(address member, uint256 amount, bytes32 ref) external;

    /// @notice Awards points on behalf of an awarder who asked the calling contract to, out of the awarder's budget.
    ///
    /// @dev Emits {Awarded} and {Transfer}. Requirements as for {award}, and the caller must have the distributor role.
    ///
    /// Warning: the role can use up every awarder's budget. Grant it to contracts that let nobody but the awarder
    /// start that, such as {AwardDrop}.
    function awardFor(address awarder, address member, uint256 amount, bytes32 ref) external;

    /// @notice Awards points to many members, exactly once.
    ///
    /// @dev Emits {BatchAwarded}, and {Transfer} for each award.
    ///
    /// Requirements:
    /// - `batchId` must not have been awarded before.
    /// - The caller's budget must cover the total.
    /// - The program must not be paused.
    ///
    /// @param batchId The Merkle root of the batch's rows, see {isInBatch}.
    /// @param words One award each: the member's address in the upper 160 bits, base units in the lower 96.
    function awardBatch(bytes32 batchId, uint256[] calldata words) external;

    /// @notice Whether a batch was awarded.
    function isAwarded(bytes32 batchId) external view returns (bool);

    /// @notice Whether a row belongs to a batch, so that the reason of one award can be proved to anyone.
    /// @dev Rows are leaves of OpenZeppelin's standard Merkle tree:
    /// `keccak256(keccak256(abi.encode(member, amount, ref, reason)))`, pairs hashed in sorted order.
    /// @param batchId The batch, which must have been awarded.
    /// @param member Who was awarded.
    /// @param amount How many points, in base units.
    /// @param ref The awarder's own number for what was rewarded.
    /// @param reason Why: short text or the hash of a document.
    /// @param proof The sibling hashes, leaf first.
    function isInBatch(
        bytes32 batchId,
        address member,
        uint256 amount,
        bytes32 ref,
        bytes32 reason,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice The budget of an awarder; `used` and `window` are those of the current period.
    function budgetOf(address awarder) external view returns (Budget memory);

    /// @notice Sets what an awarder may award in each period.
    ///
    /// @dev Emits {BudgetSet}.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    /// - `period` must lie between `MIN_BUDGET_PERIOD` and `MAX_BUDGET_PERIOD`.
    ///
    /// Notes:
    /// - What was used in the current period stays used.
    ///
    /// @param awarder Whose budget.
    /// @param newLimit Base units per period; 0 takes the power away.
    /// @param period Length of a period in seconds.
    function setBudget(address awarder, uint64 newLimit, uint32 period) external;

    /// @notice Takes an awarder's budget away, at once.
    ///
    /// @dev Emits {BudgetSet}.
    ///
    /// Requirements:
    /// - The caller must have the guardian role.
    function revokeBudget(address awarder) external;

    /* REDEEMING */

    /// @notice Pays with the caller's points, which are destroyed.
    ///
    /// @dev Emits {Redeemed} and {Transfer}.
    ///
    /// Requirements:
    /// - The program must not be paused and the caller not frozen.
    ///
    /// @param amount How many, in base units.
    /// @param ref The shop's own number for the sale.
    function redeem(uint256 amount, bytes32 ref) external;

    /// @notice Pays with a member's points that the caller was approved for.
    ///
    /// @dev Emits {Redeemed} and {Transfer}. Requirements as for {redeem}, and the member's allowance to the caller
    /// must cover `amount`.
    function redeemFrom(address member, uint256 amount, bytes32 ref) external;

    /// @notice Pays with the points of a member who signed that; anyone may call it, and pays the gas.
    ///
    /// @dev Emits {AuthorizationUsed}, {Redeemed} and {Transfer}. Requirements as for {redeem}. The signed type is
    /// `RedeemWithAuthorization(address member,uint256 amount,bytes32 ref,uint256 validAfter,uint256 validBefore,bytes32 nonce)`.
    ///
    /// @param member Who signed, and whose points are destroyed.
    /// @param amount How many, in base units.
    /// @param ref The shop's own number for the sale.
    /// @param validAfter The last second at which it is not valid yet.
    /// @param validBefore The first second at which it is not valid any more.
    /// @param nonce Any number that the member has not used before, see {transferWithAuthorization}.
    /// @param signature The member's, see {MemberSignature-isValid}.
    function redeemWithAuthorization(
        address member,
        uint256 amount,
        bytes32 ref,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Gives redeemed points back, in the generations that they came from.
    ///
    /// @dev Emits {Refunded} and {Transfer}.
    ///
    /// Requirements:
    /// - The caller must have the corrector role and a budget that covers what comes back.
    /// - The program must not be paused and the member not frozen.
    ///
    /// Warning: the chain does not check `lots` against the redemption. The caller's budget bounds the harm, and the
    /// two events let an auditor compare them.
    ///
    /// @param member Who gets the points back.
    /// @param lots The `lots` of the {Redeemed} event. What has expired since does not come back.
    /// @param ref The redemption that is undone.
    function refund(address member, uint256 lots, bytes32 ref) external;

    /// @notice Takes back an award made in error.
    ///
    /// @dev Emits {Corrected} and {Transfer}.
    ///
    /// Requirements:
    /// - The caller must have the corrector role and a budget that covers `amount`.
    /// - The program must not be paused and the member not frozen.
    ///
    /// @param member Who loses the points.
    /// @param amount How many, in base units.
    /// @param ref The award that is corrected.
    /// @param reason Short text or the hash of a document.
    function correct(address member, uint256 amount, bytes32 ref, bytes32 reason) external;

    /* CONVERTING */

    /// @notice Destroys points of a member who converts them.
    ///
    /// @dev Emits {Transfer}.
    ///
    /// Requirements:
    /// - The caller must be the token's exchange, or have the exchange role.
    /// - The program must not be paused, its exchange not off, the member not frozen.
    ///
    /// @param member Whose points, in base units.
    /// @param amount How many, in base units.
    /// @return lots What was destroyed, by generation: lanes of the current epoch, without it.
    function burnFor(address member, uint256 amount) external returns (uint256 lots);

    /// @notice Creates points for a member who converted others.
    ///
    /// @dev Emits {Transfer}. Requirements as for {burnFor}.
    ///
    /// @param member Who receives the points; not frozen.
    /// @param lots How many of each generation, in base units: lanes of the current epoch, without it. Below 2^48 that is
    /// just a number of points of the current generation.
    /// @return amount The sum of `lots`.
    function mintFor(address member, uint256 lots) external returns (uint256 amount);

    /// @notice Shuts the exchange out or lets it in again.
    ///
    /// @dev Emits {ExchangeSwitched}.
    ///
    /// Requirements:
    /// - The caller must have the guardian role to shut it out, and be the default admin to let it in.
    function switchExchange(bool on) external;

    /* HOLDING */

    /// @notice Moves a member's oldest points into the account of the desk, which the member asked for that.
    ///
    /// @dev Emits {Transfer}.
    ///
    /// Requirements:
    /// - The caller must be the token's desk, or have the desk role.
    /// - Points must be transferable, the member not frozen.
    ///
    /// @param member Whose points.
    /// @param amount How many, in base units.
    /// @return lots What was moved, by generation: lanes of the current epoch, without it.
    function hold(address member, uint256 amount) external returns (uint256 lots);

    /// @notice Moves points of given generations out of the desk's account.
    ///
    /// @dev Emits {Transfer}.
    ///
    /// Requirements:
    /// - The caller must be the token's desk, or have the desk role, and hold the lots.
    /// - The receiver must not be frozen.
    ///
    /// @param to Who receives the points.
    /// @param lots How many of each generation, in base units: lanes of the current epoch, without it.
    function payHeld(address to, uint256 lots) external;

    /// @notice Creates points for a merchant whom a member promised more than was held, and freezes the member.
    ///
    /// @dev Emits {Guaranteed}, {Transfer} and, if the member was not frozen yet, {Frozen}. The desk keeps to the
    /// guarantee that the issuer set there.
    ///
    /// Requirements:
    /// - The caller must be the token's desk, or have the desk role.
    /// - The merchant must not be frozen.
    ///
    /// Notes:
    /// - A pause does not stop it: the merchant gave goods for a promise of the issuer.
    ///
    /// @param member Who promised too much.
    /// @param merchant Who receives the points.
    /// @param amount How many, in base units.
    function guarantee(address member, address merchant, uint256 amount) external;

    /* SAFETY OF MEMBERS */

    /// @notice Freezes a member: no points leave or reach the account, except by award.
    ///
    /// @dev Emits {Frozen}.
    ///
    /// Requirements:
    /// - The caller must have the freezer role.
    /// - The member must not be the desk.
    function freeze(address member, bytes32 reason) external;

    /// @notice Unfreezes a member.
    ///
    /// @dev Emits {Unfrozen}.
    ///
    /// Requirements:
    /// - The caller must have the freezer role.
    function unfreeze(address member, bytes32 reason) external;

    /// @notice Moves all points of a frozen account, with their generations, to another account of the same member.
    ///
    /// @dev Emits {Recovered} and {Transfer}.
    ///
    /// Requirements:
    /// - The caller must have the recoverer role.
    /// - `oldMember` must be frozen, so that two roles must act; `newMember` must not be.
    ///
    /// Notes:
    /// - `oldMember` stays frozen.
    function recover(address oldMember, address newMember, bytes32 reason) external;

    /// @notice Stops awarding, redeeming and converting. Transfers, and removing power, go on.
    ///
    /// @dev Emits {Paused}.
    ///
    /// Requirements:
    /// - The caller must have the guardian role.
    function pause() external;

    /// @notice Lets awarding, redeeming and converting go on.
    ///
    /// @dev Emits {Unpaused}.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    function unpause() external;

    /// @notice Announces the expired points of members, so that the event log shows what the balances show already.
    ///
    /// @dev Emits {Expired} and {Transfer} for each member with expired points. Anyone may call it; it changes no
    /// balance.
    function sweep(address[] calldata members) external;

    /* SIGNED TRANSFERS (ERC-3009) */

    /// @notice Executes a transfer that the sender signed; anyone may call it, and pays the gas.
    ///
    /// @dev Emits {AuthorizationUsed} and {Transfer}. The signed type is
    /// `TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)`.
    ///
    /// Notes:
    /// - Used nonces are bits of 256-bit words: 255 of 256 consecutive nonces touch a word that is used already, and
    ///   cost 17,100 gas less than a random one.
    /// - A nonce whose upper 216 bits are all ones counts in order: its lower 40 bits must be `nonces(from)`, which it
    ///   raises by one. It needs no word of its own.
    ///
    /// @param from Who signed, and whose points move.
    /// @param to Who receives them.
    /// @param value How many, in base units.
    /// @param validAfter The last second at which it is not valid yet.
    /// @param validBefore The first second at which it is not valid any more.
    /// @param nonce Any number that the signer has not used before.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice The same with a signature of any kind, see {MemberSignature-isValid}.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Executes a transfer that the sender signed; only the recipient may call it, so nobody can front-run it.
    ///
    /// @dev Emits {AuthorizationUsed} and {Transfer}. The signed type is
    /// `ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)`.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice The same with a signature of any kind, see {MemberSignature-isValid}.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Makes a nonce unusable; the signer signs that as well.
    ///
    /// @dev Emits {AuthorizationCanceled}. The signed type is `CancelAuthorization(address authorizer,bytes32 nonce)`.
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice The same with a signature of any kind, see {MemberSignature-isValid}.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;

    /// @notice Sets an allowance that its owner signed, as ERC-2612 has it, with a signature of any kind, see
    /// {MemberSignature-isValid}.
    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature)
        external;

    /// @notice Uses up a message that a member signed for this token and that another contract of the network carries
    /// out: so there is one domain and one set of nonces for all that a member signs about these points.
    ///
    /// @dev Emits {AuthorizationUsed}.
    ///
    /// Requirements:
    /// - The caller must be the token's exchange or desk, or have the role of one.
    ///
    /// @param member Who signed.
    /// @param structHash The message, hashed as EIP-712 says, without the domain.
    /// @param validAfter The last second at which it is not valid yet.
    /// @param validBefore The first second at which it is not valid any more.
    /// @param nonce Any number that the member has not used before, see {transferWithAuthorization}.
    /// @param signature The member's, see {MemberSignature-isValid}.
    function useAuthorization(
        address member,
        bytes32 structHash,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Whether a nonce was used or cancelled.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);

    /* VIEWS */

    /// @notice The points of a member that are still alive, soonest expiry first, without empty entries.
    function expiries(address member) external view returns (Expiry[] memory);

    /// @notice All points that are still alive, soonest expiry first, without empty entries. They sum to `totalSupply`.
    function supplyByExpiry() external view returns (Expiry[] memory);

    /// @notice A member's account word as stored, for those who rebuild balances; see {Generations}.
    function accountWord(address member) external view returns (uint256);

    /// @notice The token's supply word as stored; see {Generations}.
    function supplyWord() external view returns (uint256);

    /// @notice When points expire that were awarded some epochs ago; the largest uint64 if never.
    /// @param age How many epochs ago, at most `lifetime`; 0 for the current one.
    function expiryOf(uint256 age) external view returns (uint64);

    /// @notice How many base units can still be created in the current epoch.
    function room() external view returns (uint256);

    /// @notice The number of the current epoch, from 1.
    function currentEpoch() external view returns (uint256);

    /// @notice Whether a member is frozen.
    function isFrozen(address member) external view returns (bool);

    /// @notice Whether the program is paused.
    function isPaused() external view returns (bool);

    /// @notice Whether the issuer lets the exchange in.
    function isExchangeOn() external view returns (bool);

    /// @notice Whether members may send points to each other.
    function transferable() external view returns (bool);

    /// @notice Calendar months in an epoch; 0 if points never expire.
    function monthsPerEpoch() external view returns (uint8);

    /// @notice Epochs that points live, counted from the one in which they were awarded.
    function lifetime() external view returns (uint8);

    /// @notice The exchange that may convert these points.
    function exchange() external view returns (address);

    /// @notice The desk that may hold these points for offline payments.
    function desk() external view returns (address);

    /// @notice The verifier of passkeys' signatures.
    function passkeys() external view returns (address);

    /// @notice Where the program's metadata stands (ERC-7572).
    function contractURI() external view returns (string memory);

    /// @notice Moves the program's metadata.
    ///
    /// @dev Emits {ContractURIUpdated}.
    ///
    /// Requirements:
    /// - The caller must be the default admin.
    function setContractURI(string calldata newURI) external;
}
