"""A till's ten thousand sales: taken without a network, then settled.

`python -m bench.tilling` takes and settles them on an Anvil of its own, whose blocks come every
second, says how long one acceptance takes and all settlements, and fails when either is too slow.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress, Hash32, HexStr
from rich.console import Console
from rich.table import Table

from bench.people import signer
from zegel.admin import merchants
from zegel.admin.awards import award
from zegel.admin.credentials import Identity, accredit
from zegel.admin.inputs import word
from zegel.admin.limits import set_budget
from zegel.admin.programs import ProgramSettings, create_program
from zegel.award.rows import Award
from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite, SuiteSettings, deploy_suite
from zegel.till.accepting import accept
from zegel.till.asking import ask
from zegel.till.carrying import Own
from zegel.till.opening import Rules, Till, open_till
from zegel.till.requests import Request
from zegel.till.sales import Place
from zegel.till.settling import settle
from zegel.till.syncing import sync
from zegel.till.vouchers import Answer, digest_of

SALES = 10_000
SECONDS = 600.0
MILLISECONDS = 50.0
MEMBERS = 50
PRICE = 125

_SYMBOL = "BENCH"
_PLENTY = 10**12


@dataclass
class Figures:
    """Milliseconds of every acceptance, and seconds of the rest."""

    accepted: list[float] = field(default_factory=list)
    opened: float = 0.0
    synced: float = 0.0
    settled: float = 0.0
    transactions: int = 0
    gas: int = 0

    def part(self, share: float) -> float:
        """What that share of the acceptances took at most."""
        return sorted(self.accepted)[min(len(self.accepted) - 1, int(share * len(self.accepted)))]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.tilling", description=__doc__)
    parser.add_argument("--sales", type=int, default=SALES, help="how many")
    parser.add_argument("--block", type=int, default=1, help="seconds between blocks; 0 for none")
    options = parser.parse_args()
    with Anvil() as anvil, tempfile.TemporaryDirectory() as folder:
        figures = measure(anvil, Path(folder), options.sales, options.block)
    show(figures, options.sales)
    slow = []
    if figures.part(0.99) > MILLISECONDS:
        slow.append(f"{figures.part(0.99):.1f} ms for an acceptance are over {MILLISECONDS:.0f} ms")
    if figures.settled > SECONDS * options.sales / SALES + 10:
        slow.append(f"{figures.settled:.1f} s are over the {SECONDS:.0f} s for {SALES:,}")
    for line in slow:
        print(f"bench: {line}", file=sys.stderr)
    return 1 if slow else 0


def measure(anvil: Anvil, folder: Path, count: int, block: int) -> Figures:
    """Takes all sales, opens the till again as after a power cut, and settles them."""
    figures = Figures()
    members = [Account.from_key(signer(f"member {n}").key) for n in range(MEMBERS)]
    suite, place, token = prepare(anvil, folder, members, count)
    rules = Rules({token: _PLENTY}, {token: _PLENTY})
    now = suite.connection.timestamp()
    with open_till(folder / "till", place, rules, lambda: now) as till:
        begin = time.perf_counter()
        sync(till, suite, [member.address for member in members])
        figures.synced = time.perf_counter() - begin
        take(till, token, members, count, figures)
    begin = time.perf_counter()
    with open_till(folder / "till", place, rules, lambda: now) as till:
        figures.opened = time.perf_counter() - begin
        if block:
            anvil.rpc("evm_setIntervalMining", block)
        begin = time.perf_counter()
        outcome = settle(till, suite, Own(UnlockedSender(suite.connection, place.till)))
        figures.settled = time.perf_counter() - begin
    assert {sale.state for sale in outcome.done} == {"paid"}
    balance = suite.token(_SYMBOL).functions.balanceOf(place.merchant).call()
    assert balance == len(outcome.done) * PRICE == count * PRICE
    hashes = {sale.transaction for sale in outcome.done}
    figures.transactions = len(hashes)
    receipt = suite.connection.web3.eth.get_transaction_receipt
    figures.gas = sum(int(receipt(HexStr(one))["gasUsed"]) for one in hashes)
    return figures


def take(
    till: Till,
    token: ChecksumAddress,
    members: Sequence[LocalAccount],
    count: int,
    figures: Figures,
) -> None:
    """What the cash desk does all day; only the acceptance is measured."""
    for number in range(count):
        request = ask(till, token, PRICE, shared=False)
        given = answered(members[number % len(members)], request)
        begin = time.perf_counter()
        accept(till, given)
        figures.accepted.append(1_000 * (time.perf_counter() - begin))


def answered(member: LocalAccount, request: Request) -> Answer:
    """What a member's phone answers."""
    signed = member.unsafe_sign_hash(Hash32(digest_of(request, member.address)))
    return Answer(request.serial, member.address, bytes(signed.signature))


def prepare(
    anvil: Anvil, folder: Path, members: Sequence[LocalAccount], count: int
) -> tuple[Suite, Place, ChecksumAddress]:
    """A program, a merchant with a till, and members who have set aside what they will pay."""
    connection = anvil.connection
    issuer, merchant, till = (
        UnlockedSender(connection, one) for one in connection.web3.eth.accounts[:3]
    )
    book = Book.open(connection, folder)
    suite = deploy_suite(connection, issuer, SuiteSettings(), book)
    identity = Identity("Bench B.V.", "9999ZEGELSHOP0000131", "bench.example", b"x" * 32)
    accredit(issuer, lambda: suite.registry, issuer.address, identity).apply()
    create_program(suite, issuer, ProgramSettings("Bench", _SYMBOL, decimals=2), book).apply()
    set_budget(suite, issuer, _SYMBOL, issuer.address, _PLENTY, 24 * 3600).apply()
    merchants.register(suite, issuer, merchant.address, "Bench").apply()
    merchants.register_till(suite, merchant, till.address).apply()
    token, amount = suite.token(_SYMBOL), PRICE * (count // len(members) + 1)
    anvil.impersonate_all()
    for member in members:
        anvil.set_balance(member.address, 10**18)
        row = Award(bytes.fromhex(member.address[2:]), amount, word("bench"), word("bench"))
        award(suite, issuer, _SYMBOL, row).apply()
        hold = suite.desk.functions.hold(token.address, merchant.address, amount)
        UnlockedSender(connection, member.address).send(hold)
    place = Place(connection.chain_id, suite.desk.address, merchant.address, till.address)
    return suite, place, token.address


def show(figures: Figures, count: int) -> None:
    table = Table(title=f"A till with {count:,} sales", title_justify="left")
    table.add_column("step")
    table.add_column("figure", justify="right")
    for name, figure in (
        ("accept one, on the disk: half of them within", f"{figures.part(0.5):.1f} ms"),
        ("accept one, on the disk: 99 % within", f"{figures.part(0.99):.1f} ms"),
        (f"sync {MEMBERS} members", f"{figures.synced:.2f} s"),
        ("open the till again", f"{figures.opened:.2f} s"),
        ("settle all", f"{figures.settled:.1f} s"),
        ("settled a second", f"{count / figures.settled:,.0f}"),
        ("transactions", f"{figures.transactions:,}"),
        ("gas for a sale", f"{figures.gas // count:,}"),
    ):
        table.add_row(name, figure)
    Console(width=100).print(table)


if __name__ == "__main__":
    sys.exit(main())
