"""What anyone can know of the demo's chain: balances, accounts and prices, from its events.

Members decide by it what they can do, and so do issuers.
"""

from collections.abc import Iterable

from zegel.chain import events as e
from zegel.chain.raw import ask_all, view_request
from zegel.demo.world import Issuer, World
from zegel.ledger.explaining import explained
from zegel.ledger.money import MoneyLedger
from zegel.ledger.points import PointLedger
from zegel.ledger.prices import Outcome, PriceBook, Prices
from zegel.report.state import read_money, read_program


class View:
    """The ledger of each program, the money and the prices, after all events taken in."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._scheduled: dict[str, e.PricesScheduled] = {}
        self.redemptions: list[e.Redeemed] = []
        self.ledgers: dict[str, PointLedger] = {}
        money = read_money(world.connection, world.exchange)
        self.money = MoneyLedger(money.token)
        decimals = {issuer.address: issuer.plan.decimals for issuer in world.issuers.values()}
        self.prices = PriceBook(money.token, decimals | {money.token: money.decimals}, money.fee)

    def take(self, events: Iterable[e.Event]) -> None:
        """Takes in the events of whole blocks, each once and in their order."""
        for event, why in explained(events):
            self._take(event, why)

    def ledger(self, issuer: Issuer) -> PointLedger:
        return self.ledgers[issuer.address]

    def account(self, issuer: Issuer) -> int:
        """The issuer's money in the exchange."""
        return self.money.accounts[issuer.address].balance

    def quote(self, source: str, target: str, amount: int, now: int) -> Outcome:
        """What a conversion gives at a time; announced prices count from their second on."""
        for program, announced in list(self._scheduled.items()):
            if announced.effective_at <= now:
                self.prices.prices[program] = Prices(announced.new_bid, announced.new_ask)
        return self.prices.outcome(source, target, amount, now)

    def total_supplies(self, block: int) -> dict[str, int]:
        """What the tokens themselves say."""
        issuers = list(self._issuers)
        questions = [view_request(each.token, "totalSupply", at=hex(block)) for each in issuers]
        told = ask_all(self._world.connection, questions)
        return {each.address: int(supply, 16) for each, supply in zip(issuers, told, strict=True)}

    @property
    def _issuers(self) -> Iterable[Issuer]:
        return self._world.issuers.values()

    def _take(self, event: e.Event, why: e.Event | None) -> None:
        self.money.apply(event)
        self.prices.apply(event)
        if isinstance(event, e.ProgramCreated):
            program = read_program(self._world.connection, event)
            self.ledgers[event.token] = PointLedger(program.epochs)
        elif isinstance(event, e.PricesScheduled):
            self._scheduled[event.program] = event
        elif isinstance(event, e.PricesSet):
            self._scheduled.pop(event.program, None)
        elif isinstance(event, e.Redeemed):
            self.redemptions.append(event)
        if event.contract in self.ledgers:
            self.ledgers[event.contract].apply(event, why)
