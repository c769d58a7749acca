// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IOfflineDesk
/// @notice Payments by points at tills that have no network.
///
/// @dev A signature cannot stop a member with two phones from promising the same points twice. So a member sets points
/// aside in a *purse*, and whoever takes a promise without a network is paid out of it:
///
/// - A purse for one merchant: nobody else can empty it.
/// - A shared purse, for any merchant: it can be overspent between two merchants. The issuer *guarantees* what is
///   missing, up to an amount for each member that the merchants have shared out among themselves beforehand, and the
///   member who promised too much is frozen and owes it.
///
/// A *voucher* is the promise: an EIP-712 message of this contract that names token, member, merchant, till, serial,
/// amount, purse and end, and that the member signs. The signed type is
/// `Voucher(address token,address member,address merchant,address till,uint256 serial,uint256 amount,bool shared,uint256 validBefore)`.
///
/// What a till must see to, so that what it accepts is paid, with W = `offlineWindow`:
///
/// 1. It has read the purse less than W ago, and since it last settled; it settles less than W after accepting.
/// 2. `spendable` at the end of that time, less all that it has accepted and not settled, covers the voucher. The tills
///    of one merchant share the merchant's purses out among themselves.
/// 3. `validBefore` lies at least W ahead, the serial is one of its own and new, and the signature is a key's or a
///    passkey's, the latter of at most 1,024 bytes: a member's contract may have changed its mind by then.
/// 4. From a shared purse it accepts, of one member and before settling, no more than its share of the merchant's limit
///    (the lower one, if a lower one is announced).
///
/// Because a purse is released only 2 W after that was asked for, and a limit lowered likewise and given to others 2 W
/// later still, what holds when a till reads it still holds when it settles. The sum of the merchants' limits never
/// exceeds the guarantee for a member, and no more shared purses are open than the issuer guarantees for: so every such
/// voucher is paid, and what members owe never exceeds `perMember x capacity`.
///
/// What a member must see to, so as never to be frozen: its vouchers that are not settled yet are covered by `spendable`
/// at their `validBefore`, and when it asks for a purse back, they end within 2 W.
interface IOfflineDesk {
    /* TYPES */

    /// @notice A member's promise to a merchant, whose token and merchant stand in the {Settlement}.
    /// @param member Who signed.
    /// @param till The till that asked for it; serials are counted by till.
    /// @param serial The till's own number for the sale: 256 consecutive ones share a storage word.
    /// @param amount Base units of the token.
    /// @param shared Whether the shared purse pays, or the merchant's own.
    /// @param validBefore The first second at which it cannot be settled any more.
    struct Voucher {
        address member;
        address till;
        uint256 serial;
        uint256 amount;
        bool shared;
        uint256 validBefore;
    }

    /// @notice What is done with vouchers. A till that lets someone else send it signs
    /// `Settlement(address token,address merchant,Voucher[] vouchers,address to,uint256 minOut)`, with {Voucher} as above.
    /// @param token The points that were promised.
    /// @param merchant Who is paid.
    /// @param to What the proceeds are converted into: a program or the settlement token; the zero address to keep the
    /// points as they are.
    /// @param minOut The least that the conversion must give, in base units of `to`.
    struct Settlement {
        address token;
        address merchant;
        address to;
        uint256 minOut;
    }

    /// @notice Points that a member sets aside and signed for. The signed type is
    /// `HoldWithAuthorization(address desk,address member,address merchant,uint256 amount,uint256 validAfter,uint256 validBefore,bytes32 nonce)`,
    /// its domain the token's.
    /// @param merchant For whom; the zero address for the shared purse.
    struct HoldOrder {
        address member;
        address merchant;
        uint256 amount;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    /// @notice A release that a member signed. The signed type is
    /// `ReleaseWithAuthorization(address desk,address member,address merchant,uint256 validAfter,uint256 validBefore,bytes32 nonce)`,
    /// its domain the token's.
    struct ReleaseOrder {
        address member;
        address merchant;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    /// @notice What an issuer stands in for.
    /// @param perMember Most that one member can overspend a shared purse by, in base units.
    /// @param limits The sum of the merchants' limits; at most `perMember`.
    /// @param capacity Most shared purses that may be open.
    /// @param open Shared purses that are open.
    struct Guarantee {
        uint64 perMember;
        uint64 limits;
        uint32 capacity;
        uint32 open;
    }

