"""The exchange: two prices per issuer, accounts of money, and conversions between programs.

Prices come into force in `_catch_up`, at their second; the contract writes them when it is next
touched, and only then emits `PricesSet`. So the model keeps announcements that are still owed.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor

from model.money import Money
from model.points import EPOCH_SHIFT, LANE_MAX, Lots, Points
from model.world import DAY, Reason, World, refuse_for

PAR = 10**12
MILLION = 10**6
ACCOUNT_MAX = 2**96 - 1

Prices = tuple[int, int]


@dataclass(frozen=True)
class Terms:
    """What holds for points of one partner; an ask of 0 keeps the common one."""

    ask: int = 0
    valid_from: int = 0
    valid_until: int = 0
    closed: bool = False

    @property
    def fields(self) -> tuple[int, int, int, bool]:
        return self.ask, self.valid_from, self.valid_until, self.closed


@dataclass
class Guards:
    """`notice` counts from `notice_from` on, `old_notice` before."""

    max_step: int = 0
    max_daily_move: int = 0
    notice: int = 0
    old_notice: int = 0
    notice_from: int = 0


@dataclass
class Program:
    points: Points
    bid: int = 0
    ask: int = 0
    account: int = 0
    version: int = 0
    suspended: bool = False
    guards: Guards = field(default_factory=Guards)
    scheduled: tuple[int, int, int] | None = None
    # Changes that came into force and are not announced yet: (old, new, version).
    owed: list[tuple[Prices, Prices, int]] = field(default_factory=list)
    # day => the prices that held before its first change came into force
    first_prices: dict[int, Prices] = field(default_factory=dict)
    terms: dict[str, Terms] = field(default_factory=lambda: defaultdict(Terms))
    has_terms: bool = False
    limits: tuple[int, int, int] = (0, 0, 0)
    # day => money out and in, and under a member's address what the member converted
    uses: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    carries_expiry: bool = False
    top_up: bool = False
    cash_out: bool = False

    @property
    def is_limited(self) -> bool:
        return any(self.limits)


@dataclass(frozen=True)
class Assessment:
    """What a conversion comes to, and why it is refused, as far as the exchange knows."""

    amount: int
    value: int
    fee: int
    out: int
    reasons: list[Reason] = field(default_factory=list)


@dataclass
class Exchange:
    world: World
    address: str
    money: Money
    fee: int
    fee_recipient: str
    programs: dict[str, Program] = field(default_factory=dict)
    fees: int = 0

    # Converting

    def convert(
        self,
        member: str,
        source: str,
        target: str,
        amount: int,
        min_out: int,
        recipient: str,
        deadline: int,
    ) -> int:
        self._catch_up()
        found = self.assess(source, target, amount)
        late = [Reason("DeadlinePassed", (deadline,))] if self.world.now > deadline else []
        low = [Reason("OutputTooLow", (found.out, min_out))] if found.out < min_out else []
        refused = [
            *found.reasons,
            *self._of_tokens(member, source, target, recipient, amount, found.out),
        ]
        refuse_for([*late, *low, *refused])

        for address in (source, target):
            self._announce(address)
        net = found.value - found.fee
        if source in self.programs:
            self.programs[source].account -= found.value
            self._count(source, "Out", found.value)
        if target in self.programs:
            self.programs[target].account += net
            self._count(target, "In", net)
        self.fees += found.fee
        versions = [self.programs[a].version if a in self.programs else 0 for a in (source, target)]
        if found.fee:
            self._emit("FeeTaken", source, target, found.fee)
        amounts = (amount, found.out, found.value)
        self._emit("Converted", member, source, target, recipient, *amounts, *versions)
        lots: Lots = {}
        if source in self.programs:
            self._count_member(source, member, amount)
            lots = self.programs[source].points.burn_for(member, amount)
        else:
            self.money.move(member, self.address, amount)
        if target in self.programs:
            given = self._given(source, target, lots, found.out)
            if lots and self.programs[target].carries_expiry:
                packed = self.programs[target].points.pack(given) % 2**EPOCH_SHIFT
                self._emit("ExpiryCarried", source, target, packed)
            self.programs[target].points.mint_for(recipient, given)
        else:
            self.money.move(self.address, recipient, found.out)
        return found.out

    def quote(
        self, source: str, target: str, amount: int, member: str, recipient: str
    ) -> tuple[int, set[str]]:
        """What a conversion gives, and the refusals of which one must be named if there are any."""
        self._catch_up()
        found = self.assess(source, target, amount)
        tokens = self._of_tokens(member, source, target, recipient, amount, found.out)
        refusals = {reason.refusal for reason in [*found.reasons, *tokens] if reason.refusal}
        return (0 if refusals else found.out), refusals

    def assess(self, source: str, target: str, amount: int) -> Assessment:
        of_pair = self._of_pair(source, target)
        bid, ask = self._bid(source), self._ask(source, target)
        if source == target or not bid or not ask:
            return Assessment(amount, 0, 0, 0, of_pair)

        value = floor(amount * self._worth(source, bid))
        fee = ceil(Fraction(value * self.fee, MILLION))
        out = floor((value - fee) / self._worth(target, ask))
        found = Assessment(amount, value, fee, out)
        return replace(found, reasons=[*of_pair, *self._of_amounts(source, target, found)])

    # Prices

    def set_prices(self, address: str, bid: int, ask: int) -> None:
        self._catch_up()
        program = self.programs[address]
        notice = self._notice(program) if program.bid else 0
        effective_at = self.world.now + notice
        invalid = [] if 0 < bid <= ask else [Reason("InvalidPrices", (bid, ask))]
        refuse_for([*invalid, *self._moves_too_far(program, (bid, ask), effective_at)])
        self._announce(address)
        if notice:
            program.scheduled = (bid, ask, effective_at)
            self._emit("PricesScheduled", address, bid, ask, effective_at)
        else:
            program.scheduled = None
            self._replace_prices(program, (bid, ask), effective_at)
            self._announce(address)

    def cancel_scheduled_prices(self, address: str) -> None:
        self._catch_up()
        program = self.programs[address]
        if program.scheduled is None:
            refuse_for([Reason("NoScheduledPrices", (address,))])
        self._announce(address)
        bid, ask, _ = program.scheduled
        program.scheduled = None
        self._emit("ScheduledPricesCancelled", address, bid, ask)

    def set_guards(self, address: str, max_step: int, max_daily_move: int, notice: int) -> None:
        guards = self.programs[address].guards
        old_notice = self._notice(self.programs[address])
        since = self.world.now + (old_notice if notice < old_notice else 0)
        old = (guards.max_step, guards.max_daily_move, old_notice)
        new = (max_step, max_daily_move, notice)
        self.programs[address].guards = Guards(*new, old_notice, since)
        self._emit("PriceGuardsSet", address, old, new, since)

    def set_terms(self, address: str, partner: str, terms: Terms) -> None:
        self._catch_up()
        program = self.programs[address]
        old = program.terms[partner]
        notice = self._notice(program)
        refuse_for(
            [
                *self._unlisted(partner),
                *([Reason("SameProgram", (address,))] if partner == address else []),
                *self._terms_refused(address, partner, terms, notice),
            ]
        )
        self._announce(address)
        program.terms[partner] = terms
        program.has_terms = True
        program.version += 1
        self._emit("TermsSet", address, partner, old.fields, terms.fields, program.version)

    def scheduled_prices(self, address: str) -> tuple[int, int, int]:
        self._catch_up()
        return self.programs[address].scheduled or (0, 0, 0)

    def guards(self, address: str) -> tuple[int, int, int]:
        program = self.programs[address]
        return program.guards.max_step, program.guards.max_daily_move, self._notice(program)

    # Accounts

    def fund(self, payer: str, address: str, amount: int) -> None:
        zero = [Reason("ZeroAmount", ())] if amount == 0 else []
        refuse_for([*zero, *self.money.short(payer, amount)])
        self.money.move(payer, self.address, amount)
        self.programs[address].account += amount
        self._emit("Funded", address, payer, amount)

    def withdraw(self, treasurer: str, address: str, recipient: str, amount: int) -> None:
        account = self.programs[address].account
        zero = [Reason("ZeroAmount", ())] if amount == 0 else []
        small = [Reason("AccountTooSmall", (address, account, amount))] if amount > account else []
        refuse_for([*zero, *small])
        self.programs[address].account -= amount
        self._emit("Withdrawn", address, treasurer, recipient, amount)
        self.money.move(self.address, recipient, amount)

    def withdraw_fees(self) -> None:
        if self.fees == 0:
            refuse_for([Reason("ZeroAmount", ())])
        amount, self.fees = self.fees, 0
        self._emit("FeesWithdrawn", self.fee_recipient, amount)
        self.money.move(self.address, self.fee_recipient, amount)

    def set_limits(self, address: str, *new: int) -> None:
        """Most money out and in, and most points of one member."""
        most_out, most_in, most_of_member = new
        old = self.programs[address].limits
        self.programs[address].limits = (most_out, most_in, most_of_member)
        self._emit("DailyLimitsSet", address, old, new)

    def set_carry_expiry(self, address: str, carries: bool) -> None:
        self.programs[address].carries_expiry = carries
        self._emit("CarryExpirySet", address, carries)

    def switch_cash(self, address: str, top_up: bool, cash_out: bool) -> None:
        program = self.programs[address]
        old = (program.top_up, program.cash_out)
        program.top_up, program.cash_out = top_up, cash_out
        self._emit("CashSwitched", address, old, (top_up, cash_out))

    def set_suspension(self, address: str, suspended: bool) -> None:
        self.programs[address].suspended = suspended
        self._emit("SuspensionSet", address, suspended)

    def program(self, address: str) -> tuple[int, int, int, int, int]:
        """Bid, ask, account, version and flags, as anyone can see them."""
        self._catch_up()
        program = self.programs[address]
        flags = (
            program.points.decimals + 1
            | program.suspended << 3
            | (program.scheduled is not None) << 4
            | program.is_limited << 5
            | program.has_terms << 6
        )
        return program.bid, program.ask, program.account, program.version, flags

    def use_today(self, address: str) -> tuple[int, int, int]:
        use = self.programs[address].uses[self.world.today]
        return use["Out"], use["In"], self.world.today

    def member_use_today(self, address: str, member: str) -> tuple[int, int]:
        return self.programs[address].uses[self.world.today][member], self.world.today

    # Why not

    def _of_pair(self, source: str, target: str) -> list[Reason]:
        if source == target:
            return [Reason("SameProgram", (source,), "SameProgram")]
        reasons = [
            r for a in (source, target) if a != self.money.address for r in self._unlisted(a)
        ]
        if reasons:
            return reasons
        sides = {a: self.programs[a] for a in (source, target) if a in self.programs}
        for address, program in sides.items():
            if program.suspended:
                reasons.append(Reason("ProgramSuspended", (address,), "ProgramSuspended"))
            if not program.bid:
                reasons.append(Reason("PriceNotSet", (address,), "PriceNotSet"))
        if source == self.money.address and not sides[target].top_up:
            reasons.append(Reason("TopUpClosed", (target,), "TopUpClosed"))
        if target == self.money.address and not sides[source].cash_out:
            reasons.append(Reason("CashOutClosed", (source,), "CashOutClosed"))
        if target in sides and self._terms_now(sides[target], source).closed:
            reasons.append(Reason("PairClosed", (source, target), "PairClosed"))
        return reasons

    def _of_amounts(self, source: str, target: str, found: Assessment) -> list[Reason]:
        amount, value = found.amount, found.value
        reasons = []
        full = self.programs[target].account if target in self.programs else 0
        if (
            amount > self._most(source)
            or found.out > self._most(target)
            or value - found.fee > ACCOUNT_MAX - full
        ):
            reasons.append(Reason("AmountTooLarge", (amount,), "AmountTooLarge"))
        if found.out == 0:
            reasons.append(Reason("ZeroOutput", (amount,), "ZeroOutput"))
        if source in self.programs:
            arguments = (source, self.programs[source].account, value)
            if value > self.programs[source].account:
                reasons.append(Reason("AccountTooSmall", arguments, "AccountTooSmall"))
            reasons += self._over_limit("Out", source, value)
        if target in self.programs:
            reasons += self._over_limit("In", target, value - found.fee)
        return reasons

    def _of_tokens(
        self, member: str, source: str, target: str, recipient: str, amount: int, out: int
    ) -> list[Reason]:
        reasons = []
        if source in self.programs:
            points = self.programs[source].points
            if recipient != member and not points.transferable:
                reasons.append(Reason("TransfersDisabled", (source,), "TransfersDisabled"))
            reasons += points.convertible("MemberFrozen", member)
            reasons += points.short(member, amount)
            reasons += self._over_member_limit(source, member, amount)
        elif source == self.money.address:
            reasons += self.money.short(member, amount)
        if target in self.programs:
            points = self.programs[target].points
            reasons += points.convertible("RecipientFrozen", recipient)
            reasons += points.full(out)
        return reasons

    def _over_limit(self, direction: str, address: str, value: int) -> list[Reason]:
        program = self.programs[address]
        limit = program.limits[direction == "In"]
        left = max(0, limit - program.uses[self.world.today][direction])
        if limit == 0 or value <= left:
            return []
        arguments = (address, value, left)
        return [Reason(f"DailyLimit{direction}Reached", arguments, f"DailyLimit{direction}")]

    def _over_member_limit(self, address: str, member: str, amount: int) -> list[Reason]:
        program = self.programs[address]
        *_, limit = program.limits
        left = max(0, limit - program.uses[self.world.today][member])
        if limit == 0 or amount <= left:
            return []
        arguments = (address, member, amount, left)
        return [Reason("DailyLimitMemberReached", arguments, "DailyLimitMember")]

    def _unlisted(self, address: str) -> list[Reason]:
        if address in self.programs:
            return []
        return [Reason("ProgramNotListed", (address,), "ProgramNotListed")]

    def _moves_too_far(self, program: Program, new: Prices, effective_at: int) -> list[Reason]:
        old = (program.bid, program.ask)
        if not program.bid:
            return []
        guards = program.guards
        first = program.first_prices.get(effective_at // DAY, old)
        return [
            *_beyond("PriceStepTooLarge", old, new, guards.max_step),
            *_beyond("DailyMoveTooLarge", first, new, guards.max_daily_move),
        ]

    def _terms_refused(self, address: str, partner: str, terms: Terms, notice: int) -> list[Reason]:
        program = self.programs[address]
        reasons = []
        old = program.terms[partner]
        if notice and old.valid_until > self.world.now:
            reasons.append(Reason("TermsInForce", (address, partner, old.valid_until)))
        if terms.valid_until == 0:
            return reasons
        earliest = self.world.now + notice if notice else 0
        if terms.valid_from < earliest or terms.valid_until <= terms.valid_from:
            arguments = (terms.valid_from, terms.valid_until, earliest)
            reasons.append(Reason("InvalidTermsDates", arguments))
        bid = max(program.bid, program.scheduled[0] if program.scheduled else 0)
        if terms.ask and terms.ask < bid:
            reasons.append(Reason("SpecialAskTooLow", (terms.ask, bid)))
        return reasons

    # How

    def _bid(self, source: str) -> int:
        if source == self.money.address:
            return PAR
        return self.programs[source].bid if source in self.programs else 0

    def _ask(self, source: str, target: str) -> int:
        if target == self.money.address:
            return PAR
        if target not in self.programs:
            return 0
        program = self.programs[target]
        special = self._terms_now(program, source).ask
        return max(special, program.bid) if special else program.ask

    def _terms_now(self, program: Program, partner: str) -> Terms:
        terms = program.terms[partner]
        return terms if terms.valid_from <= self.world.now < terms.valid_until else Terms()

    def _worth(self, address: str, price: int) -> Fraction:
        """Base units of money for one base unit of points, or of money itself."""
        if address == self.money.address:
            return Fraction(price, PAR)
        whole = Fraction(price, PAR) * 10**self.money.decimals
        return whole / 10 ** self.programs[address].points.decimals

    def _most(self, address: str) -> int:
        return ACCOUNT_MAX if address == self.money.address else LANE_MAX

    def _count(self, address: str, direction: str, value: int) -> None:
        program = self.programs[address]
        if program.is_limited:
            program.uses[self.world.today][direction] += value

    def _count_member(self, address: str, member: str, amount: int) -> None:
        program = self.programs[address]
        *_, limit = program.limits
        if limit:
            program.uses[self.world.today][member] += amount

    def _given(self, source: str, target: str, lots: Lots, out: int) -> Lots:
        """What a conversion gives, by the period of which the target's points are."""
        program = self.programs[target]
        points = program.points
        if not program.carries_expiry or not lots:
            return {points.period: out}
        given: Counter[int] = Counter()
        # What rounding leaves over goes to the oldest.
        oldest, *younger = lots
        for period in younger:
            share = floor(Fraction(out * lots[period], sum(lots.values())))
            given[self._heir(source, period, points)] += share
        given[self._heir(source, oldest, points)] += out - given.total()
        return dict(given)

    def _heir(self, source: str, period: int, points: Points) -> int:
        """The youngest period of points that are gone no later, or else the oldest one."""
        expiry = self.programs[source].points.expiry_of(period)
        if points.months == 0:
            return points.period
        alive = range(points.period, points.period - points.lifetime, -1)
        return next((heir for heir in alive if points.expiry_of(heir) <= expiry), alive[-1])

    def _notice(self, program: Program) -> int:
        guards = program.guards
        return guards.notice if self.world.now >= guards.notice_from else guards.old_notice

    def _catch_up(self) -> None:
        """Puts scheduled prices in force whose second has come."""
        for program in self.programs.values():
            if program.scheduled and program.scheduled[2] <= self.world.now:
                bid, ask, effective_at = program.scheduled
                program.scheduled = None
                self._replace_prices(program, (bid, ask), effective_at)

    def _replace_prices(self, program: Program, new: Prices, effective_at: int) -> None:
        old = (program.bid, program.ask)
        if program.bid:
            program.first_prices.setdefault(effective_at // DAY, old)
        program.bid, program.ask = new
        program.version += 1
        program.owed.append((old, new, program.version))

    def _announce(self, address: str) -> None:
        """Emits what came into force unannounced."""
        if address not in self.programs:
            return
        owed, self.programs[address].owed = self.programs[address].owed, []
        for old, new, version in owed:
            self._emit("PricesSet", address, *old, *new, version)

    def _emit(self, name: str, *arguments: object) -> None:
        self.world.emit(self.address, name, *arguments)


def _beyond(error: str, old: Prices, new: Prices, most: int) -> list[Reason]:
    """Which prices move by more than so many millionths; 0 is no bound."""
    if most == 0:
        return []
    return [
        Reason(error, (before, after, most))
        for before, after in zip(old, new, strict=True)
        if abs(after - before) > Fraction(before * most, MILLION)
    ]
