"""The points of one program, as lots: so many points, awarded in such a period."""

from collections import Counter
from dataclasses import dataclass, field

from model.periods import first_second, period_of
from model.world import Reason, World, refuse_for

ZERO = "0x" + "00" * 20
UNLIMITED = 2**256 - 1
LANE_BITS = 48
LANE_MAX = 2**LANE_BITS - 1
EPOCH_SHIFT = 192

# period in which the points were awarded => how many there are
Lots = dict[int, int]


@dataclass
class Member:
    lots: Lots = field(default_factory=dict)
    frozen: bool = False


@dataclass
class Budget:
    limit: int
    seconds: int
    used: int = 0
    window: int = 0


@dataclass
class Points:
    """The mirror of a PointToken. Roles are left to other tests: whoever acts may act."""

    world: World
    address: str
    decimals: int
    months: int
    lifetime: int
    transferable: bool = True
    paused: bool = False
    exchange_on: bool = True
    members: dict[str, Member] = field(default_factory=dict)
    allowances: Counter[tuple[str, str]] = field(default_factory=Counter)
    budgets: dict[str, Budget] = field(default_factory=dict)
    batches: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.period_before_first = period_of(self.world.now, self.months) - 1

    # What anyone can see

    @property
    def period(self) -> int:
        return period_of(self.world.now, self.months)

    @property
    def epoch(self) -> int:
        """The current period as the token counts it: from 1."""
        return self.period - self.period_before_first

    def member(self, address: str) -> Member:
        return self.members.setdefault(address, Member())

    def lots_of(self, address: str) -> Lots:
        """What is alive, oldest first."""
        lots = self.member(address).lots
        return {period: lots[period] for period in sorted(lots) if self._is_alive(period)}

    def balance_of(self, address: str) -> int:
        return sum(self.lots_of(address).values())

    def supply(self) -> Lots:
        supply: Counter[int] = Counter()
        for address in self.members:
            supply.update(self.lots_of(address))
        return {period: supply[period] for period in sorted(supply) if supply[period]}

    def expiry_of(self, period: int) -> int:
        """The second at which points are gone that were awarded in a period."""
        return first_second(period + self.lifetime, self.months)

    def total_supply(self) -> int:
        return sum(self.supply().values())

    def by_expiry(self, lots: Lots) -> list[tuple[int, int]]:
        """When points expire, and how many, soonest first."""
        return [(self.expiry_of(period), amount) for period, amount in lots.items() if amount]

    # Points come and go

    def award(self, awarder: str, member: str, amount: int, ref: bytes) -> None:
        refuse_for([*self._stopped(), *self._over_budget(awarder, amount), *self.full(amount)])
        self._spend_budget(awarder, amount)
        self._create(member, {self.period: amount})
        self._emit("Awarded", awarder, member, ref, amount)

    def award_batch(self, awarder: str, batch: bytes, awards: list[tuple[str, int]]) -> None:
        total = sum(amount for _, amount in awards)
        replayed = [Reason("BatchAlreadyAwarded", (batch,))] if batch in self.batches else []
        empty = [] if awards else [Reason("BatchEmpty", ())]
        refuse_for(
            [
                *empty,
                *replayed,
                *self._stopped(),
                *self._over_budget(awarder, total),
                *self.full(total),
            ]
        )
        self.batches.add(batch)
        self._spend_budget(awarder, total)
        for member, amount in awards:
            self._create(member, {self.period: amount})
        self._emit("BatchAwarded", awarder, batch, len(awards), total)

    def redeem(self, member: str, amount: int, ref: bytes) -> None:
        refuse_for([*self._stopped(), *self._cannot_give(member, amount)])
        lots = self._destroy(member, amount)
        self._emit("Redeemed", member, ref, amount, self.pack(lots))

    def refund(self, corrector: str, member: str, redeemed: int, ref: bytes) -> None:
        """Gives back the lots of a `Redeemed` event, as far as they have not expired since."""
        lots = {p: n for p, n in self.unpack(redeemed).items() if self._is_alive(p)}
        amount = sum(lots.values())
        supply = self.supply()
        full = [
            Reason("GenerationFull", (self.epoch - (self.period - p), n, LANE_MAX - supply[p]))
            for p, n in lots.items()
            if supply.get(p, 0) + n > LANE_MAX
        ]
        reasons = [*self._stopped(), *self._frozen(member), *full]
        refuse_for([*reasons, *self._over_budget(corrector, amount)])
        self._spend_budget(corrector, amount)
        self._announce_expired(member)
        self._add(member, lots)
        self._emit("Transfer", ZERO, member, amount)
        self._emit("Refunded", corrector, member, ref, amount, redeemed)

    def correct(self, corrector: str, member: str, amount: int, ref: bytes, reason: bytes) -> None:
        refuse_for(
            [
                *self._stopped(),
                *self._over_budget(corrector, amount),
                *self._cannot_give(member, amount),
            ]
        )
        self._spend_budget(corrector, amount)
        self._destroy(member, amount)
        self._emit("Corrected", corrector, member, ref, amount, reason)

    def burn_for(self, member: str, amount: int) -> Lots:
        return {p: n for p, n in self._destroy(member, amount).items() if n}

    def mint_for(self, member: str, lots: Lots) -> None:
        self._create(member, lots)

    # Points move

    def approve(self, member: str, spender: str, amount: int) -> None:
        self.allowances[member, spender] = amount
        self._emit("Approval", member, spender, amount)

    def transfer(self, sender: str, receiver: str, amount: int) -> None:
        refuse_for(self._cannot_transfer(sender, receiver, amount))
        self._move(sender, receiver, amount)

    def transfer_from(self, spender: str, sender: str, receiver: str, amount: int) -> None:
        allowed = self.allowances[sender, spender]
        unlimited = allowed == UNLIMITED
        short = []
        if not unlimited and allowed < amount:
            short = [Reason("ERC20InsufficientAllowance", (spender, allowed, amount))]
        refuse_for([*short, *self._cannot_transfer(sender, receiver, amount)])
        if not unlimited:
            self.allowances[sender, spender] -= amount
        self._move(sender, receiver, amount)

    def recover(self, recoverer: str, old: str, new: str, reason: bytes) -> None:
        reasons = []
        if not self.member(old).frozen:
            reasons.append(Reason("MemberNotFrozen", (old,)))
        refuse_for([*reasons, *self._frozen(new)])
        self._announce_expired(old)
        self._announce_expired(new)
        lots = self.lots_of(old)
        self._take(old, lots)
        self._add(new, lots)
        self._emit("Transfer", old, new, sum(lots.values()))
        self._emit("Recovered", recoverer, old, new, sum(lots.values()), reason)

    def sweep(self, members: list[str]) -> None:
        for member in members:
            self._announce_expired(member)

    # Switches

    def freeze(self, freezer: str, member: str, reason: bytes) -> None:
        refuse_for(self._frozen(member))
        self._announce_expired(member)
        self.member(member).frozen = True
        self._emit("Frozen", freezer, member, reason)

    def unfreeze(self, freezer: str, member: str, reason: bytes) -> None:
        if not self.member(member).frozen:
            refuse_for([Reason("MemberNotFrozen", (member,))])
        self.member(member).frozen = False
        self._emit("Unfrozen", freezer, member, reason)

    def pause(self, guardian: str) -> None:
        refuse_for(self._stopped())
        self.paused = True
        self._emit("Paused", guardian)

    def unpause(self, admin: str) -> None:
        if not self.paused:
            refuse_for([Reason("ProgramNotPaused", ())])
        self.paused = False
        self._emit("Unpaused", admin)

    def switch_exchange(self, operator: str, on: bool) -> None:
        self.exchange_on = on
        self._emit("ExchangeSwitched", operator, on)

    def set_budget(self, admin: str, awarder: str, limit: int, seconds: int) -> None:
        old = self.budgets.get(awarder, Budget(0, seconds))
        used = self._used(old)
        self.budgets[awarder] = Budget(limit, seconds, used, self.world.now // seconds)
        self._emit("BudgetSet", admin, awarder, old.limit, limit, seconds)

    # Lots as the token packs them

    def pack(self, lots: Lots) -> int:
        lanes = sum(n << (LANE_BITS * (self.period - p)) for p, n in lots.items())
        return lanes | (self.epoch << EPOCH_SHIFT)

    def unpack(self, word: int) -> Lots:
        newest = (word >> EPOCH_SHIFT) + self.period_before_first
        lanes = ((newest - age, (word >> (LANE_BITS * age)) & LANE_MAX) for age in range(4))
        return {period: amount for period, amount in lanes if amount}

    # Why not

    def convertible(self, refusal_if_frozen: str, member: str) -> list[Reason]:
        """Why the exchange may not touch a member's points."""
        stopped = [Reason("ProgramPaused", (), "ProgramPaused")] if self.paused else []
        off = [] if self.exchange_on else [Reason("ExchangeOff", (), "ExchangeOff")]
        frozen = [Reason(r.error, r.arguments, refusal_if_frozen) for r in self._frozen(member)]
        return [*stopped, *off, *frozen]

    def short(self, member: str, amount: int) -> list[Reason]:
        balance = self.balance_of(member)
        if amount <= balance:
            return []
        arguments = (member, balance, amount)
        return [Reason("ERC20InsufficientBalance", arguments, "BalanceTooSmall")]

    def full(self, amount: int) -> list[Reason]:
        room = LANE_MAX - self.supply().get(self.period, 0)
        if amount <= room:
            return []
        return [Reason("GenerationFull", (self.epoch, amount, room), "AmountTooLarge")]

    def _stopped(self) -> list[Reason]:
        return [Reason("ProgramPaused", ())] if self.paused else []

    def _frozen(self, member: str) -> list[Reason]:
        return [Reason("MemberFrozen", (member,))] if self.member(member).frozen else []

    def _cannot_give(self, member: str, amount: int) -> list[Reason]:
        return [*self._frozen(member), *self.short(member, amount)]

    def _cannot_transfer(self, sender: str, receiver: str, amount: int) -> list[Reason]:
        disabled = [] if self.transferable else [Reason("TransfersDisabled", ())]
        return [*disabled, *self._frozen(receiver), *self._cannot_give(sender, amount)]

    def _over_budget(self, awarder: str, amount: int) -> list[Reason]:
        budget = self.budgets.get(awarder)
        if budget is None or budget.limit == 0:
            return [Reason("NotAwarder", (awarder,))]
        left = max(0, budget.limit - self._used(budget))
        return [Reason("BudgetExceeded", (awarder, amount, left))] if amount > left else []

    # How

    def _is_alive(self, period: int) -> bool:
        return self.months == 0 or period + self.lifetime > self.period

    def _used(self, budget: Budget) -> int:
        return budget.used if budget.window == self.world.now // budget.seconds else 0

    def _spend_budget(self, awarder: str, amount: int) -> None:
        budget = self.budgets[awarder]
        budget.used = self._used(budget) + amount
        budget.window = self.world.now // budget.seconds

    def _announce_expired(self, address: str) -> None:
        member = self.member(address)
        alive = self.lots_of(address)
        expired = sum(member.lots.values()) - sum(alive.values())
        member.lots = alive
        if expired:
            self._emit("Transfer", address, ZERO, expired)
            self._emit("Expired", address, expired)

    def _oldest(self, address: str, amount: int) -> Lots:
        taken: Lots = {}
        for period, available in self.lots_of(address).items():
            taken[period] = min(available, amount)
            amount -= taken[period]
        return taken

    def _add(self, address: str, lots: Lots) -> None:
        member = self.member(address)
        for period, amount in lots.items():
            member.lots[period] = member.lots.get(period, 0) + amount

    def _take(self, address: str, lots: Lots) -> None:
        self._add(address, {period: -amount for period, amount in lots.items()})

    def _create(self, address: str, lots: Lots) -> None:
        self._announce_expired(address)
        self._add(address, lots)
        self._emit("Transfer", ZERO, address, sum(lots.values()))

    def _destroy(self, address: str, amount: int) -> Lots:
        self._announce_expired(address)
        lots = self._oldest(address, amount)
        self._take(address, lots)
        self._emit("Transfer", address, ZERO, amount)
        return lots

    def _move(self, sender: str, receiver: str, amount: int) -> None:
        self._announce_expired(sender)
        self._announce_expired(receiver)
        lots = self._oldest(sender, amount)
        self._take(sender, lots)
        self._add(receiver, lots)
        self._emit("Transfer", sender, receiver, amount)

    def _emit(self, name: str, *arguments: object) -> None:
        self.world.emit(self.address, name, *arguments)