    /// @notice What a merchant may accept of one member out of the shared purse before settling, in base units.
    /// @param limit The limit in force until `nextAt`, which counts against the guarantee until the next {setLimit}.
    /// @param next The limit after `nextAt`; the same unless a lower one is announced.
    /// @param nextAt When the lower limit comes into force, by itself; 0 if none is announced.
    struct Limit {
        uint64 limit;
        uint64 next;
        uint40 nextAt;
    }

    /// @notice Why a voucher is not settled; the others of its settlement are.
    enum Refusal {
        None,
        Settled,
        Ended,
        Unsigned
    }

    /* EVENTS */

    /// @notice A member set points aside.
    /// @param merchant For whom; the zero address for the shared purse.
    /// @param lots What was set aside, by generation, see {IPointToken}.
    event Held(address indexed token, address indexed member, address indexed merchant, uint256 lots);

    /// @notice A member wants a purse back.
    /// @param releasableAt From when on anyone can return it.
    event ReleaseRequested(
        address indexed token, address indexed member, address indexed merchant, uint256 releasableAt
    );

    /// @notice A purse went back to its member.
    /// @param receiver The member, or the member's new account.
    event Released(
        address indexed token, address indexed member, address indexed merchant, address receiver, uint256 lots
    );

    /// @notice Points in a purse expired.
    event PurseExpired(address indexed token, address indexed member, address indexed merchant, uint256 amount);

    /// @notice A voucher was settled. All of its amount was paid out of the purse, unless {Overspent} follows.
    event VoucherSettled(
        address indexed token,
        address indexed member,
        address indexed merchant,
        address till,
        uint256 serial,
        uint256 amount,
        bool shared
    );

    /// @notice A voucher was left alone.
    event VoucherRefused(
        address indexed token,
        address indexed member,
        address indexed merchant,
        address till,
        uint256 serial,
        Refusal refusal
    );

    /// @notice A purse did not cover a voucher; the member is frozen.
    /// @param guaranteed What the issuer's guarantee paid; the member owes it.
    /// @param unpaid What nobody paid: it was beyond the merchant's limit, or promised out of the merchant's own purse.
    event Overspent(
        address indexed token,
        address indexed member,
        address indexed merchant,
        uint256 serial,
        uint256 guaranteed,
        uint256 unpaid
    );

    /// @notice A settlement ended.
    /// @param operator Who answered for it: the merchant or one of its tills.
    /// @param paid What the merchant received, in base units of the token.
    /// @param to What that was converted into; the zero address if it was not.
    /// @param out What the conversion gave.
    event SettlementMade(
        address indexed token,
        address indexed merchant,
        address indexed operator,
        uint256 paid,
        address to,
        uint256 out
    );

    /// @notice An issuer changed its guarantee.
    event GuaranteeSet(address indexed token, uint64 perMember, uint32 capacity);

    /// @notice A merchant's limit was changed, or will be at `nextAt`.
    event LimitSet(address indexed token, address indexed merchant, uint64 limit, uint64 next, uint40 nextAt);

    /// @notice Someone paid what a member owes.
    event DebtRepaid(address indexed token, address indexed member, address indexed payer, uint256 amount);

    /// @notice An issuer gave up what a member owes.
    event DebtWrittenOff(address indexed token, address indexed member, uint256 amount);

    /// @notice A merchant chose what its tills may convert its proceeds into.
    event PayoutSet(address indexed merchant, address to);

    /* ERRORS */

    /// @notice Thrown when a constructor's or guarantee's argument is out of bounds.
    error WindowOutOfBounds(uint256 window, uint256 minimum, uint256 maximum);

    /// @notice Thrown when a token is not a program of the registry.
    error ProgramUnknown(address token);

    /// @notice Thrown when the caller has not the recoverer role of a token.
    error NotRecoverer(address caller, address token);

    /// @notice Thrown when the caller is not the default admin of a token.
    error NotAdmin(address caller, address token);

    /// @notice Thrown when nothing would be held, repaid or written off.
    error ZeroAmount();

    /// @notice Thrown when an address is zero that must not be.
    error ZeroAddress();

    /// @notice Thrown when a purse is on its way back to its member.
    error PurseClosing(address token, address member, address merchant, uint256 releasableAt);

    /// @notice Thrown when a purse is returned that nobody asked for, or too early; `releasableAt` is 0 then, or the time.
    error NotReleasable(address token, address member, address merchant, uint256 releasableAt);

