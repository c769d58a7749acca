"""Verifying.

given a chain that is as the book and the settings say
    every line is ok
given one planted difference
    its line says so, and no other
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from zegel.admin import credentials, funds, limits, powers, prices, verifiers
from zegel.admin.credentials import Identity
from zegel.admin.prices import Guards, Terms
from zegel.admin.programs import ProgramSettings, create_program
from zegel.admin.state import State
from zegel.admin.verify import verify
from zegel.chain import roles
from zegel.chain.anvil import Anvil
from zegel.chain.sending import UnlockedSender
from zegel.deploy.book import Book, Pending
from zegel.deploy.suite import Suite, SuiteSettings, deploy_suite

STRANGER = "0x00000000000000000000000000000000000000AA"
IDENTITY = Identity("Rail Company Ltd", "9999ZEGELTEST0000176", "rail.example")


def differences(suite: Suite, book: Book, state: State | None) -> list[str]:
    return [str(line) for line in verify(suite.connection, book, state) if line.difference]


def test_nothing_differs_at_first(suite: Suite, book: Book, state: State) -> None:
    lines = [str(line) for line in verify(suite.connection, book, state)]

    assert [line for line in lines if not line.startswith("[ok] ")] == []
    assert len(lines) == 70


def test_funding_is_no_difference(
    suite: Suite, book: Book, state: State, issuer: UnlockedSender
) -> None:
    funds.fund(suite, issuer, "SHOP", 5).apply()

    assert differences(suite, book, state) == []


Actor = Callable[[str], UnlockedSender]
Plant = Callable[[Suite, Actor], object]

PLANTED: dict[str, tuple[Plant, list[str]]] = {
    "price": (
        lambda suite, actor: prices.set_prices(
            suite, actor("issuer"), "SHOP", 8 * 10**9, 10**10
        ).apply(),
        ["[differs] SHOP: bid 0.009, ask 0.01: now bid 0.008, ask 0.01"],
    ),
    "guards": (
        lambda suite, actor: prices.set_guards(suite, actor("issuer"), "SHOP", Guards()).apply(),
        [
            "[differs] SHOP: price step 500000 ppm, daily move 0 ppm, notice 0 s: "
            "now price step 0 ppm, daily move 0 ppm, notice 0 s"
        ],
    ),
    "terms": (
        lambda suite, actor: prices.set_terms(
            suite, actor("issuer"), "SHOP", "AIR", Terms()
        ).apply(),
        [
            "[differs] SHOP: ask 0.0095 from 1767225600 to 1798761600 for points of AIR: "
            "now no terms"
        ],
    ),
    "limits": (
        lambda suite, actor: limits.set_daily_limits(
            suite, actor("issuer"), "SHOP", limits.DailyLimits(5_000_000_000, 0)
        ).apply(),
        [
            "[differs] SHOP: 5000.000000 money out and 2500.500000 in a day, "
            "4000 base units a member: "
            "now 5000.000000 money out and any in a day, any base units a member"
        ],
    ),
    "cash": (
        lambda suite, actor: limits.switch_cash(suite, actor("issuer"), "SHOP", True, True).apply(),
        [
            "[differs] SHOP: top-up open, cash-out closed: now top-up open, cash-out open",
        ],
    ),
    "missing role": (
        lambda suite, actor: powers.revoke(
            suite, actor("issuer"), "SHOP", roles.GUARDIAN, actor("guardian").address
        ).apply(),
        ["[differs] SHOP: {guardian} is guardian: not so"],
    ),
    "surplus role": (
        lambda suite, actor: powers.grant(
            suite, actor("issuer"), "SHOP", roles.PRICER, STRANGER
        ).apply(),
        [f"[differs] SHOP: nobody else is pricer: {STRANGER} too"],
    ),
    "surplus operator": (
        lambda suite, actor: powers.grant(
            suite, actor("deployer"), None, roles.OPERATOR, STRANGER
        ).apply(),
        [f"[differs] registry: nobody else is operator: {STRANGER} too"],
    ),
    "surplus issuer": (
        lambda suite, actor: credentials.accredit(
            actor("verifier"), lambda: suite.registry, STRANGER, IDENTITY
        ).apply(),
        [f"[differs] registry: nobody else is accredited: {STRANGER} too"],
    ),
    "revoked credential": (
        lambda suite, actor: credentials.revoke(
            actor("operator"), lambda: suite.registry, actor("issuer").address, bytes(32)
        ).apply(),
        ["[differs] {issuer} is Corner Shop B.V., shop.example: renewed"],
    ),
    "missing verifier": (
        lambda suite, actor: verifiers.remove(
            suite, actor("deployer"), actor("verifier").address
        ).apply(),
        [
            "[differs] {issuer} is Corner Shop B.V., shop.example: renewed",
            "[differs] registry: {verifier} is verifier: it is not",
        ],
    ),
    "budget": (
        lambda suite, actor: limits.set_budget(
            suite, actor("issuer"), "SHOP", actor("awarder").address, 7
        ).apply(),
        [
            "[differs] SHOP: {awarder} may award 100000 base units in 86400 s: now 7 in 86400 s",
        ],
    ),
    "surplus budget": (
        lambda suite, actor: limits.set_budget(suite, actor("issuer"), "SHOP", STRANGER, 7).apply(),
        [f"[differs] SHOP: nobody else awards: {STRANGER} too"],
    ),
}


@pytest.mark.parametrize("plant", PLANTED)
def test_planted_difference_on_the_chain_is_found(
    suite: Suite, book: Book, state: State, actor: Actor, plant: str
) -> None:
    act, expected = PLANTED[plant]
    act(suite, actor)

    names = {name: actor(name).address for name in ("guardian", "awarder", "issuer", "verifier")}
    assert differences(suite, book, state) == [line.format(**names) for line in expected]


def test_other_code_is_found(anvil: Anvil, suite: Suite, book: Book) -> None:
    registry = book.deployments["IssuerRegistry"].address
    code = bytearray(suite.connection.code(registry))
    code[-1] ^= 1
    anvil.rpc("anvil_setCode", registry, "0x" + code.hex())

    assert differences(suite, book, None) == [
        f"[differs] IssuerRegistry: code at {registry}: not what the sources of this version give"
    ]


def test_other_immutables_are_found(
    suite: Suite, book: Book, anvil: Anvil, deployer: UnlockedSender
) -> None:
    """The code of another exchange in the place of ours: the same, but for its immutables."""
    other = Book(book.path.with_name("other.json"), book.chain_id, book.genesis)
    deploy_suite(suite.connection, deployer, SuiteSettings(), other)
    code = suite.connection.code(other.deployments["PointExchange"].address)
    anvil.rpc("anvil_setCode", suite.exchange.address, "0x" + code.hex())

    found = differences(suite, book, None)

    assert found[0].startswith(
        f"[differs] PointExchange: code at {suite.exchange.address}: its hash"
    )
    ours, theirs = (b.deployments["IssuerRegistry"].address for b in (book, other))
    assert found[1:] == [f"[differs] exchange: registry: {theirs}, by the book {ours}"]


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [("PointExchange", 2, 5), ("IssuerRegistry", 1, 0), ("PointToken SHOP", 1, STRANGER)],
)
def test_other_arguments_in_the_book_are_found(
    suite: Suite, book: Book, name: str, place: int, value: object
) -> None:
    entry = book.deployments[name]
    arguments = [*entry.arguments[:place], value, *entry.arguments[place + 1 :]]
    book.record(name, replace(entry, arguments=arguments))

    assert differences(suite, book, None) == [
        f"[differs] {name}: created with {arguments}: the chain has other arguments, or other code"
    ]


def test_other_block_and_transaction_in_the_book_are_found(suite: Suite, book: Book) -> None:
    euro, exchange = book.deployments["TestEuro"], book.deployments["PointExchange"]
    book.record("TestEuro", replace(euro, block=77))
    book.record("PointExchange", replace(exchange, transaction="0x" + "11" * 32))

    assert differences(suite, book, None) == [
        f"[differs] TestEuro: created with []: in block {euro.block}, by the book 77",
        f"[differs] PointExchange: created with {exchange.arguments}: "
        f"the chain has no transaction 0x{'11' * 32}",
    ]


def test_programs_that_the_book_lacks_are_found(
    suite: Suite, book: Book, issuer: UnlockedSender
) -> None:
    elsewhere = Book(book.path.with_name("other.json"), book.chain_id, book.genesis)
    create_program(suite, issuer, ProgramSettings("Hotel", "HOTEL"), elsewhere).apply()
    token = suite.token("HOTEL").address

    assert differences(suite, book, None) == [
        f"[differs] PointToken {token}: listed in the registry: it is not in the address book"
    ]


def test_unfinished_creation_is_found(suite: Suite, book: Book) -> None:
    book.begin("more", Pending("TestEuro", suite.exchange.address, [], suite.exchange.address, 1))

    assert differences(suite, book, None) == [
        "[differs] more: begun and not finished: run the script again that creates it"
    ]


def test_program_that_the_settings_ask_for_is_missed(
    suite: Suite, book: Book, state: State
) -> None:
    hotel = replace(state.programs["AIR"], settings=ProgramSettings("Hotel", "HOTEL"))
    more = replace(state, programs={**state.programs, "HOTEL": hotel})

    found = differences(suite, book, more)

    assert found[0] == "[differs] program HOTEL: Hotel: not so"
    assert all(
        line.startswith("[differs] HOTEL: ") and line.endswith(": not there") for line in found[1:]
    )


def test_other_admin_is_found(
    suite: Suite, book: Book, state: State, new_admin: UnlockedSender
) -> None:
    admin = new_admin.address
    shop = replace(state.programs["SHOP"], admin_now=admin)
    other = replace(state, admin_now=admin, programs={**state.programs, "SHOP": shop})
    registry, token = (
        keeper.functions.defaultAdmin().call() for keeper in (suite.registry, suite.token("SHOP"))
    )

    assert differences(suite, book, other) == [
        f"[differs] registry: {admin} is default admin: now {registry}",
        f"[differs] SHOP: {admin} is default admin: now {token}",
    ]
