"""Every administrative act.

done once
    the chain shows it
done twice
    nothing is sent the second time
done by somebody without the role
    it is refused, naming the role, before anything is sent
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from web3.types import RPCEndpoint

from zegel.admin import (
    credentials,
    funds,
    limits,
    merchants,
    offline,
    powers,
    prices,
    safety,
    suspensions,
    verifiers,
)
from zegel.admin.credentials import Identity
from zegel.admin.inputs import word
from zegel.admin.prices import Guards, Terms
from zegel.chain import roles
from zegel.chain.sending import Sender, UnlockedSender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import NOBODY, Suite
from zegel.errors import ConfigError, PlanRefused

MEMBER = "0x00000000000000000000000000000000000000AA"
OTHER = "0x00000000000000000000000000000000000000bb"
WHY = word("a test")
IDENTITY = Identity("Rail Company Ltd", "9999ZEGELTEST0000176", "rail.example")

EURO = 10**6

Actor = Callable[[str], UnlockedSender]


@dataclass(frozen=True)
class Case:
    """An act, who may do it by which role, and what the chain shows afterwards."""

    name: str
    actor: str
    role: str | None
    plan: Callable[[Suite, Sender], Plan]
    shows: Callable[[Suite], Any]
    expected: Any
    before: Callable[[Suite, Actor], object] = lambda *_: None


def program(suite: Suite) -> Any:
    return suite.exchange.functions.programOf(suite.token("SHOP").address).call()


def of_exchange(view: str) -> Callable[[Suite], Any]:
    return lambda suite: tuple(
        getattr(suite.exchange.functions, view)(suite.token("SHOP").address).call()
    )


def of_desk(view: str, *arguments: object) -> Callable[[Suite], Any]:
    return lambda suite: tuple(
        getattr(suite.desk.functions, view)(suite.token("SHOP").address, *arguments).call()
    )


def of_token(view: str, *arguments: object) -> Callable[[Suite], Any]:
    return lambda suite: getattr(suite.token("SHOP").functions, view)(*arguments).call()


def freeze(suite: Suite, actor: Actor) -> object:
    return safety.freeze(suite, actor("issuer"), "SHOP", MEMBER, WHY).apply()


def freeze_with_points(suite: Suite, actor: Actor) -> object:
    actor("awarder").send(suite.token("SHOP").functions.award(MEMBER, 5, WHY))
    return freeze(suite, actor)


def of_registry(view: str, *arguments: object) -> Callable[[Suite], Any]:
    return lambda suite: getattr(suite.registry.functions, view)(*arguments).call()


def wait_for_the_rules(suite: Suite) -> None:
    """Lets the delay pass that the registry sets before power is given."""
    due = suite.connection.timestamp() + suite.registry.functions.RULES_DELAY().call()
    request = suite.connection.web3.provider.make_request
    request(RPCEndpoint("evm_setNextBlockTimestamp"), [due])
    request(RPCEndpoint("evm_mine"), [])


def suspend_and_schedule(suite: Suite, actor: Actor) -> None:
    suspensions.suspend(suite, actor("operator"), "SHOP", WHY).apply()
    suspensions.schedule_reinstatement(suite, actor("deployer"), "SHOP", WHY).apply()


def suspend_and_wait(suite: Suite, actor: Actor) -> None:
    suspend_and_schedule(suite, actor)
    wait_for_the_rules(suite)


def announce(suite: Suite, actor: Actor) -> object:
    return verifiers.schedule(suite, actor("deployer"), MEMBER).apply()


def announce_and_wait(suite: Suite, actor: Actor) -> None:
    announce(suite, actor)
    wait_for_the_rules(suite)


def accredit(suite: Suite, actor: Actor) -> object:
    registry = suite.registry
    return credentials.accredit(actor("verifier"), lambda: registry, MEMBER, IDENTITY).apply()


def register_merchant(suite: Suite, actor: Actor, merchant: str) -> object:
    return merchants.register(suite, actor("operator"), merchant, "Corner Shop").apply()


def register_till(suite: Suite, actor: Actor) -> object:
    register_merchant(suite, actor, actor("member").address)
    return merchants.register_till(suite, actor("member"), OTHER).apply()


def with_money(suite: Suite, actor: Actor) -> object:
    return funds.fund(suite, actor("issuer"), "SHOP", 9 * EURO).apply()


CASES = [
    Case(
        "prices",
        "issuer",
        "pricer",
        lambda suite, sender: prices.set_prices(suite, sender, "SHOP", 8 * 10**9, 9 * 10**9),
        lambda suite: program(suite)[:2],
        (8 * 10**9, 9 * 10**9),
    ),
    Case(
        "guards",
        "issuer",
        "default admin",
        lambda suite, sender: prices.set_guards(suite, sender, "SHOP", Guards(1, 2, 3)),
        of_exchange("priceGuardsOf"),
        (1, 2, 3),
    ),
    Case(
        "terms",
        "issuer",
        "pricer",
        lambda suite, sender: prices.set_terms(
            suite, sender, "SHOP", "AIR", Terms(valid_until=2 * 10**9, closed=True)
        ),
        lambda suite: tuple(
            suite.exchange.functions.termsOf(
                suite.token("SHOP").address, suite.token("AIR").address
            ).call()
        ),
        (0, 0, 2 * 10**9, True),
    ),
    Case(
        "daily limits",
        "issuer",
        "default admin",
        lambda suite, sender: limits.set_daily_limits(
            suite, sender, "SHOP", limits.DailyLimits(7, 8, 9)
        ),
        of_exchange("dailyLimitsOf"),
        (7, 8, 9),
    ),
    Case(
        "cash",
        "issuer",
        "default admin",
        lambda suite, sender: limits.switch_cash(suite, sender, "SHOP", False, True),
        of_exchange("cashSwitchesOf"),
        (False, True),
    ),
    Case(
        "budget",
        "issuer",
        "default admin",
        lambda suite, sender: limits.set_budget(suite, sender, "SHOP", MEMBER, 50, 3600),
        lambda suite: of_token("budgetOf", MEMBER)(suite)[0::2],
        (50, 3600),
    ),
    Case(
        "end of a budget",
        "guardian",
        "guardian",
        lambda suite, sender: limits.revoke_budget(suite, sender, "SHOP", MEMBER),
        lambda suite: of_token("budgetOf", MEMBER)(suite)[0],
        0,
        lambda suite, actor: limits.set_budget(suite, actor("issuer"), "SHOP", MEMBER, 50).apply(),
    ),
    Case(
        "guarantee",
        "issuer",
        "default admin",
        lambda suite, sender: offline.set_guarantee(suite, sender, "SHOP", 500, 10),
        of_desk("guaranteeOf"),
        (500, 0, 10, 0),
    ),
    Case(
        "limit",
        "issuer",
        "default admin",
        lambda suite, sender: offline.set_limit(suite, sender, "SHOP", MEMBER, 300),
        of_desk("limitOf", MEMBER),
        (300, 300, 0),
        lambda suite, actor: offline.set_guarantee(suite, actor("issuer"), "SHOP", 500, 10).apply(),
    ),
    Case(
        "fund",
        "outsider",
        None,
        lambda suite, sender: funds.fund(suite, sender, "SHOP", 5 * EURO),
        lambda suite: program(suite)[2],
        5 * EURO,
    ),
    Case(
        "withdraw",
        "issuer",
        "treasurer",
        lambda suite, sender: funds.withdraw(suite, sender, "SHOP", 4 * EURO, OTHER),
        lambda suite: (
            program(suite)[2],
            suite.settlement_token.functions.balanceOf(OTHER).call(),
        ),
        (4 * EURO, 5 * EURO),
        with_money,
    ),
    Case(
        "freeze",
        "issuer",
        "freezer",
        lambda suite, sender: safety.freeze(suite, sender, "SHOP", MEMBER, WHY),
        of_token("isFrozen", MEMBER),
        True,
    ),
    Case(
        "unfreeze",
        "issuer",
        "freezer",
        lambda suite, sender: safety.unfreeze(suite, sender, "SHOP", MEMBER, WHY),
        of_token("isFrozen", MEMBER),
        False,
        freeze,
    ),
    Case(
        "recover",
        "issuer",
        "recoverer",
        lambda suite, sender: safety.recover(suite, sender, "SHOP", MEMBER, OTHER, WHY),
        lambda suite: [of_token("balanceOf", who)(suite) for who in (MEMBER, OTHER)],
        [0, 5],
        freeze_with_points,
    ),
    Case(
        "pause",
        "guardian",
        "guardian",
        lambda suite, sender: safety.pause(suite, sender, "SHOP"),
        of_token("isPaused"),
        True,
    ),
    Case(
        "unpause",
        "issuer",
        "default admin",
        lambda suite, sender: safety.unpause(suite, sender, "SHOP"),
        of_token("isPaused"),
        False,
        lambda suite, actor: safety.pause(suite, actor("guardian"), "SHOP").apply(),
    ),
    Case(
        "shut the exchange out",
        "guardian",
        "guardian",
        lambda suite, sender: safety.switch_exchange(suite, sender, "SHOP", on=False),
        of_token("isExchangeOn"),
        False,
    ),
    Case(
        "let the exchange in",
        "issuer",
        "default admin",
        lambda suite, sender: safety.switch_exchange(suite, sender, "SHOP", on=True),
        of_token("isExchangeOn"),
        True,
        lambda suite, actor: safety.switch_exchange(
            suite, actor("guardian"), "SHOP", on=False
        ).apply(),
    ),
    Case(
        "suspend",
        "operator",
        "operator",
        lambda suite, sender: suspensions.suspend(suite, sender, "SHOP", WHY),
        lambda suite: bool(program(suite)[4] & 8),
        True,
    ),
    Case(
        "suspend again, which calls the return off",
        "operator",
        "operator",
        lambda suite, sender: suspensions.suspend(suite, sender, "SHOP", WHY),
        lambda suite: of_registry("reinstatementDueAt", suite.token("SHOP").address)(suite),
        0,
        suspend_and_schedule,
    ),
    Case(
        "announce the return",
        "deployer",
        "default admin",
        lambda suite, sender: suspensions.schedule_reinstatement(suite, sender, "SHOP", WHY),
        lambda suite: of_registry("reinstatementDueAt", suite.token("SHOP").address)(suite) != 0,
        True,
        lambda suite, actor: suspensions.suspend(suite, actor("operator"), "SHOP", WHY).apply(),
    ),
    Case(
        "reinstate",
        "outsider",
        None,
        lambda suite, sender: suspensions.reinstate(suite, sender, "SHOP"),
        lambda suite: bool(program(suite)[4] & 8),
        False,
        suspend_and_wait,
    ),
    Case(
        "announce a verifier",
        "deployer",
        "default admin",
        lambda suite, sender: verifiers.schedule(suite, sender, MEMBER),
        lambda suite: of_registry("verifierDueAt", MEMBER)(suite) != 0,
        True,
    ),
    Case(
        "add a verifier",
        "outsider",
        None,
        lambda suite, sender: verifiers.add(suite, sender, MEMBER),
        of_registry("isVerifier", MEMBER),
        True,
        announce_and_wait,
    ),
    Case(
        "dismiss a verifier",
        "deployer",
        "default admin",
        lambda suite, sender: verifiers.remove(suite, sender, MEMBER),
        of_registry("verifierDueAt", MEMBER),
        0,
        announce,
    ),
    Case(
        "accredit",
        "verifier",
        "verifier",
        lambda suite, sender: credentials.accredit(
            sender, lambda: suite.registry, MEMBER, IDENTITY
        ),
        of_registry("isAccredited", MEMBER),
        True,
    ),
    Case(
        "revoke a credential",
        "operator",
        None,
        lambda suite, sender: credentials.revoke(sender, lambda: suite.registry, MEMBER, WHY),
        of_registry("isAccredited", MEMBER),
        False,
        accredit,
    ),
    Case(
        "register a merchant",
        "operator",
        "operator",
        lambda suite, sender: merchants.register(suite, sender, MEMBER, "Corner Shop"),
        of_registry("merchantName", MEMBER),
        "Corner Shop",
    ),
    Case(
        "strike a merchant off",
        "operator",
        "operator",
        lambda suite, sender: merchants.remove(suite, sender, MEMBER, WHY),
        of_registry("isMerchant", MEMBER),
        False,
        lambda suite, actor: register_merchant(suite, actor, MEMBER),
    ),
    Case(
        "register a till",
        "member",
        None,
        lambda suite, sender: merchants.register_till(suite, sender, OTHER),
        lambda suite: of_registry("merchantOf", OTHER)(suite) != NOBODY,
        True,
        lambda suite, actor: register_merchant(suite, actor, actor("member").address),
    ),
    Case(
        "revoke a till",
        "operator",
        None,
        lambda suite, sender: merchants.revoke_till(suite, sender, OTHER),
        lambda suite: of_registry("merchantOf", OTHER)(suite),
        NOBODY,
        register_till,
    ),
    Case(
        "grant",
        "issuer",
        "default admin",
        lambda suite, sender: powers.grant(suite, sender, "SHOP", roles.PRICER, MEMBER),
        of_token("hasRole", roles.PRICER, MEMBER),
        True,
    ),
    Case(
        "revoke",
        "issuer",
        "default admin",
        lambda suite, sender: powers.revoke(suite, sender, "SHOP", roles.PRICER, MEMBER),
        of_token("hasRole", roles.PRICER, MEMBER),
        False,
        lambda suite, actor: powers.grant(
            suite, actor("issuer"), "SHOP", roles.PRICER, MEMBER
        ).apply(),
    ),
    Case(
        "appoint an operator",
        "deployer",
        "default admin",
        lambda suite, sender: powers.grant(suite, sender, None, roles.OPERATOR, MEMBER),
        of_registry("hasRole", roles.OPERATOR, MEMBER),
        True,
    ),
]

EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
GUARDED = pytest.mark.parametrize(
    "case", [case for case in CASES if case.role], ids=lambda case: case.name
)


def height(suite: Suite) -> int:
    return suite.connection.web3.eth.block_number


@EACH
def test_act_is_shown_by_the_chain_and_not_sent_twice(
    suite: Suite, actor: Actor, case: Case
) -> None:
    case.before(suite, actor)
    assert case.shows(suite) != case.expected
    assert case.plan(suite, actor(case.actor)).apply() != []
    assert case.shows(suite) == case.expected

    before = height(suite)
    assert case.plan(suite, actor(case.actor)).apply() == []
    assert height(suite) == before


@GUARDED
def test_act_is_refused_without_its_role(suite: Suite, actor: Actor, case: Case) -> None:
    case.before(suite, actor)
    before, shown = height(suite), case.shows(suite)
    outsider = actor("outsider")

    with pytest.raises(
        PlanRefused, match=rf"{outsider.address} is not {case.role} of 0x.*: run it"
    ):
        case.plan(suite, outsider).apply()
    assert (height(suite), case.shows(suite)) == (before, shown)


def test_acts_on_an_unknown_program_name_it(suite: Suite, issuer: UnlockedSender) -> None:
    with pytest.raises(ConfigError, match=r"^no program NONE on chain 31337: create it$"):
        safety.pause(suite, issuer, "NONE").apply()


def test_what_the_contract_refuses_is_refused_by_the_plan(
    suite: Suite, issuer: UnlockedSender
) -> None:
    before = height(suite)
    refusal = r"PointExchange refused: InvalidPrices\(bid=2, ask=1\)"

    with pytest.raises(PlanRefused, match=refusal):
        prices.set_prices(suite, issuer, "SHOP", 2, 1).apply()
    assert height(suite) == before


def test_announced_prices_count_as_set(suite: Suite, issuer: UnlockedSender) -> None:
    prices.set_guards(suite, issuer, "SHOP", Guards(notice=3600)).apply()
    prices.set_prices(suite, issuer, "SHOP", 8 * 10**9, 9 * 10**9).apply()

    assert program(suite)[:2] == (9 * 10**9, 10 * 10**9)
    assert prices.set_prices(suite, issuer, "SHOP", 8 * 10**9, 9 * 10**9).apply() == []


def test_shorter_notice_counts_as_set_while_the_old_one_runs(
    suite: Suite, issuer: UnlockedSender
) -> None:
    prices.set_guards(suite, issuer, "SHOP", Guards(notice=3600)).apply()
    shorter = prices.set_guards(suite, issuer, "SHOP", Guards(notice=60))

    assert shorter.apply() == ["guards SHOP"]
    assert of_exchange("priceGuardsOf")(suite) == (0, 0, 3600)
    assert shorter.apply() == []


def test_fund_takes_what_is_missing_and_no_more(suite: Suite, issuer: UnlockedSender) -> None:
    money = suite.settlement_token.functions
    issuer.send(money.mint(issuer.address, 7 * EURO))
    funds.fund(suite, issuer, "SHOP", 2 * EURO).apply()

    assert funds.fund(suite, issuer, "SHOP", 5 * EURO).apply() == ["approve SHOP", "fund SHOP"]

    assert money.balanceOf(issuer.address).call() == 2 * EURO
    assert money.allowance(issuer.address, suite.exchange.address).call() == 0


@pytest.mark.parametrize("role", ["pricer ", "operator", ""])
def test_unknown_role_is_named(role: str) -> None:
    with pytest.raises(ConfigError, match=f"^role: '{role}' is none of guardian, corrector"):
        powers.role_named(role, "SHOP")