    /// @notice Thrown when a purse was never opened, or has gone back.
    error PurseEmpty(address token, address member, address merchant);

    /// @notice Thrown when an issuer's guarantee is taken by as many shared purses as it allows.
    error GuaranteeExhausted(address token, uint256 capacity);

    /// @notice Thrown when a member who owes something would hold or take back points in a shared purse.
    error DebtOutstanding(address token, address member, uint256 debt);

    /// @notice Thrown when more is repaid than is owed.
    error DebtExceeded(address token, address member, uint256 debt, uint256 amount);

    /// @notice Thrown when the merchants' limits would sum to more than the guarantee for one member.
    error LimitsExceedGuarantee(address token, uint256 limits, uint256 perMember);

    /// @notice Thrown when more shared purses are open than the new guarantee allows.
    error GuaranteeInUse(address token, uint256 open, uint256 capacity);

    /// @notice Thrown when whoever settles for a merchant is neither the merchant nor one of its tills.
    error NotTill(address operator, address merchant);

    /// @notice Thrown when a till settles another till's voucher, which only the merchant may.
    error OtherTill(address operator, address till);

    /// @notice Thrown when a till converts into something that its merchant has not chosen.
    error PayoutNotChosen(address merchant, address to);

    /// @notice Thrown when vouchers and signatures are not equally many.
    error SignaturesMissing(uint256 vouchers, uint256 signatures);

    /// @notice Thrown when a settlement is sent with too little gas to tell a bad signature from a lack of gas.
    error GasTooLow(uint256 gas, uint256 needed);

    /* PURSES */

    /// @notice Sets the caller's points aside, for one merchant or for all.
    ///
    /// @dev Emits {Held}. The points move into the desk's account of the token, oldest first.
    ///
    /// Requirements:
    /// - The token must be a program of the registry, with points that can be sent; the caller not frozen.
    /// - The purse must not be on its way back.
    /// - For the shared purse: the issuer's guarantee must have room, and the caller owe nothing.
    ///
    /// @param token Which points.
    /// @param merchant For whom; the zero address for the shared purse.
    /// @param amount How many, in base units.
    function hold(address token, address merchant, uint256 amount) external;

    /// @notice The same for a member who signed it; anyone may call it, and pays the gas.
    /// @param signature The member's, see {MemberSignature-isValid}.
    function holdWithAuthorization(address token, HoldOrder calldata order, bytes calldata signature) external;

    /// @notice Asks for a purse back. It stays where it is for twice the offline window, since vouchers may be under way.
    ///
    /// @dev Emits {ReleaseRequested}.
    ///
    /// Requirements:
    /// - The purse must be open, be it empty, and not be on its way back.
    function release(address token, address merchant) external;

    /// @notice The same for a member who signed it; anyone may call it, and pays the gas.
    /// @param signature The member's, see {MemberSignature-isValid}.
    function releaseWithAuthorization(address token, ReleaseOrder calldata order, bytes calldata signature) external;

    /// @notice Returns a purse to its member. Anyone may.
    ///
    /// @dev Emits {Released}.
    ///
    /// Requirements:
    /// - Its release must have been asked for twice the offline window ago.
    /// - The member must not be frozen, and owe nothing if it is the shared purse.
    function returnPurse(address token, address member, address merchant) external;

    /// @notice Returns the purse of a frozen member, whose account was lost or stolen, to another account of the same
    /// member. The first call asks for the release, the second one, twice the offline window later, carries it out.
    ///
    /// @dev Emits {ReleaseRequested} or {Released}.
    ///
    /// Requirements:
    /// - The caller must have the recoverer role of the token, the member be frozen and `newMember` not.
    /// - The member must owe nothing if it is the shared purse.
    function recoverPurse(address token, address member, address merchant, address newMember) external;

    /* SETTLING */

