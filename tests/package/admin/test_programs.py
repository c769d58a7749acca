"""Creating programs, awarding, handing over.

a program
    has the settings of the file, stands at the predicted address, and is recorded
    is created once; other settings for its symbol are refused
    is created only by an issuer
    is recorded by the next run, if the process died after it was sent
an award, a file of awards
    is made once
    is refused whole when the budget, or a line, is wrong
a permit
    funds an account without an approval
all power
    is handed over in two steps, and the old account keeps none of it
"""

from dataclasses import replace

import pytest
from eth_account import Account
from eth_utils.crypto import keccak

from zegel.admin import awards, funds, powers, safety
from zegel.admin.acts import Program
from zegel.admin.inputs import word
from zegel.admin.programs import ProgramSettings, create_program
from zegel.award.rows import Award
from zegel.chain import roles
from zegel.chain.anvil import Anvil
from zegel.chain.sending import KeySender, UnlockedSender
from zegel.deploy.book import Book
from zegel.deploy.suite import Suite
from zegel.errors import PlanRefused

HOTEL = ProgramSettings(name="Grand Hotel", symbol="HOTEL", decimals=1, admin_delay=60)
MEMBER = "0x00000000000000000000000000000000000000AA"
ONE = Award(bytes.fromhex(MEMBER[2:]), 1250, word("receipt-1"), word("purchase"))

EURO = 10**6


def height(suite: Suite) -> int:
    return suite.connection.web3.eth.block_number


def test_program_has_its_settings(suite: Suite, issuer: UnlockedSender, book: Book) -> None:
    assert create_program(suite, issuer, HOTEL, book).apply() == ["create HOTEL"]

    token = suite.token("HOTEL").functions
    assert token.name().call() == "Grand Hotel"
    assert token.decimals().call() == 1
    assert (token.monthsPerEpoch().call(), token.lifetime().call()) == (12, 2)
    assert token.transferable().call() is True
    assert token.defaultAdmin().call() == issuer.address
    assert token.defaultAdminDelay().call() == 60
    assert token.exchange().call() == suite.exchange.address
    assert token.desk().call() == suite.desk.address
    entry = book.deployments["PointToken HOTEL"]
    assert entry.address == suite.token("HOTEL").address
    assert entry.arguments == [
        ["Grand Hotel", "HOTEL", "", issuer.address, 60, 1, 12, 2, True],
        suite.exchange.address,
        suite.desk.address,
        book.deployments["PasskeyVerifier"].address,
    ]
    assert entry.block == height(suite)


def test_program_is_created_once(suite: Suite, issuer: UnlockedSender, book: Book) -> None:
    create_program(suite, issuer, HOTEL, book).apply()
    before, written = height(suite), book.path.read_bytes()

    assert create_program(suite, issuer, HOTEL, book).apply() == []
    assert (height(suite), book.path.read_bytes()) == (before, written)


def test_program_with_other_settings_is_refused(
    suite: Suite, issuer: UnlockedSender, book: Book
) -> None:
    create_program(suite, issuer, HOTEL, book).apply()

    with pytest.raises(PlanRefused, match=r"^program HOTEL: .*was created with other settings"):
        create_program(suite, issuer, replace(HOTEL, decimals=2), book).apply()


def test_program_is_created_only_by_an_issuer(
    suite: Suite, outsider: UnlockedSender, book: Book
) -> None:
    with pytest.raises(PlanRefused, match=f"{outsider.address} is not accredited: have a"):
        create_program(suite, outsider, HOTEL, book).apply()
    assert not Program(suite, "HOTEL").is_there()


def test_program_that_was_not_recorded_is_recorded_by_the_next_run(
    suite: Suite, issuer: UnlockedSender, book: Book
) -> None:
    create_program(suite, issuer, HOTEL, book).apply()
    entry = book.deployments.pop("PointToken HOTEL")
    before = height(suite)

    assert create_program(suite, issuer, HOTEL, book).apply() == ["create HOTEL"]
    assert book.deployments["PointToken HOTEL"] == entry
    assert height(suite) == before


