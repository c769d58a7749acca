// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IPointExchange
/// @notice Converts points of one program into points of another, and moves the money between the two issuers in the
/// same transaction.
///
/// @dev Every issuer posts two prices of its own points and nothing else: it pays `bid` to retire one of its points,
/// and charges `ask` to issue one; `bid <= ask`. Converting `amount` of A into B moves
///
///   value = floor(amount x bid(A))   from A's account to B's, and issues
///   out   = floor(value / ask(B))    points of B.
///
/// A path A -> B -> ... -> A multiplies factors `bid / ask <= 1`, and both divisions round down: no loop can gain.
///
/// *Prices* are trillionths (1e-12) of one whole settlement token per whole point. *Money* is in base units of the
/// settlement token, *points* in base units of their own token. Days are UTC days since the Unix epoch.
///
/// The settlement token itself counts as a program whose bid and ask are 1: converting points into it is a *cash-out*,
/// converting it into points is a *top-up*. Both are closed until the issuer opens them.
interface IPointExchange {
    /* TYPES */

    /// @notice All that a conversion needs to know of a program; one storage slot.
    /// @param bid What the issuer pays to retire one point, in trillionths of a settlement token; 0 if unset.
    /// @param ask What the issuer charges to issue one point, in trillionths of a settlement token; 0 if unset.
    /// @param account The issuer's money in the exchange.
    /// @param version Number of price changes so far, those of partner terms included.
    /// @param flags Bits 0 to 2: decimals + 1, or 0 if unlisted. Bit 3: suspended. Bit 4: new prices are scheduled.
    /// Bit 5: daily limits are set. Bit 6: terms for some partner are set.
    struct Program {
        uint64 bid;
        uint64 ask;
        uint96 account;
        uint24 version;
        uint8 flags;
    }

    /// @notice Prices that are announced and come into force by themselves.
    struct ScheduledPrices {
        uint64 bid;
        uint64 ask;
        uint40 effectiveAt;
    }

    /// @notice How far and how fast an issuer's prices may move.
    /// @param maxStep Most that a price may move in one change, in millionths of the old price; 0 for no bound.
    /// @param maxDailyMove Most that a price may move in one day, in millionths of the day's first price; 0 for no
    /// bound.
    /// @param notice Seconds between announcing a price and its coming into force.
    struct PriceGuards {
        uint32 maxStep;
        uint32 maxDailyMove;
        uint32 notice;
    }

    /// @notice What conversions may move in one UTC day; 0 for no limit.
    /// @param maxOut Most money out of the issuer's account.
    /// @param maxIn Most money into the issuer's account.
    /// @param maxPerMember Most points that one member may convert into others, in base units.
    struct DailyLimits {
        uint96 maxOut;
        uint96 maxIn;
        uint64 maxPerMember;
    }

    /// @notice Money that conversions moved out of and into an issuer's account on a day.
    struct DailyUse {
        uint96 out;
        uint96 into;
        uint32 day;
    }

    /// @notice Points that a member converted into others on a day, in base units.
    struct MemberUse {
        uint64 amount;
        uint32 day;
    }

    /// @notice A conversion that a member signed. The signed type is
    /// `ConvertWithAuthorization(address exchange,address member,address from,address to,uint256 amount,uint256 minOut,address recipient,uint256 validAfter,uint256 validBefore,bytes32 nonce)`,
    /// its domain that of the token `from`, for a top-up that of `to`.
    /// @param member Who signed.
    /// @param from The program whose points are given up, or the settlement token.
    /// @param to The program whose points are received, or the settlement token.
    /// @param amount What is given up, in base units of `from`.
    /// @param minOut The least that the member accepts, in base units of `to`.
    /// @param recipient Who receives it.
    /// @param validAfter The last second at which it is not valid yet.
    /// @param validBefore The first second at which it is not valid any more.
    /// @param nonce Any number that the member has not used before with that token, see
    /// {IPointToken-transferWithAuthorization}.
    struct ConversionOrder {
        address member;
        address from;
        address to;
        uint256 amount;
        uint256 minOut;
        address recipient;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
    }

    /// @notice What holds for points that come from one partner, instead of the common price.
    /// @param ask The price for this partner's members; 0 to keep the common one.
    /// @param validFrom The first second at which the terms hold.
    /// @param validUntil The first second at which they do not hold any more; 0 for no terms at all.
    /// @param closed Whether this partner's points are refused.
    struct Terms {
        uint64 ask;
        uint40 validFrom;
        uint40 validUntil;
        bool closed;
    }

