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

from zegel.admin import funds, limits, powers, prices, safety
from zegel.admin.inputs import word
from zegel.admin.prices import Guards, Terms
from zegel.chain import roles
from zegel.chain.sending import Sender, UnlockedSender
from zegel.deploy.plan import Plan
from zegel.deploy.suite import Suite
from zegel.errors import ConfigError, PlanRefused

MEMBER = "0x00000000000000000000000000000000000000AA"
OTHER = "0x00000000000000000000000000000000000000bb"
WHY = word("a test")

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


def of_token(view: str, *arguments: object) -> Callable[[Suite], Any]:
    return lambda suite: getattr(suite.token("SHOP").functions, view)(*arguments).call()


def freeze(suite: Suite, actor: Actor) -> object:
    return safety.freeze(suite, actor("issuer"), "SHOP", MEMBER, WHY).apply()


def freeze_with_points(suite: Suite, actor: Actor) -> object:
    actor("awarder").send(suite.token("SHOP").functions.award(MEMBER, 5, WHY))
    return freeze(suite, actor)


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
        lambda suite, sender: limits.set_daily_limits(suite, sender, "SHOP", 7, 8),
        of_exchange("dailyLimitsOf"),
        (7, 8),
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
        lambda suite, sender: safety.suspend(suite, sender, "SHOP", WHY),
        lambda suite: bool(program(suite)[4] & 8),
        True,
    ),
    Case(
        "reinstate",
        "deployer",
        "default admin",
        lambda suite, sender: safety.reinstate(suite, sender, "SHOP", WHY),
        lambda suite: bool(program(suite)[4] & 8),
        False,
        lambda suite, actor: safety.suspend(suite, actor("operator"), "SHOP", WHY).apply(),
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
        "admit an issuer",
        "operator",
        "operator",
        lambda suite, sender: powers.grant(suite, sender, None, roles.ISSUER, MEMBER),
        lambda suite: suite.registry.functions.hasRole(roles.ISSUER, MEMBER).call(),
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