    /// @notice Pays vouchers out of their purses, each at most once. A bad voucher does not stop the others.
    ///
    /// @dev Emits {VoucherSettled} or {VoucherRefused} for each, {Overspent} where a purse was short, and
    /// {SettlementMade}. Frozen members' vouchers are paid as well: the merchant has given the goods.
    ///
    /// Requirements:
    /// - The token must be a program of the registry, and the merchant not frozen there.
    /// - The caller must be the merchant or one of its tills, or bring a settlement that `operator` signed who is.
    /// - A till settles only the vouchers that it asked for; the merchant all.
    /// - With a conversion: the merchant must be the operator, or have chosen `to` with {setPayout}; the exchange must
    ///   take the conversion.
    ///
    /// Notes:
    /// - Of a limit for one member's conversions in a day, all settlements together have one share. Where that is used up,
    ///   a merchant settles without a conversion, and converts itself.
    ///
    /// @param settlement For whom, and what becomes of the proceeds.
    /// @param vouchers The members' promises.
    /// @param signatures The members', one for each voucher.
    /// @param operator Who answers for it: the merchant or one of its tills.
    /// @param operatorSignature Empty if the operator is the caller.
    /// @return paid What the merchant received, in base units of the token.
    /// @return out What a conversion gave, in base units of `settlement.to`.
    function settle(
        Settlement calldata settlement,
        Voucher[] calldata vouchers,
        bytes[] calldata signatures,
        address operator,
        bytes calldata operatorSignature
    ) external returns (uint256 paid, uint256 out);

    /// @notice Chooses what the caller's tills may convert its proceeds into; the zero address for nothing.
    ///
    /// @dev Emits {PayoutSet}.
    function setPayout(address to) external;

    /* GUARANTEES */

    /// @notice Sets what an issuer stands in for.
    ///
    /// @dev Emits {GuaranteeSet}.
    ///
    /// Requirements:
    /// - The caller must be the token's default admin.
    /// - The merchants' limits must not exceed `perMember`, nor the open shared purses `capacity`.
    ///
    /// @param perMember Most that one member can overspend a shared purse by, in base units.
    /// @param capacity Most shared purses that may be open.
    function setGuarantee(address token, uint64 perMember, uint32 capacity) external;

    /// @notice Sets what a merchant may accept of one member out of the shared purse before settling. A higher limit holds
    /// at once. A lower one is announced, so that tills keep to it, and holds twice the offline window later. Twice the
    /// window later still, a second call lets other merchants have what it leaves of the guarantee.
    ///
    /// @dev Emits {LimitSet}.
    ///
    /// Requirements:
    /// - The caller must be the token's default admin.
    /// - The merchants' limits must not exceed the guarantee for one member.
    function setLimit(address token, address merchant, uint64 newLimit) external;

    /// @notice Pays what a member owes with the caller's points, which are destroyed. The caller must have approved the
    /// desk for them.
    ///
    /// @dev Emits {DebtRepaid}. The member stays frozen until a freezer of the token ends that.
    function repay(address token, address member, uint256 amount) external;

    /// @notice Gives up what a member owes.
    ///
    /// @dev Emits {DebtWrittenOff}.
    ///
    /// Requirements:
    /// - The caller must be the token's default admin.
    function writeOff(address token, address member) external;

    /* VIEWS */

    /// @notice What a till may count on in a purse until some second: points that are alive then, none if the purse is on
    /// its way back.
    /// @param merchant Whose purse; the zero address for the shared one.
    /// @param until Unix seconds.
    function spendable(address token, address member, address merchant, uint256 until) external view returns (uint256);

    /// @notice A purse as stored: points by generation as in {Generations}, bit 208 set if it counts against the guarantee,
    /// and from bit 216 on the second at which it can be returned, 0 if nobody asked for that.
    function purseWord(address token, address member, address merchant) external view returns (uint256);

    /// @notice Whether a voucher's serial was settled.
    function isSettled(address merchant, address till, uint256 serial) external view returns (bool);

    /// @notice What a member owes an issuer, in base units.
    function debtOf(address token, address member) external view returns (uint256);

    /// @notice What an issuer stands in for.
    function guaranteeOf(address token) external view returns (Guarantee memory);

    /// @notice A merchant's limit.
    function limitOf(address token, address merchant) external view returns (Limit memory);

    /// @notice What a merchant's tills may convert its proceeds into.
    function payoutOf(address merchant) external view returns (address);

    /// @notice The longest time, in seconds, between a till's reading a purse and its accepting a voucher, and between that
    /// and its settling.
    function offlineWindow() external view returns (uint256);

    /// @notice The exchange that proceeds are converted in.
    function exchange() external view returns (address);

    /// @notice The registry that knows programs, merchants and tills.
    function registry() external view returns (address);

    /// @notice The verifier of passkeys' signatures.
    function passkeys() external view returns (address);
}