    /// @notice Whether an issuer sells and buys back its points for money.
    struct CashSwitches {
        bool topUp;
        bool cashOut;
    }

    /// @notice Why a conversion is refused; `None` if it is not.
    enum Refusal {
        None,
        SameProgram,
        ProgramNotListed,
        ProgramSuspended,
        ProgramPaused,
        ExchangeOff,
        PriceNotSet,
        PairClosed,
        CashOutClosed,
        TopUpClosed,
        ZeroOutput,
        AmountTooLarge,
        AccountTooSmall,
        DailyLimitOut,
        DailyLimitIn,
        MemberFrozen,
        RecipientFrozen,
        TransfersDisabled,
        BalanceTooSmall,
        DailyLimitMember
    }

    /* EVENTS */

    /// @notice A member converted points.
    /// @param member Who gave points up.
    /// @param from The program that retired points, or the settlement token.
    /// @param to The program that issued points, or the settlement token.
    /// @param recipient Who received what was bought.
    /// @param amount What was given up, in base units of `from`.
    /// @param out What was received, in base units of `to`.
    /// @param value What left the account of `from` and, less the {FeeTaken}, reached that of `to`, in money.
    /// @param fromVersion The version of the prices of `from` that were used; 0 for the settlement token.
    /// @param toVersion The version of the prices of `to` that were used; 0 for the settlement token.
    event Converted(
        address indexed member,
        address indexed from,
        address indexed to,
        address recipient,
        uint256 amount,
        uint256 out,
        uint256 value,
        uint24 fromVersion,
        uint24 toVersion
    );

    /// @notice The network took its fee of a conversion; comes before {Converted}, and only if there is a fee.
    /// @param from The program whose account paid it.
    /// @param to The program whose account went without it.
    /// @param amount How much, in money.
    event FeeTaken(address indexed from, address indexed to, uint256 amount);

    /// @notice Converted points kept the life that they had left; stands between the two transfers that it is about.
    /// @param from The program whose points were given up.
    /// @param to The program whose points were received.
    /// @param lots What was received, by generation of `to`: four lanes of 48 bits, that of the current epoch lowest.
    event ExpiryCarried(address indexed from, address indexed to, uint256 lots);

    /// @notice The registry listed a program.
    event ProgramListed(address indexed program, uint8 decimals);

    /// @notice The registry suspended a program or lifted the suspension.
    event SuspensionSet(address indexed program, bool suspended);

    /// @notice New prices came into force.
    /// @param program Whose prices.
    /// @param oldBid The bid before.
    /// @param oldAsk The ask before.
    /// @param newBid The bid now.
    /// @param newAsk The ask now.
    /// @param version The version that they bear.
    event PricesSet(
        address indexed program, uint64 oldBid, uint64 oldAsk, uint64 newBid, uint64 newAsk, uint24 version
    );

    /// @notice New prices were announced.
    event PricesScheduled(address indexed program, uint64 newBid, uint64 newAsk, uint40 effectiveAt);

    /// @notice Announced prices were withdrawn before they came into force.
    event ScheduledPricesCancelled(address indexed program, uint64 bid, uint64 ask);

    /// @notice Terms for one partner were set.
    /// @param program Who set them.
    /// @param partner Whose points they are about.
    /// @param oldTerms The terms before.
    /// @param newTerms The terms now.
    /// @param version The version of `program`'s prices, which a change of terms raises.
    event TermsSet(address indexed program, address indexed partner, Terms oldTerms, Terms newTerms, uint24 version);

    /// @notice Price guards were set.
    /// @param program Whose prices they guard.
    /// @param oldGuards The guards before.
    /// @param newGuards The guards now.
    /// @param noticeInForceAt When a shorter notice comes into force; a longer one does at once.
    event PriceGuardsSet(
        address indexed program, PriceGuards oldGuards, PriceGuards newGuards, uint40 noticeInForceAt
    );

    /// @notice Daily limits were set.
    event DailyLimitsSet(address indexed program, DailyLimits oldLimits, DailyLimits newLimits);

    /// @notice From now on converted points keep the life that they had left, or get a fresh one.
    event CarryExpirySet(address indexed program, bool carries);

    /// @notice Cash-out and top-up were opened or closed.
    event CashSwitched(address indexed program, CashSwitches oldSwitches, CashSwitches newSwitches);

    /// @notice Money was paid into an issuer's account.
    /// @param program Whose account.
    /// @param payer Who paid.
    /// @param amount What arrived.
    event Funded(address indexed program, address indexed payer, uint256 amount);

