"""Random actions on a network, each done on the chain and in the model.

A rule decides who does what; `_do` does it on both sides and compares. Whether an action succeeds
is for the model to say: a refusal must bear one of the reasons that the model gives, with its
arguments; a success must return the same, and emit the same events in the same order. After every
rule everything that anyone can see is compared.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from model.exchange import MILLION, Terms
from model.periods import first_second, period_of
from model.points import LANE_MAX, UNLIMITED, Points
from model.world import DAY, Refused
from support.abi import Log, Reverted
from support.market import REFUSALS
from support.node import Contract

from stateful.network import Network

HOUR = 3_600

# How an amount is chosen: so many units, or a part of what there is.
amounts = st.one_of(
    st.integers(1, 3_000),
    st.sampled_from(["some", "some", "some", "half", "half", "all"]),
    st.sampled_from(["nothing", "all", "one too many", "far too many"]),
)
tokens = st.integers(0, 2)
people = st.integers(0, 3)
# What is given and what is taken in a conversion; 3 is money.
MONEY = 3
sides = st.tuples(st.integers(0, 3), st.integers(0, 3))
# Who converts and who receives: mostly the same.
givers_and_takers = st.tuples(people, st.sampled_from([None, None, None, 0, 1]))
flaws = st.sampled_from(["none"] * 6 + ["too greedy", "too late"])
references = st.integers(1, 2**32).map(lambda number: number.to_bytes(32, "big"))
NOTHING = bytes(32)

seldom = st.sampled_from([True] + 7 * [False])
mostly = seldom.map(lambda never: not never)


class Life(RuleBasedStateMachine):
    """One random life of the network; `hits` counts, over all lives, what each rule came to."""

    network: Network
    hits: Counter[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.network.begin_again()
        self.redeemed: list[tuple[int, str, int, bytes]] = []
        self.batches: dict[int, bytes] = {}
        self.donated = 0

    # Points appear and disappear

    @rule(token=tokens, member=people, amount=amounts, ref=references)
    def award(self, token: int, member: int, amount: int | str, ref: bytes) -> None:
        contract, points = self._token(token)
        to, awarder = self._member(member), self.network.awarder
        chosen = LANE_MAX if amount == "far too many" else _chosen(amount, 9_000)
        self._do(
            "award",
            lambda: points.award(awarder, to, chosen, ref),
            (awarder, contract, "award", to, chosen, ref),
        )

    @rule(
        token=tokens,
        rows=st.lists(st.tuples(people, st.integers(0, 4_000)), min_size=0, max_size=6),
        batch=references,
        replayed=st.sampled_from([True, False, False]),
    )
    def award_batch(
        self, token: int, rows: list[tuple[int, int]], batch: bytes, replayed: bool
    ) -> None:
        contract, points = self._token(token)
        awarder = self.network.awarder
        batch = self.batches.get(token, batch) if replayed else batch
        awards = [(self._member(member), amount) for member, amount in rows]
        words = [int(member, 16) << 96 | amount for member, amount in awards]
        done = self._do(
            "award_batch",
            lambda: points.award_batch(awarder, batch, awards),
            (awarder, contract, "awardBatch", batch, words),
        )
        if done:
            self.batches[token] = batch

    @rule(token=tokens, member=people, amount=amounts, ref=references)
    def redeem(self, token: int, member: int, amount: int | str, ref: bytes) -> None:
        contract, points = self._token(token)
        who = self._member(member)
        chosen = _chosen(amount, points.balance_of(who))
        done = self._do(
            "redeem",
            lambda: points.redeem(who, chosen, ref),
            (who, contract, "redeem", chosen, ref),
        )
        if done:
            lots = done[-1].arguments[-1]
            assert isinstance(lots, int)
            self.redeemed.append((token, who, lots, ref))

    @precondition(lambda self: self.redeemed)
    @rule(which=st.integers(0, 100))
    def refund(self, which: int) -> None:
        token, member, lots, ref = self.redeemed.pop(which % len(self.redeemed))
        contract, points = self._token(token)
        issuer = self.network.issuer
        self._do(
            "refund",
            lambda: points.refund(issuer, member, lots, ref),
            (issuer, contract, "refund", member, lots, ref),
        )

    @rule(token=tokens, member=people, amount=amounts, ref=references)
    def correct(self, token: int, member: int, amount: int | str, ref: bytes) -> None:
        contract, points = self._token(token)
        issuer, who = self.network.issuer, self._member(member)
        chosen = _chosen(amount, points.balance_of(who))
        self._do(
            "correct",
            lambda: points.correct(issuer, who, chosen, ref, ref),
            (issuer, contract, "correct", who, chosen, ref, ref),
        )

    @rule(token=tokens, limit=st.sampled_from([0, 5_000, 200_000]), days=st.sampled_from([1, 30]))
    def set_budget(self, token: int, limit: int, days: int) -> None:
        contract, points = self._token(token)
        issuer, awarder = self.network.issuer, self.network.awarder
        self._do(
            "set_budget",
            lambda: points.set_budget(issuer, awarder, limit, days * DAY),
            (issuer, contract, "setBudget", awarder, limit, days * DAY),
        )

    # Points move

    @rule(token=tokens, sender=people, receiver=people, amount=amounts)
    def transfer(self, token: int, sender: int, receiver: int, amount: int | str) -> None:
        contract, points = self._token(token)
        giver, taker = self._member(sender), self._member(receiver)
        chosen = _chosen(amount, points.balance_of(giver))
        self._do(
            "transfer",
            lambda: _then_true(points.transfer(giver, taker, chosen)),
            (giver, contract, "transfer", taker, chosen),
        )

    @rule(
        token=tokens,
        three=st.tuples(people, people, people),
        amount=amounts,
        allowed=st.sampled_from(["nothing", "all", "all", "half", "without limit"]),
    )
    def transfer_from(
        self, token: int, three: tuple[int, int, int], amount: int | str, allowed: str
    ) -> None:
        contract, points = self._token(token)
        giver, taker, by = (self._member(number) for number in three)
        balance = points.balance_of(giver)
        allowance = UNLIMITED if allowed == "without limit" else _chosen(allowed, balance)
        self._do(
            "approve",
            lambda: _then_true(points.approve(giver, by, allowance)),
            (giver, contract, "approve", by, allowance),
        )
        chosen = _chosen(amount, balance)
        self._do(
            "transfer_from",
            lambda: _then_true(points.transfer_from(by, giver, taker, chosen)),
            (by, contract, "transferFrom", giver, taker, chosen),
        )
        left = points.allowances[giver, by]
        assert contract.call("allowance", giver, by) == left

    @rule(token=tokens, old=people, new=people, unfrozen=seldom, reason=references)
    def recover(self, token: int, old: int, new: int, unfrozen: bool, reason: bytes) -> None:
        contract, points = self._token(token)
        issuer, lost, found = self.network.issuer, self._member(old), self._member(new)
        if not unfrozen:
            self._freeze(contract, points, lost)
        self._do(
            "recover",
            lambda: points.recover(issuer, lost, found, reason),
            (issuer, contract, "recover", lost, found, reason),
        )

    @rule(token=tokens, who=st.lists(people, max_size=4))
    def sweep(self, token: int, who: list[int]) -> None:
        contract, points = self._token(token)
        members = [self._member(number) for number in who]
        self._do(
            "sweep",
            lambda: points.sweep(members),
            (self._member(0), contract, "sweep", members),
        )

    # Points become others

    @rule(give=tokens, take=tokens, who=givers_and_takers, amount=amounts, flaw=flaws)
    def convert(
        self, give: int, take: int, who: tuple[int, int], amount: int | str, flaw: str
    ) -> None:
        self._convert("convert", (give, take), who, amount, flaw)

    @rule(give=tokens, take=tokens, who=givers_and_takers, amount=amounts)
    def convert_to_the_next(
        self, give: int, take: int, who: tuple[int, int], amount: int | str
    ) -> None:
        """Never into the same program."""
        self._convert("convert", (give, (give + 1 + take % 2) % 3), who, amount, "none")

    @rule(give=tokens, who=givers_and_takers, amount=amounts, flaw=flaws)
    def cash_out(self, give: int, who: tuple[int, int], amount: int | str, flaw: str) -> None:
        self._convert("cash_out", (give, MONEY), who, amount, flaw)

    @rule(take=tokens, who=givers_and_takers, amount=amounts, flaw=flaws)
    def top_up(self, take: int, who: tuple[int, int], amount: int | str, flaw: str) -> None:
        self._convert("top_up", (MONEY, take), who, amount, flaw)

    @rule(sides=sides, member=people, out=st.integers(0, 500_000))
    def quote_exact_out(self, sides: tuple[int, int], member: int, out: int) -> None:
        """The least amount: found here by halving, on the chain by a formula."""
        model, exchange = self.network.model, self.network.exchange
        give, take = (self._side(side) for side in sides)
        giver = self._member(member)
        amount, refusal = exchange.call("quoteExactOut", give, take, out, giver, giver)
        if REFUSALS[refusal] != "None":
            least = self._least_for(give, take, out)
            assert amount == 0
            assert REFUSALS[refusal] in model.quote(give, take, least, giver, giver)[1]
        else:
            assert model.assess(give, take, amount).out >= out > 0
            assert model.assess(give, take, amount - 1).out < out
            assert not model.quote(give, take, amount, giver, giver)[1]
        self.hits["quote_exact_out", "refused" if refusal else "done"] += 1

    # Prices

    @rule(token=tokens, bid=st.integers(-3, 3), spread=st.integers(-1, 6), wild=seldom)
    def set_prices(self, token: int, bid: int, spread: int, wild: bool) -> None:
        """Moves of some per cent from the present prices, and now and then any prices."""
        program = self.network.tokens[token].address
        now, *_ = self.network.model.program(program)
        new_bid = now * (100 + bid) // 100 if not wild else 10 ** (2 * bid + 12)
        self._post(program, new_bid, new_bid + new_bid * spread // 100)

    @rule(token=tokens, announced=mostly)
    def cancel_scheduled_prices(self, token: int, announced: bool) -> None:
        exchange, model = self.network.exchange, self.network.model
        program = self.network.tokens[token].address
        if announced:
            self._post_again(program)
        self._do(
            "cancel_scheduled_prices",
            lambda: model.cancel_scheduled_prices(program),
            (self.network.issuer, exchange, "cancelScheduledPrices", program),
        )

    @rule(
        token=tokens,
        guards=st.sampled_from(
            [
                (0, 0, 0),
                (20_000, 40_000, 0),
                (0, 0, 2 * DAY),
                (MILLION, 0, HOUR),
                (0, 40_000, 9 * HOUR),
            ]
        ),
    )
    def set_guards(self, token: int, guards: tuple[int, int, int]) -> None:
        exchange, model = self.network.exchange, self.network.model
        program = self.network.tokens[token].address
        self._do(
            "set_guards",
            lambda: model.set_guards(program, *guards),
            (self.network.issuer, exchange, "setPriceGuards", program, guards),
        )

    @rule(
        token=tokens,
        partner=tokens,
        discount=st.integers(-1, 8),
        starts=st.integers(0, 3),
        days=st.integers(-1, 20),
        closed=st.booleans(),
    )
    def set_terms(
        self, token: int, partner: int, discount: int, starts: int, days: int, closed: bool
    ) -> None:
        bid, *_ = self.network.model.program(self.network.tokens[token].address)
        begin = self.network.model.world.now + starts * DAY
        terms = Terms(max(0, bid + discount * bid // 100), begin, begin + days * DAY, closed)
        self._set_terms(token, partner, terms if days else Terms())

    @rule(take=tokens, other=st.integers(1, 2), who=givers_and_takers, amount=amounts)
    def convert_on_special_terms(
        self, take: int, other: int, who: tuple[int, int | None], amount: int | str
    ) -> None:
        """A special ask that is as low as the bid, which then rises."""
        give = (take + other) % 3
        program = self.network.tokens[take].address
        bid, ask, *_ = self.network.model.program(program)
        now = self.network.model.world.now
        self._set_terms(take, give, Terms(bid, now, now + DAY))
        self._post(program, bid + bid // 50, max(ask, bid + bid // 50))
        self._convert("convert", (give, take), who, amount, "none")

    # Money

    @rule(payer=people, token=tokens, amount=amounts)
    def fund(self, payer: int, token: int, amount: int | str) -> None:
        exchange, model = self.network.exchange, self.network.model
        program, who = self.network.tokens[token].address, self._member(payer)
        chosen = _chosen(amount, model.money.balances[who] // 4)
        self._do(
            "fund",
            lambda: model.fund(who, program, chosen),
            (who, exchange, "fund", program, chosen),
        )

    @rule(token=tokens, recipient=people, amount=amounts, everything=seldom)
    def withdraw(self, token: int, recipient: int, amount: int | str, everything: bool) -> None:
        exchange, model = self.network.exchange, self.network.model
        program, who = self.network.tokens[token].address, self._member(recipient)
        # Seldom everything, or there were nothing left to convert with.
        account = model.programs[program].account
        chosen = _chosen(amount, account) if amount != "all" or everything else account // 9
        issuer = self.network.issuer
        self._do(
            "withdraw",
            lambda: model.withdraw(issuer, program, who, chosen),
            (issuer, exchange, "withdraw", program, who, chosen),
        )

    @precondition(lambda self: self.network.model.fees)
    @rule(anyone=people)
    def withdraw_fees(self, anyone: int) -> None:
        exchange, model = self.network.exchange, self.network.model
        self._do(
            "withdraw_fees",
            model.withdraw_fees,
            (self._member(anyone), exchange, "withdrawFees"),
        )

    @rule(giver=people, amount=st.integers(1, 10**6))
    def donate(self, giver: int, amount: int) -> None:
        """Money that is sent to the exchange without `fund` is nobody's."""
        money, model = self.network.money, self.network.model
        who, exchange = self._member(giver), self.network.exchange.address
        if model.money.short(who, amount):
            return
        self._do(
            "donate",
            lambda: _then_true(model.money.move(who, exchange, amount)),
            (who, money, "transfer", exchange, amount),
        )
        self.donated += amount

    @rule(
        token=tokens,
        limits=st.sampled_from(
            [(0, 0, 0), (10**8, 0, 0), (0, 10**7, 0), (3 * 10**6, 3 * 10**6, 0), (0, 0, 600)]
        ),
    )
    def set_limits(self, token: int, limits: tuple[int, int, int]) -> None:
        exchange, model = self.network.exchange, self.network.model
        program = self.network.tokens[token].address
        self._do(
            "set_limits",
            lambda: model.set_limits(program, *limits),
            (self.network.issuer, exchange, "setDailyLimits", program, limits),
        )

    @rule(token=tokens, carries=mostly)
    def set_carry_expiry(self, token: int, carries: bool) -> None:
        exchange, model = self.network.exchange, self.network.model
        program = self.network.tokens[token].address
        self._do(
            "set_carry_expiry",
            lambda: model.set_carry_expiry(program, carries),
            (self.network.issuer, exchange, "setCarryExpiry", program, carries),
        )

    @rule(token=tokens, top_up=mostly, cash_out=mostly)
    def switch_cash(self, token: int, top_up: bool, cash_out: bool) -> None:
        exchange, model = self.network.exchange, self.network.model
        program = self.network.tokens[token].address
        self._do(
            "switch_cash",
            lambda: model.switch_cash(program, top_up, cash_out),
            (self.network.issuer, exchange, "switchCash", program, (top_up, cash_out)),
        )

    # Switches: what is off is mostly switched on next, so that life goes on

    @rule(token=tokens, member=people, again=seldom, reason=references)
    def freeze_or_unfreeze(self, token: int, member: int, again: bool, reason: bytes) -> None:
        contract, points = self._token(token)
        issuer = self.network.issuer
        frozen = [one for one in self.network.members if points.member(one).frozen]
        who = frozen[0] if frozen else self._member(member)
        if points.member(who).frozen != again:
            self._do(
                "unfreeze",
                lambda: points.unfreeze(issuer, who, reason),
                (issuer, contract, "unfreeze", who, reason),
            )
        else:
            self._do(
                "freeze",
                lambda: points.freeze(issuer, who, reason),
                (issuer, contract, "freeze", who, reason),
            )

    @rule(token=tokens, again=seldom)
    def pause_or_unpause(self, token: int, again: bool) -> None:
        paused = [number for number in (0, 1, 2) if self._token(number)[1].paused]
        contract, points = self._token(paused[0] if paused else token)
        issuer = self.network.issuer
        if points.paused != again:
            self._do("unpause", lambda: points.unpause(issuer), (issuer, contract, "unpause"))
        else:
            self._do("pause", lambda: points.pause(issuer), (issuer, contract, "pause"))

    @rule(token=tokens)
    def switch_exchange(self, token: int) -> None:
        off = [number for number in (0, 1, 2) if not self._token(number)[1].exchange_on]
        contract, points = self._token(off[0] if off else token)
        issuer = self.network.issuer
        self._do(
            "switch_exchange",
            lambda: points.switch_exchange(issuer, bool(off)),
            (issuer, contract, "switchExchange", bool(off)),
        )

    # Time

    @rule(step=st.sampled_from([1, HOUR, DAY, 3 * DAY, 31 * DAY, 366 * DAY]))
    def time_passes(self, step: int) -> None:
        self.network.travel_to(self.network.model.world.now + step)
        self.hits["time_passes", "done"] += 1

    @rule(months=st.sampled_from([1, 3, 12]), before=st.sampled_from([0, 0, 1]))
    def time_reaches_a_border(self, months: int, before: int) -> None:
        """The first second of a period, or the last one before it."""
        now = self.network.model.world.now
        border = first_second(period_of(now, months) + 1, months)
        self.network.travel_to(max(now, border - before))
        self.hits["time_reaches_a_border", "done"] += 1

    @rule(token=tokens, before=st.sampled_from([0, 1]))
    def time_reaches_new_prices(self, token: int, before: int) -> None:
        model = self.network.model
        program = self.network.tokens[token].address
        self._post_again(program)
        *_, moment = model.scheduled_prices(program)
        if moment:
            self.network.travel_to(moment - before)
            self.hits["time_reaches_new_prices", "done"] += 1

    # What must always hold

    @invariant()
    def the_chain_shows_what_the_model_shows(self) -> None:
        """In the model a supply *is* the sum of the balances, so on the chain it is as well."""
        views = self._views()
        requests = [
            ({"to": contract.address, "data": contract.calldata(function, *args)}, "latest")
            for contract, function, args, _ in views
        ]
        answers = self.network.node.ask_all("eth_call", requests)
        for (contract, function, args, expected), answer in zip(views, answers, strict=True):
            assert _words(answer) == expected, (contract.address, function, args)

    @invariant()
    def the_exchange_holds_what_it_owes(self) -> None:
        model = self.network.model
        owed = sum(program.account for program in model.programs.values()) + model.fees
        assert owed == model.money.balances[model.address] - self.donated

    def teardown(self) -> None:
        """Everyone takes out what is theirs; nothing is left but donations."""
        issuer, exchange, model = self.network.issuer, self.network.exchange, self.network.model
        for number in range(len(self.network.tokens)):
            self._close(*self._token(number))
        if model.fees:
            self._do("leave", model.withdraw_fees, (issuer, exchange, "withdrawFees"))
        assert self.network.money.call("balanceOf", exchange.address) == self.donated

    # How

    def _convert(
        self,
        name: str,
        sides: tuple[int, int],
        who: tuple[int, int | None],
        amount: int | str,
        flaw: str,
    ) -> None:
        exchange, model = self.network.exchange, self.network.model
        give, take = (self._side(side) for side in sides)
        giver = self._someone_with(give, who[0])
        taker = giver if who[1] is None else self._member(who[1])
        chosen = _chosen(amount, self._balance(give, giver))
        self._check_quote(give, take, chosen, giver, taker)

        floor = model.assess(give, take, chosen).out + (flaw == "too greedy")
        deadline = model.world.now - (flaw == "too late")
        self._do(
            name,
            lambda: model.convert(giver, give, take, chosen, floor, taker, deadline),
            (giver, exchange, "convert", give, take, chosen, floor, taker, deadline),
        )

    def _set_terms(self, token: int, partner: int, terms: Terms) -> None:
        exchange, model = self.network.exchange, self.network.model
        program, other = (self.network.tokens[number].address for number in (token, partner))
        self._do(
            "set_terms",
            lambda: model.set_terms(program, other, terms),
            (self.network.issuer, exchange, "setTerms", program, other, terms.fields),
        )

    def _post(self, program: str, bid: int, ask: int) -> None:
        exchange, model = self.network.exchange, self.network.model
        self._do(
            "set_prices",
            lambda: model.set_prices(program, bid, ask),
            (self.network.issuer, exchange, "setPrices", program, bid, ask),
        )

    def _post_again(self, program: str) -> None:
        """Posts the prices in force, slightly changed; they are announced if there is a notice."""
        bid, ask, *_ = self.network.model.program(program)
        self._post(program, bid, ask + ask // 100)

    def _freeze(self, contract: Contract, points: Points, who: str) -> None:
        if not points.member(who).frozen:
            issuer = self.network.issuer
            self._do(
                "freeze",
                lambda: points.freeze(issuer, who, NOTHING),
                (issuer, contract, "freeze", who, NOTHING),
            )

    def _do(
        self, name: str, mirrored: Callable[[], object], action: tuple[Any, ...]
    ) -> list[Log] | None:
        """Does `action` (sender, contract, function, arguments) and what mirrors it.

        Returns the events, or None if it was refused, as it should be.
        """
        sender, contract, function, *args = action
        world = self.network.model.world
        try:
            expected = mirrored()
        except Refused as refusal:
            world.take_events()
            reasons = [(reason.error, reason.arguments) for reason in refusal.reasons]
            self._expect_refusal(reasons, sender, contract, function, args)
            self.hits[name, "refused"] += 1
            return None
        returned, raw = contract.send(sender, function, *args)
        logs = self.network.logs(raw)
        assert returned == expected
        assert [(log.address, log.name, log.arguments) for log in logs] == [
            (event.address, event.name, event.arguments) for event in world.take_events()
        ]
        self.hits[name, "done"] += 1
        return logs

    def _expect_refusal(
        self,
        reasons: list[tuple[str, tuple[object, ...]]],
        sender: str,
        contract: Contract,
        function: str,
        args: list[Any],
    ) -> None:
        named = None
        try:
            contract.call(function, *args, sender=sender)
        except Reverted as refusal:
            named = (refusal.error, refusal.arguments)
        assert named in reasons

    def _close(self, contract: Contract, points: Points) -> None:
        issuer, exchange, model = self.network.issuer, self.network.exchange, self.network.model
        program = contract.address
        if points.paused:
            self._do("leave", lambda: points.unpause(issuer), (issuer, contract, "unpause"))
        for who in self.network.members:
            self._leave(contract, points, who)
        assert contract.call("totalSupply") == 0

        left = model.programs[program].account
        if left:
            self._do(
                "leave",
                lambda: model.withdraw(issuer, program, issuer, left),
                (issuer, exchange, "withdraw", program, issuer, left),
            )

    def _leave(self, contract: Contract, points: Points, who: str) -> None:
        issuer, balance = self.network.issuer, points.balance_of(who)
        if points.member(who).frozen:
            self._do(
                "leave",
                lambda: points.unfreeze(issuer, who, NOTHING),
                (issuer, contract, "unfreeze", who, NOTHING),
            )
        self._do(
            "leave",
            lambda: points.redeem(who, balance, NOTHING),
            (who, contract, "redeem", balance, NOTHING),
        )
        assert contract.call("balanceOf", who) == 0

    def _check_quote(self, give: str, take: str, amount: int, giver: str, taker: str) -> None:
        expected, refusals = self.network.model.quote(give, take, amount, giver, taker)
        out, refusal = self.network.exchange.call("quote", give, take, amount, giver, taker)
        assert out == expected
        assert REFUSALS[refusal] in (refusals or {"None"})

    def _least_for(self, give: str, take: str, out: int) -> int:
        """The least amount that gives so much, if the largest one does."""
        model = self.network.model
        low, high = 0, 2**97
        while low < high:
            middle = (low + high) // 2
            if model.assess(give, take, middle).out >= out:
                high = middle
            else:
                low = middle + 1
        return low

    def _views(self) -> list[tuple[Contract, str, tuple[Any, ...], list[int]]]:
        """What anyone can see, and the words that should come back."""
        network, model = self.network, self.network.model
        views: list[tuple[Contract, str, tuple[Any, ...], list[int]]] = []
        for number in range(len(network.tokens)):
            token, points = self._token(number)
            program = token.address
            views += [
                (token, "totalSupply", (), [points.total_supply()]),
                (token, "supplyByExpiry", (), _listed(points.by_expiry(points.supply()))),
                (token, "currentEpoch", (), [points.epoch]),
                (token, "isPaused", (), [points.paused]),
                (token, "isExchangeOn", (), [points.exchange_on]),
                (network.exchange, "programOf", (program,), [*model.program(program)]),
                (
                    network.exchange,
                    "scheduledPricesOf",
                    (program,),
                    [*model.scheduled_prices(program)],
                ),
                (network.exchange, "priceGuardsOf", (program,), [*model.guards(program)]),
                (network.exchange, "dailyUseOf", (program,), [*model.use_today(program)]),
            ]
            for who in network.members:
                expiries = points.by_expiry(points.lots_of(who))
                views += [
                    (token, "balanceOf", (who,), [points.balance_of(who)]),
                    (token, "expiries", (who,), _listed(expiries)),
                    (token, "isFrozen", (who,), [points.member(who).frozen]),
                    (
                        network.exchange,
                        "memberUseOf",
                        (program, who),
                        [*model.member_use_today(program, who)],
                    ),
                ]
        holders = [*network.members, network.issuer, network.exchange.address]
        views += [
            (network.money, "balanceOf", (who,), [model.money.balances[who]]) for who in holders
        ]
        return [*views, (network.exchange, "fees", (), [model.fees])]

    def _token(self, number: int) -> tuple[Contract, Points]:
        contract = self.network.tokens[number]
        return contract, self.network.model.programs[contract.address].points

    def _member(self, number: int) -> str:
        return self.network.members[number]

    def _side(self, number: int) -> str:
        """A side of a conversion: one of the programs, or money."""
        return [*self.network.tokens, self.network.money][number].address

    def _someone_with(self, side: str, number: int) -> str:
        """A member; the richest one if that one has nothing."""
        member = self._member(number)
        if self._balance(side, member):
            return member
        return max(self.network.members, key=lambda who: self._balance(side, who))

    def _balance(self, side: str, who: str) -> int:
        model = self.network.model
        if side == model.money.address:
            return model.money.balances[who]
        return model.programs[side].points.balance_of(who)


def lives(network: Network, **budget: Any) -> Counter[tuple[str, str]]:
    """Runs random lives, the same every time; returns how often each rule succeeded or not."""
    hits: Counter[tuple[str, str]] = Counter()
    life = type("LifeHere", (Life,), {"network": network, "hits": hits})
    plain = settings(
        deadline=None,
        derandomize=True,
        database=None,
        verbosity=Verbosity.normal,
        suppress_health_check=HealthCheck.all(),
    )
    run_state_machine_as_test(life, settings=settings(plain, **budget))
    return hits


def _chosen(amount: int | str, available: int) -> int:
    words = {
        "nothing": 0,
        "some": available // 7,
        "half": available // 2,
        "all": available,
        "one too many": available + 1,
        "far too many": 2**128,
    }
    return words[amount] if isinstance(amount, str) else amount


def _then_true(_: None) -> bool:
    """What the functions of ERC-20 return."""
    return True


def _listed(pairs: list[tuple[int, int]]) -> list[int]:
    """An ABI-encoded list of pairs, as words."""
    return [32, len(pairs), *(number for pair in pairs for number in pair)]


def _words(answer: str) -> list[int]:
    return [int(answer[start : start + 64], 16) for start in range(2, len(answer), 64)]
