"""All programs with their issuers, rules and prices: the network at a glance."""

from dataclasses import dataclass

from sqlalchemy import Connection

from zegel.ledger.prices import Prices
from zegel.report.figures import Program
from zegel.report.liability import liability
from zegel.report.network import Currency, labels, read_network
from zegel.report.periods import Period
from zegel.report.posted import valued
from zegel.report.sheet import Amount, Column, Row, Sheet


@dataclass(frozen=True)
class Listing:
    """One program as it stands at the end of a period."""

    program: Program
    issuer: str
    outstanding: int
    prices: Prices


@dataclass(frozen=True)
class Directory:
    money: Currency
    period: Period
    listings: tuple[Listing, ...]

    def sheet(self) -> Sheet:
        money = self.money.symbol
        return Sheet(
            "Programs and prices",
            (
                Column("program"),
                Column("name"),
                Column("issuer"),
                Column("token"),
                Column("points live"),
                Column("outstanding", "number"),
                Column("bid", "number", money),
                Column("ask", "number", money),
                Column("outstanding at bid", "number", money),
            ),
            tuple(map(self._row, self.listings)),
            (self.period.note,),
        )

    def _row(self, listing: Listing) -> Row:
        program, money = listing.program, self.money
        return (
            program.symbol,
            program.name,
            listing.issuer,
            program.token,
            _life(program),
            Amount(listing.outstanding, program.decimals),
            Amount(listing.prices.bid, 12),
            Amount(listing.prices.ask, 12),
            Amount(
                valued(listing.outstanding, listing.prices.bid, program, money.decimals),
                money.decimals,
            ),
        )


def directory(database: Connection, period: Period) -> Directory:
    """Every program of the index."""
    network, names = read_network(database), labels(database)
    listings = []
    for token, program in network.programs.items():
        found = liability(database, token, period)
        issuer = network.issuers[token]
        listings.append(
            Listing(program, names.get(issuer, issuer), found.total.closing, found.prices)
        )
    return Directory(network.money, period, tuple(listings))


def _life(program: Program) -> str:
    months, lifetime = program.epochs.months, program.epochs.lifetime
    return f"{lifetime} epochs of {months} months" if months else "for ever"