    /// @notice Money was taken out of an issuer's account.
    /// @param program Whose account.
    /// @param operator Who did it.
    /// @param recipient Who received it.
    /// @param amount How much.
    event Withdrawn(address indexed program, address indexed operator, address indexed recipient, uint256 amount);

    /// @notice Network fees were paid out.
    event FeesWithdrawn(address indexed recipient, uint256 amount);

    /* ERRORS */

    /// @notice Thrown when the caller is not the registry.
    error NotRegistry(address caller);

    /// @notice Thrown when the caller lacks a role in the program's token.
    error MissingRole(address caller, address program, bytes32 role);

    /// @notice Thrown when a program is listed already.
    error ProgramAlreadyListed(address program);

    /// @notice Thrown when a program is not listed.
    error ProgramNotListed(address program);

    /// @notice Thrown when a program is suspended by the registry.
    error ProgramSuspended(address program);

    /// @notice Thrown when a conversion has the same program on both sides.
    error SameProgram(address program);

    /// @notice Thrown when a program has no prices.
    error PriceNotSet(address program);

    /// @notice Thrown when a program does not take a partner's points.
    error PairClosed(address from, address to);

    /// @notice Thrown when a program does not buy its points back.
    error CashOutClosed(address program);

    /// @notice Thrown when a program does not sell its points.
    error TopUpClosed(address program);

    /// @notice Thrown when a conversion would give nothing.
    error ZeroOutput(uint256 amount);

    /// @notice Thrown when an amount, or what it is worth, is beyond what one program can hold.
    error AmountTooLarge(uint256 amount);

    /// @notice Thrown when a conversion would give less than the member accepts.
    error OutputTooLow(uint256 out, uint256 minOut);

    /// @notice Thrown when a conversion comes too late.
    error DeadlinePassed(uint256 deadline);

    /// @notice Thrown when an issuer's account does not cover a payment.
    error AccountTooSmall(address program, uint256 account, uint256 needed);

    /// @notice Thrown when a daily limit for money out is reached.
    error DailyLimitOutReached(address program, uint256 value, uint256 remaining);

    /// @notice Thrown when a daily limit for money in is reached.
    error DailyLimitInReached(address program, uint256 value, uint256 remaining);

    /// @notice Thrown when a member would convert more points in a day than the program allows.
    error DailyLimitMemberReached(address program, address member, uint256 amount, uint256 remaining);

    /// @notice Thrown when points that cannot be sent would be converted for someone else.
    error TransfersDisabled(address program);

    /// @notice Thrown when a bid is higher than the ask, or one of them is zero.
    error InvalidPrices(uint64 bid, uint64 ask);

    /// @notice Thrown when a price moves too far in one change.
    error PriceStepTooLarge(uint64 oldPrice, uint64 newPrice, uint32 maxStep);

    /// @notice Thrown when a price moves too far in one day.
    error DailyMoveTooLarge(uint64 firstPrice, uint64 newPrice, uint32 maxDailyMove);

    /// @notice Thrown when there are no scheduled prices to cancel.
    error NoScheduledPrices(address program);

    /// @notice Thrown when price guards are out of bounds.
    error GuardsOutOfBounds(PriceGuards guards);

    /// @notice Thrown when a special ask is lower than the bid, in force or scheduled.
    error SpecialAskTooLow(uint64 ask, uint64 bid);

    /// @notice Thrown when terms would begin or end earlier than the program's notice allows, or end before they begin.
    error InvalidTermsDates(uint40 validFrom, uint40 validUntil, uint40 earliest);

    /// @notice Thrown when terms in force, or announced, would be replaced in spite of the program's notice.
    error TermsInForce(address program, address partner, uint40 validUntil);

    /// @notice Thrown when the settlement token delivers less than was paid.
    error PaymentIncomplete(uint256 amount, uint256 received);

    /// @notice Thrown when nothing would be paid.
    error ZeroAmount();

    /// @notice Thrown when a program has used up its 2^23 - 1 versions.
    error TooManyPriceChanges();

    /// @notice Thrown when the settlement token has fewer than 2 or more than 18 decimals.
    error UnsupportedDecimals(uint8 decimals);

    /// @notice Thrown when the network fee is above `MAX_FEE`.
    error FeeTooHigh(uint256 fee, uint256 maximum);

    /// @notice Thrown when an address must not be zero.
    error ZeroAddress();