def test_award_is_made_once(suite: Suite, awarder: UnlockedSender) -> None:
    assert len(awards.award(suite, awarder, "SHOP", ONE).apply()) == 1
    before = height(suite)

    assert awards.award(suite, awarder, "SHOP", ONE).apply() == []
    assert suite.token("SHOP").functions.balanceOf(MEMBER).call() == 1250
    assert height(suite) == before


def test_award_beyond_the_budget_is_refused(suite: Suite, awarder: UnlockedSender) -> None:
    more = replace(ONE, amount=100_001)

    with pytest.raises(
        PlanRefused, match=r"1000\.00 points are left in the budget, 1000\.01 are ne"
    ):
        awards.award(suite, awarder, "SHOP", more).apply()


def test_award_while_paused_is_refused(
    suite: Suite, awarder: UnlockedSender, guardian: UnlockedSender
) -> None:
    safety.pause(suite, guardian, "SHOP").apply()

    with pytest.raises(PlanRefused, match=r"the program is paused: unpause it first"):
        awards.award(suite, awarder, "SHOP", ONE).apply()


def test_permit_funds_without_an_approval(anvil: Anvil, suite: Suite) -> None:
    payer = KeySender(suite.connection, Account.from_key(keccak(text="payer")))
    anvil.set_balance(payer.address, 10**18)

    plan = funds.fund_by_permit(suite, payer, "SHOP", 3 * EURO)

    assert plan.apply() == [f"mint {payer.address}", "fund SHOP"]
    token = suite.token("SHOP").address
    assert suite.exchange.functions.programOf(token).call()[2] == 3 * EURO
    assert suite.settlement_token.functions.nonces(payer.address).call() == 1
    assert plan.apply() == []


def powers_of(suite: Suite, symbol: str | None, account: str) -> set[str]:
    keeper = suite.token(symbol) if symbol else suite.registry
    return {
        name for role, name in roles.NAMES.items() if keeper.functions.hasRole(role, account).call()
    }


@pytest.mark.parametrize(
    ("symbol", "old", "held"),
    [
        (None, "deployer", {"default admin", "operator"}),
        (
            "SHOP",
            "issuer",
            {"default admin", "freezer", "recoverer", "pricer", "treasurer"},
        ),
    ],
)
def test_all_power_is_handed_over(
    anvil: Anvil,
    suite: Suite,
    request: pytest.FixtureRequest,
    new_admin: UnlockedSender,
    symbol: str | None,
    old: str,
    held: set[str],
) -> None:
    before: UnlockedSender = request.getfixturevalue(old)
    assert powers_of(suite, symbol, before.address) == held

    powers.hand_over(suite, before, symbol, new_admin.address).apply()
    assert powers_of(suite, symbol, before.address) == {"default admin"}
    assert powers_of(suite, symbol, new_admin.address) == held - {"default admin"}
    assert powers.hand_over(suite, before, symbol, new_admin.address).apply() == []

    too_early = r"refused: AccessControlEnforcedDefaultAdminDelay\(schedule="
    with pytest.raises(PlanRefused, match=too_early):
        powers.accept(suite, new_admin, symbol).apply()
    anvil.move_to(suite.connection.timestamp() + 3601)
    assert len(powers.accept(suite, new_admin, symbol).apply()) == 1
    assert powers.accept(suite, new_admin, symbol).apply() == []

    assert powers_of(suite, symbol, before.address) == set()
    assert powers_of(suite, symbol, new_admin.address) == held
    with pytest.raises(PlanRefused, match=f"{before.address} is not default admin of"):
        powers.hand_over(suite, before, symbol, MEMBER).apply()


def test_budget_is_handed_over_too(
    suite: Suite, issuer: UnlockedSender, new_admin: UnlockedSender
) -> None:
    token = suite.token("SHOP").functions
    issuer.send(token.setBudget(issuer.address, 70, 3600))

    powers.hand_over(suite, issuer, "SHOP", new_admin.address).apply()

    assert token.budgetOf(issuer.address).call()[0] == 0
    assert token.budgetOf(new_admin.address).call()[0::2] == (70, 3600)
