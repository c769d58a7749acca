"""Weeks of payments without a network: honest tills and members, and those who cheat.

Everything happens at its second on one chain. Honest tills know the rules of `IOfflineDesk`, what
they read when they had a network, and what they have taken since. Those who cheat know everything.

- A *copier* has its purse on several phones and promises it at many tills within hours.
- An *accomplice* promises far too much to merchants that collude, and to others what it can.
- A *runner* asks for its purse back right after a till has read it, and pays there late.
- A merchant that *colludes* takes whatever accomplices promise, settles late and settles twice.
- A *thief* has the key of a till, and settles promises of an accomplice under the till's serials.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count, cycle
from random import Random

from proofs.offline.people import LIMIT, Member, Merchant, Size, Till
from proofs.offline.town import NOBODY, Key, Town, Voucher, shuffled
from support.abi import Reverted
from support.clock import DAY, HOUR, utc
from support.desk import RELEASE_SHIFT, lanes
from support.words import bytes32

WINDOW = 2 * DAY
# Points of April expire when June begins, which is in the middle of what is simulated.
APRIL, JUNE = utc(2026, 4, 20), utc(2026, 6)
OLD_POINTS, NEW_POINTS = 100, 900

REFUSALS = ("none", "settled", "ended", "unsigned")


class Simulation:
    """One run. `counts` tells what happened, `losses` what honest merchants were not paid."""

    def __init__(
        self,
        size: Size,
        *,
        keeps_shares: bool = True,
        desk_code: bytes | None = None,
    ) -> None:
        """Sets out. Both options are controls: tills without rule 4, another desk."""
        self.size = size
        self.rng = Random(1)
        self.counts: Counter[str] = Counter()
        self.begin = JUNE - size.days * DAY // 2
        self.end = self.begin + size.days * DAY
        self.town = Town(APRIL, WINDOW, desk_code)
        self.desk, self.token = self.town.desk, self.town.token
        self._keeps_shares = keeps_shares
        self._numbers = count()
        self._queue: list[tuple[int, int, Callable[[], object]]] = []
        self._merchants: list[Merchant] = []
        self._members: list[Member] = []
        # merchant => who runs away from its till
        self._runners: defaultdict[str, list[Member]] = defaultdict(list)
        self.purses: set[tuple[str, str]] = set()
        # (merchant, till, serial) => what was paid of it
        self._paid: dict[tuple[str, str, int], int] = {}
        # (merchant, member) => paid in all
        self._received: Counter[tuple[str, str]] = Counter()
        # What honest tills took: each voucher, and by merchant and member
        self._accepted: list[tuple[Till, Voucher]] = []
        self.overspent: set[str] = set()
        self.owed: Counter[str] = Counter()
        self.greatest_draw = 0

    # What comes out.

    @property
    def frozen(self) -> set[str]:
        return {m.address for m in self._members if self.token.call("isFrozen", m.address)}

    @property
    def honest(self) -> set[str]:
        return {member.address for member in self._members if member.is_honest}

    @property
    def per_member(self) -> int:
        return int(self.desk.call("guaranteeOf", self.token.address)[0])

    @property
    def capacity(self) -> int:
        return int(self.desk.call("guaranteeOf", self.token.address)[2])

    def losses(self) -> int:
        """What honest merchants gave goods for and were not paid.

        Of a merchant whose tills all have their keys for themselves, each voucher counts. Where a
        till was robbed, what the thief's vouchers of a member brought makes up for others of that
        member; and what the robbed till itself took is the merchant's own risk.
        """
        lost = 0
        of_robbed: Counter[tuple[str, str]] = Counter()
        for till, voucher in self._accepted:
            merchant = till.merchant.address
            if not till.merchant.was_robbed:
                place = merchant, till.address, voucher.serial
                lost += voucher.amount - self._paid.get(place, 0)
            elif not till.is_robbed:
                of_robbed[merchant, voucher.member] += voucher.amount
        for pair, amount in of_robbed.items():
            lost += max(0, amount - self._received[pair])
        return lost

    # Running.

    def run(self) -> "Simulation":
        self._found()
        while self._queue:
            moment, _, action = heappop(self._queue)
            if moment != self.town.chain.now:
                self.town.chain.travel_to(moment)
            action()
        return self

    def _at(self, moment: int, action: Callable[[], object]) -> None:
        heappush(self._queue, (moment, next(self._numbers), action))

    @property
    def _now(self) -> int:
        return self.town.chain.now

    def _chance(self, part: float) -> bool:
        return self.rng.random() < part

    # Founding the town.

    def _found(self) -> None:
        self._open_shops()
        self._welcome_members()
        # Of those who want a shared purse, not all can have one.
        capacity = round(self.size.members * 0.65)
        boss, token = self.town.boss.address, self.token.address
        limits = LIMIT * len(self._merchants)
        self.desk.send(boss, "setGuarantee", token, limits, capacity)
        for merchant in self._merchants:
            self.desk.send(boss, "setLimit", token, merchant.address, LIMIT)

        everyone = [member.address for member in self._members]
        self.town.award(everyone, OLD_POINTS)
        self.town.chain.travel_to(self.begin)
        self.town.award(everyone, NEW_POINTS)
        for member in self._members:
            self._plan(member)
        for till in self._tills():
            till.visitors.sort(key=lambda visit: visit[0])
            self._plan_sync(till, self.begin + self.rng.randrange(DAY // 2, DAY))
        self._plan_thefts()
        self._at(JUNE, self.check_books)
        self._at(self.begin + min(3 * DAY, self.size.days * DAY // 3), self._lower_limits)
        self._at(self.begin + self.size.days * DAY * 2 // 3, self._forgive)

    def _open_shops(self) -> None:
        size, boss = self.size, self.town.boss.address
        colluding = shuffled(self.rng, size.merchants, max(0.05, 2 / size.merchants))
        for number in range(size.merchants):
            merchant = Merchant(Key.of(f"merchant {number}"), number in colluding)
            self.town.registry.send(boss, "registerMerchant", merchant.address, f"Shop {number}")
            self._merchants.append(merchant)
        for number in range(size.tills):
            # A fifth of the merchants has one till only.
            few = number < size.merchants
            place = number if few else self.rng.randrange(size.merchants // 5, size.merchants)
            merchant = self._merchants[place]
            till = Till(Key.of(f"till {number}"), merchant)
            self.town.registry.send(merchant.address, "registerTill", till.address)
            merchant.tills.append(till)

    def _welcome_members(self) -> None:
        cheats = sorted(shuffled(self.rng, self.size.members, self.size.cheats))
        kinds = dict(zip(cheats, cycle(("copier", "accomplice", "copier", "runner")), strict=False))
        lonely = [m for m in self._merchants if m.is_late and not m.colludes]
        for number in range(self.size.members):
            kind = kinds.get(number, "honest")
            home = self.rng.choice(lonely if kind == "runner" else self._merchants)
            member = Member(Key.of(f"member {number}"), kind, home)
            self._members.append(member)
            if kind == "runner":
                self._runners[home.address].append(member)

    def _tills(self) -> list[Till]:
        return [till for merchant in self._merchants for till in merchant.tills]

    # What members plan.

    def _plan(self, member: Member) -> None:
        {
            "honest": self._plan_honest,
            "copier": self._plan_copier,
            "accomplice": self._plan_accomplice,
            "runner": self._plan_runner,
        }[member.kind](member)

    def _plan_honest(self, member: Member) -> None:
        rng = self.rng
        purses = [
            p for p, part in ((NOBODY, 0.75), (member.home.address, 0.5)) if self._chance(part)
        ]
        for purse in purses:
            self._at(
                self.begin + rng.randrange(DAY // 2),
                lambda purse=purse: self._hold(member, purse, rng.randrange(60, 400)),
            )
        for _ in range(self.size.visits if purses else 0):
            shared = rng.choice(purses) == NOBODY
            shop = rng.choice(self._merchants) if shared else member.home
            self._visit(member, rng.choice(shop.tills), self._moment(), shared)
        if purses and self._chance(0.1):
            self._at(self._moment(), lambda: self._release(member, rng.choice(purses)))

    def _plan_copier(self, member: Member) -> None:
        self._at(self.begin + self.rng.randrange(HOUR), lambda: self._hold(member, NOBODY, 150))
        self._spree(member, self._moment())

    def _plan_accomplice(self, member: Member) -> None:
        rng = self.rng
        self._at(self.begin + rng.randrange(HOUR), lambda: self._hold(member, NOBODY, 30))
        for _ in range(3):
            shop = rng.choice([m for m in self._merchants if m.colludes])
            self._visit(member, rng.choice(shop.tills), self._moment(), True)
        self._spree(member, self._moment())

    def _plan_runner(self, member: Member) -> None:
        purse = member.home.address
        self._at(self.begin + self.rng.randrange(HOUR), lambda: self._hold(member, purse, 200))

    def _spree(self, member: Member, begin: int) -> None:
        """Promises the same points at many tills within a window."""
        for _ in range(25):
            till = self.rng.choice(self.rng.choice(self._merchants).tills)
            self._visit(member, till, begin + self.rng.randrange(WINDOW), True)

    def _moment(self) -> int:
        return self.rng.randrange(self.begin + DAY, self.end)

    def _visit(self, member: Member, till: Till, moment: int, shared: bool) -> None:
        till.visitors.append((moment, member, shared))
        self._at(moment, lambda: self._pay(member, till, shared))

    # What members do with a network.

    def _hold(self, member: Member, merchant: str, amount: int) -> None:
        amount = min(amount, int(self.token.call("balanceOf", member.address)))
        try:
            self.desk.send(member.address, "hold", self.token.address, merchant, amount)
        except Reverted as error:
            self.counts[f"hold refused: {error.error}"] += 1
            return
        self.purses.add((member.address, merchant))
        self.counts["held"] += 1

    def _release(self, member: Member, merchant: str) -> None:
        if self.desk.call("purseWord", self.token.address, member.address, merchant) == 0:
            return
        try:
            self.desk.send(member.address, "release", self.token.address, merchant)
        except Reverted as error:
            self.counts[f"release refused: {error.error}"] += 1
            return
        word = self.desk.call("purseWord", self.token.address, member.address, merchant)
        self._at(word >> RELEASE_SHIFT, lambda: self._return(member, merchant))

    def _return(self, member: Member, merchant: str) -> None:
        relayer = self.town.boss.address
        try:
            self.desk.send(relayer, "returnPurse", self.token.address, member.address, merchant)
        except Reverted as error:
            self.counts[f"return refused: {error.error}"] += 1
            return
        self.counts["returned"] += 1
        if self._now < self.end:
            # A runner stays away until its vouchers have been settled.
            away = 2 * WINDOW if member.kind == "runner" else self.rng.randrange(DAY)
            self._at(self._now + away, lambda: self._hold(member, merchant, 200))

    # At a till without a network.

    def _pay(self, member: Member, till: Till, shared: bool) -> None:
        if till.is_closed:
            self.counts["not taken: closed"] += 1
            return
        colluding = till.merchant.colludes and not member.is_honest
        until = self._now + WINDOW * 3 // 2
        most = 10_000 if colluding else self._most(till, member.address, shared)
        if member.is_honest:
            wish = self.rng.randrange(1, 16 if shared else 60)
            if self._covered(member, till.merchant.address, shared, until) < wish:
                self.counts["not promised: purse"] += 1
                purse = NOBODY if shared else till.merchant.address
                self._at(self._now + HOUR, lambda: self._hold(member, purse, 150))
                return
        else:
            wish = self.rng.randrange(100, 600) if colluding else max(1, most)
        if wish > most:
            known = (member.address, shared) in till.readings
            self.counts["not taken: too much" if known else "not taken: not read"] += 1
            return

        voucher = self.town.voucher(
            member.key, till.merchant.address, till.address, till.serial, wish, shared, until
        )
        till.serial += 1
        till.taken.append(voucher)
        till.promised[member.address, shared] += wish
        member.promises.append((till.merchant.address, voucher))
        self.counts["accepted"] += 1
        if not till.merchant.colludes:
            self.counts["accepted by honest tills"] += 1
            self._accepted.append((till, voucher))
            # It settles within a window of its first voucher.
            soonest = WINDOW * 19 // 20 if till.merchant.is_late else WINDOW // 2
            within = self._now + self.rng.randrange(soonest, WINDOW)
            if within < till.next_sync:
                self._plan_sync(till, within)

    def _most(self, till: Till, member: str, shared: bool) -> int:
        """What the rules let an honest till take of a member."""
        reading = till.readings.get((member, shared))
        if reading is None or self._now >= till.read_at + WINDOW:
            return 0
        promised = till.promised[member, shared]
        if not shared:
            return reading // len(till.merchant.tills) - promised
        if not self._keeps_shares:
            return reading - promised
        return min(reading, till.share) - promised

    def _covered(self, member: Member, merchant: str, shared: bool, until: int) -> int:
        """What an honest member can promise: its phone knows its purse and its promises."""
        open_promises = [
            (payee, voucher)
            for payee, voucher in member.promises
            if self._now < voucher.valid_before
            and (payee, voucher.till, voucher.serial) not in self._paid
        ]
        member.promises = open_promises
        purse = NOBODY if shared else merchant
        known = self.desk.call("spendable", self.token.address, member.address, purse, until)
        return int(known) - sum(
            voucher.amount
            for payee, voucher in open_promises
            if voucher.shared is shared and (shared or payee == merchant)
        )

    # At a till with a network.

    def _plan_sync(self, till: Till, moment: int) -> None:
        till.next_sync = moment
        self._at(moment, lambda: self._sync(till, moment))

    def _sync(self, till: Till, planned: int) -> None:
        """Settles, and reads the purses of those who will come."""
        if till.is_closed or planned != till.next_sync:
            return
        if till.merchant.colludes:
            self._settle_badly(till)
        else:
            self._settle(till, till.address, till.taken)
        till.taken, till.promised = [], Counter()
        if self._now >= self.end:
            till.is_closed = True
            return
        self._read(till)
        # Nothing is taken on the strength of a reading for longer than a window.
        soonest = WINDOW * 3 // 2 if till.merchant.is_late else WINDOW // 4
        self._plan_sync(till, self._now + self.rng.randrange(soonest, WINDOW * 19 // 10))

    def _read(self, till: Till) -> None:
        now, token = self._now, self.token.address
        merchant = till.merchant.address
        limit, announced, _ = self.desk.call("limitOf", token, merchant)
        till.share = min(limit, announced) // len(till.merchant.tills)
        till.read_at = now
        for member in self._runners[merchant]:
            self._run_away(till, member)
        coming = [visit for visit in till.visitors if now <= visit[0] < now + WINDOW]
        till.readings = {
            (member.address, shared): self.desk.call(
                "spendable",
                token,
                member.address,
                NOBODY if shared else merchant,
                now + 2 * WINDOW,
            )
            for _, member, shared in coming
        }

    def _run_away(self, till: Till, member: Member) -> None:
        """A runner asks for its purse a minute after this reading, and comes late."""
        purse = till.merchant.address
        amount = self.desk.call(
            "spendable", self.token.address, member.address, purse, self._now + 2 * WINDOW
        )
        if amount == 0 or self._now + WINDOW > self.end or not self._chance(0.5):
            return
        self.counts["ran away"] += 1
        self._at(self._now + 60, lambda: self._release(member, purse))
        self._visit(member, till, self._now + WINDOW * 19 // 20, False)

    def _settle(self, till: Till, sender: str, vouchers: list[Voucher]) -> bool:
        if not vouchers:
            return True
        merchant = till.merchant.address
        try:
            self.town.settle(sender, merchant, vouchers)
        except Reverted as error:
            self.counts[f"settlement refused: {error.error}"] += 1
            return False
        self.counts["settlements"] += 1
        for event in self.desk.events():
            if event.name == "VoucherSettled":
                _, member, _, at, serial, amount, _ = event.arguments
                self._paid[merchant, at, serial] = amount
                self._received[merchant, member] += amount
                self.counts["settled"] += 1
                last = merchant, at, serial
            elif event.name == "Overspent":
                _, member, _, serial, guaranteed, unpaid = event.arguments
                self._paid[last] -= unpaid
                self._received[merchant, member] -= unpaid
                self._overspent(member, guaranteed, unpaid)
            elif event.name == "VoucherRefused":
                self.counts[f"refused: {REFUSALS[event.arguments[-1]]}"] += 1
        return True

    def _overspent(self, member: str, guaranteed: int, unpaid: int) -> None:
        self.counts["overspent"] += 1
        self.counts["units guaranteed"] += guaranteed
        self.counts["units unpaid"] += unpaid
        self.overspent.add(member)
        self.owed[member] += guaranteed
        self.greatest_draw = max(self.greatest_draw, self.owed[member])

    # Those who cheat at the till.

    def _settle_badly(self, till: Till) -> None:
        """Late, in part after the vouchers have ended, and everything twice."""
        taken = list(till.taken)
        late = self._now + self.rng.randrange(WINDOW, 3 * WINDOW)
        if self._chance(0.5):
            self._settle(till, till.address, taken)
            self._settle(till, till.address, taken)
        self._at(late, lambda: self._settle(till, till.address, taken))

    def _plan_thefts(self) -> None:
        rng = self.rng
        targets = [m for m in self._merchants if len(m.tills) > 1 and not m.colludes]
        accomplices = [m for m in self._members if m.kind == "accomplice"]
        for merchant in rng.sample(targets, max(1, self.size.tills // 50)):
            stolen, other = merchant.tills[:2]
            merchant.was_robbed = stolen.is_robbed = True
            moment = rng.randrange(self.begin + DAY, self.end - DAY)
            friend = rng.choice(accomplices)
            self._at(moment, lambda s=stolen, o=other, f=friend: self._rob(s, o, f))
            self._at(moment + DAY, lambda s=stolen, f=friend: self._revoke(s, f))

    def _rob(self, till: Till, other: Till, friend: Member) -> None:
        """The thief uses up the serials that come next, and tries those of another till."""
        merchant, until = till.merchant.address, self._now + WINDOW
        for target in (till, other):
            vouchers = [
                self.town.voucher(
                    friend.key, merchant, target.address, target.serial + n, 40, True, until
                )
                for n in range(5)
            ]
            done = self._settle(till, till.address, vouchers)
            self.counts["thefts" if done else "thefts that failed"] += 1

    def _revoke(self, till: Till, friend: Member) -> None:
        merchant = till.merchant
        self.town.registry.send(merchant.address, "revokeTill", till.address)
        till.is_closed = True
        self._settle(till, merchant.address, till.taken)
        late = self.town.voucher(
            friend.key, merchant.address, till.address, 999, 40, True, self._now + WINDOW
        )
        self._settle(till, till.address, [late])

    # What the issuer does meanwhile.

    def _lower_limits(self) -> None:
        """Halves some limits, and gives what that leaves to others when it may."""
        boss, token = self.town.boss.address, self.token.address
        chosen = self.rng.sample(self._merchants, max(2, len(self._merchants) // 5))
        lowered, raised = chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :]
        for merchant in lowered:
            self.desk.send(boss, "setLimit", token, merchant.address, LIMIT // 2)

        def give() -> None:
            for merchant in lowered:
                self.desk.send(boss, "setLimit", token, merchant.address, LIMIT // 2)
            for merchant in raised[: len(lowered)]:
                self.desk.send(boss, "setLimit", token, merchant.address, LIMIT * 3 // 2)
                self.counts["limits moved"] += 1

        free_at = self._now + 4 * WINDOW
        if free_at < self.end:
            self._at(free_at, give)

    def _forgive(self) -> None:
        """Gives up some debts and unfreezes those members, who go on as before."""
        boss, token = self.town.boss.address, self.token.address
        debtors = [member for member in self._members if self._debt(member.address)]
        for member in debtors[::3]:
            self.desk.send(boss, "writeOff", token, member.address)
            self.token.send(boss, "unfreeze", member.address, _text("forgiven"))
            self.overspent.discard(member.address)
            self.owed[member.address] = 0
            self.counts["forgiven"] += 1
            self._at(self._now + HOUR, lambda m=member: self._hold(m, NOBODY, 50))

    # The end.

    def debts(self) -> dict[str, int]:
        return {member.address: self._debt(member.address) for member in self._members}

    def _debt(self, member: str) -> int:
        return int(self.desk.call("debtOf", self.token.address, member))

    def holders(self) -> list[str]:
        """Everyone who may have points."""
        keys = [member.key for member in self._members]
        keys += [merchant.key for merchant in self._merchants]
        return [self.desk.address, self.town.boss.address, *(key.address for key in keys)]

    def check_books(self) -> None:
        """The desk's account is the sum of the purses by generation, all balances the supply."""
        epoch, lifetime = self.token.call("currentEpoch"), self.token.call("lifetime")
        words = [self.desk.call("purseWord", self.token.address, *p) for p in self.purses]
        alive = [lanes(word, epoch, lifetime) for word in (0, *words)]
        sums = [sum(lane) for lane in zip(*alive, strict=True)]
        account = self.token.call("accountWord", self.desk.address)
        assert lanes(account, epoch, lifetime) == sums
        balances = sum(self.token.call("balanceOf", holder) for holder in self.holders())
        assert balances == self.token.call("totalSupply")
        self.counts["books checked"] += 1

    def return_all(self) -> None:
        """Every purse goes back, also those of members who were frozen and owed something."""
        boss, token = self.town.boss.address, self.token.address
        for member, merchant in sorted(self.purses):
            word = self.desk.call("purseWord", token, member, merchant)
            if word and not word >> RELEASE_SHIFT:
                self.desk.send(member, "release", token, merchant)
        self.town.chain.travel_to(self._now + 2 * WINDOW)
        for member, debt in self.debts().items():
            if debt:
                self.desk.send(boss, "writeOff", token, member)
        for member in self.frozen:
            self.token.send(boss, "unfreeze", member, _text("the end"))
        for member, merchant in sorted(self.purses):
            if self.desk.call("purseWord", token, member, merchant):
                self.desk.send(boss, "returnPurse", token, member, merchant)
                self.counts["returned in the end"] += 1


def _text(text: str) -> bytes:
    return bytes.fromhex(bytes32(text)[2:])