    /* CONVERTING */

    /// @notice Converts the caller's points into points of another program.
    ///
    /// @dev Emits {Converted}.
    ///
    /// Notes:
    /// - Every division rounds down, in favour of the issuers.
    /// - {quote} tells beforehand what comes out, or why not.
    /// - For a top-up the caller must have approved the exchange for `amount` of the settlement token.
    ///
    /// Requirements:
    /// - `block.timestamp <= deadline`.
    /// - No {Refusal} applies.
    ///
    /// @param from The program whose points are given up, or the settlement token.
    /// @param to The program whose points are received, or the settlement token.
    /// @param amount What is given up, in base units of `from`.
    /// @param minOut The least that the caller accepts, in base units of `to`.
    /// @param recipient Who receives it.
    /// @param deadline The last second at which the caller wants it.
    /// @return out What is received, in base units of `to`.
    function convert(address from, address to, uint256 amount, uint256 minOut, address recipient, uint256 deadline)
        external
        returns (uint256 out);

    /// @notice Executes a conversion that the member signed; anyone may call it, and pays the gas.
    ///
    /// @dev Emits {Converted}, and the token that the order was signed for emits {IPointToken-AuthorizationUsed}.
    ///
    /// Requirements:
    /// - The order must be signed and in force, its nonce not used, and no {Refusal} apply.
    /// - For a top-up the member must have approved the exchange for `amount` of the settlement token.
    ///
    /// Notes:
    /// - The member takes an order back with `cancelAuthorization` of that token.
    ///
    /// @param order What the member signed.
    /// @param signature The member's, see {MemberSignature-isValid}.
    /// @return out What is received, in base units of `order.to`.
    function convertWithAuthorization(ConversionOrder calldata order, bytes calldata signature)
        external
        returns (uint256 out);

    /// @notice What {convert} would give now.
    /// @param member Who would convert; the zero address leaves out what concerns the member.
    /// @param recipient Who would receive; the zero address for the member.
    /// @return out What would be received, in base units of `to`; 0 if refused.
    /// @return refusal Why not, or `None`.
    function quote(address from, address to, uint256 amount, address member, address recipient)
        external
        view
        returns (uint256 out, Refusal refusal);

    /// @notice The least amount that gives at least `out`.
    /// @param member Who would convert; the zero address leaves out what concerns the member.
    /// @param recipient Who would receive; the zero address for the member.
    /// @return amount What must be given up, in base units of `from`; 0 if refused.
    /// @return refusal Why not, or `None`.
    function quoteExactOut(address from, address to, uint256 out, address member, address recipient)
        external
        view
        returns (uint256 amount, Refusal refusal);

    /* PRICES */

    /// @notice Posts new prices. They replace scheduled ones.
    ///
    /// @dev Emits {PricesSet}, or {PricesScheduled} if the program's notice is not zero. The first prices of a program
    /// come into force at once.
    ///
    /// Requirements:
    /// - The caller must have the pricer role in the program's token.
    /// - `0 < newBid <= newAsk`.
    /// - The program's price guards must allow the move.
    ///
    /// @param newBid What the issuer pays to retire one point, in trillionths of a settlement token.
    /// @param newAsk What the issuer charges to issue one point, in trillionths of a settlement token.
    function setPrices(address program, uint64 newBid, uint64 newAsk) external;

    /// @notice Withdraws prices that are announced and not in force yet.
    ///
    /// @dev Emits {ScheduledPricesCancelled}.
    ///
    /// Requirements:
    /// - The caller must have the pricer or the guardian role in the program's token.
    function cancelScheduledPrices(address program) external;

    /// @notice Sets how far and how fast a program's prices may move.
    ///
    /// @dev Emits {PriceGuardsSet}.
    ///
    /// Notes:
    /// - A shorter notice comes into force after the old one; until then prices are scheduled with the old one.
    ///
    /// Requirements:
    /// - The caller must be the default admin of the program's token.
    /// - `maxStep` and `maxDailyMove` at most `MAX_MOVE`, `notice` at most `MAX_NOTICE`.
    function setPriceGuards(address program, PriceGuards calldata newGuards) external;

    /// @notice Sets terms for points that come from one partner: a special ask, or none of them at all.
    ///
    /// @dev Emits {TermsSet}.
    ///
    /// Notes:
    /// - A special ask never counts for less than the bid in force, so special terms open no loop either. That is its
    ///   only bound: price guards are for the common prices.
    /// - Terms with `validUntil` zero take terms away.
    /// - A program with a notice can only announce terms that far ahead, and terms run to their end.
    ///
    /// Requirements:
    /// - The caller must have the pricer role in the token of `program`.
    /// - A special ask must not be lower than the bid, in force or scheduled.
    function setTerms(address program, address partner, Terms calldata newTerms) external;

    /// @notice Sets how much may move in one day: money through an issuer's account, points of one member.
    ///
    /// @dev Emits {DailyLimitsSet}.
    ///
    /// Requirements:
    /// - The caller must be the default admin of the program's token.
    function setDailyLimits(address program, DailyLimits calldata newLimits) external;

    /// @notice Opens or closes top-up and cash-out.
    ///
    /// @dev Emits {CashSwitched}.
    ///
    /// Requirements:
    /// - The caller must be the default admin of the program's token.
    function switchCash(address program, CashSwitches calldata newSwitches) external;

    /// @notice Lets converted points keep the life that they had left, so that converting does not make points younger,
    /// or gives them a fresh one.
    ///
    /// @dev Emits {CarryExpirySet}.
    ///
    /// Notes:
    /// - Converted points become those of the youngest generation of `program` that expires no later than they did, or
    ///   of its oldest one if all expire later. Points bought for money are fresh.
    ///
    /// Requirements:
    /// - The caller must be the default admin of the program's token.
    function setCarryExpiry(address program, bool carries) external;

    /* ACCOUNTS */

    /// @notice Pays money into an issuer's account. Anyone may.
    ///
    /// @dev Emits {Funded}, with what arrived: less than `amount` if the settlement token charges for transfers.
    function fund(address program, uint256 amount) external;

    /// @notice Pays money into an issuer's account by a permit (ERC-2612) instead of an approval.
    ///
    /// @dev Emits {Funded}. A permit that someone else has used before is no obstacle if the allowance is there.
    function fundWithPermit(address program, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Takes money out of an issuer's account, at any time: also while paused or suspended.
    ///
    /// @dev Emits {Withdrawn}.
    ///
    /// Requirements:
    /// - The caller must have the treasurer role in the program's token.
    function withdraw(address program, address recipient, uint256 amount) external;

    /// @notice Pays the network fees that have come together to `feeRecipient`. Anyone may call it.
    ///
    /// @dev Emits {FeesWithdrawn}.
    function withdrawFees() external;

    /* REGISTRY */

    /// @notice Lists a program, so that it can post prices.
    ///
    /// @dev Emits {ProgramListed}.
    ///
    /// Requirements:
    /// - The caller must be the registry.
    function list(address program) external;

    /// @notice Suspends a program, or lifts the suspension.
    ///
    /// @dev Emits {SuspensionSet}.
    ///
    /// Requirements:
    /// - The caller must be the registry.
    function setSuspension(address program, bool suspended) external;

    /* VIEWS */

    /// @notice A program with the prices that are in force now; scheduled ones count from their second on.
    function programOf(address program) external view returns (Program memory);

    /// @notice Prices that are announced and not in force yet; all zero if there are none.
    function scheduledPricesOf(address program) external view returns (ScheduledPrices memory);

    /// @notice The guards of a program's prices; `notice` is the one that holds now.
    function priceGuardsOf(address program) external view returns (PriceGuards memory);

    /// @notice The terms that `program` has set for points of `partner`, in force or not.
    function termsOf(address program, address partner) external view returns (Terms memory);

    /// @notice A program's daily limits.
    function dailyLimitsOf(address program) external view returns (DailyLimits memory);

    /// @notice The money that conversions have moved out of and into an issuer's account today.
    function dailyUseOf(address program) external view returns (DailyUse memory);

    /// @notice The points of a program that a member has converted into others today.
    function memberUseOf(address program, address member) external view returns (MemberUse memory);

    /// @notice Whether points that are converted into those of a program keep the life that they had left.
    function carriesExpiry(address program) external view returns (bool);

    /// @notice Whether a program sells and buys back its points.
    function cashSwitchesOf(address program) external view returns (CashSwitches memory);

    /// @notice Network fees that wait for {withdrawFees}.
    function fees() external view returns (uint256);

    /// @notice The network fee, in millionths of the value that is converted.
    function fee() external view returns (uint256);

    /// @notice Who receives the network fees.
    function feeRecipient() external view returns (address);

    /// @notice The money in which issuers settle.
    function settlementToken() external view returns (address);

    /// @notice The registry that lists and suspends programs.
    function registry() external view returns (address);
}
