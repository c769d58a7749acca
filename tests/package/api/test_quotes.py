"""Quotes are the exchange's own, with the reason of a refusal in words."""

import pytest
from support.calling import problem

from zegel.admin import funds
from zegel.wallet.quotes import REASON_NAMES, REASONS


@pytest.fixture
def quote(api, suite):
    def ask(source="SHOP", target="AIR", amount="1000", **query):
        sides = {"from": suite.token(source).address, "to": suite.token(target).address}
        return api.get("/v1/quotes", params={**sides, "amount": amount, **query})

    return ask


@pytest.fixture
def funded(suite, operator):
    funds.fund(suite, operator, "SHOP", 10**8).apply()


def test_a_quote_is_what_a_conversion_gives(quote, funded):
    told = quote().json()

    assert (told["amount"], told["out"], told["value"], told["fee"]) == ("1000", "36", "90000", "0")
    assert (told["reason"], told["detail"], told["versions"]) == (None, None, [2, 1])


def test_a_quote_for_an_exact_output_is_the_least_that_gives_it(quote, funded):
    told = quote(amount="36", exactOut="true").json()

    assert told["out"] == "36"
    assert quote(amount=told["amount"]).json()["out"] == "36"
    assert quote(amount=str(int(told["amount"]) - 1)).json()["out"] == "35"


def test_a_refusal_has_its_name_and_words_that_say_what_to_do(quote):
    told = quote().json()

    assert (told["out"], told["value"], told["reason"]) == ("0", "0", "AccountTooSmall")
    assert told["detail"] == (
        "the issuer of SHOP has too little money in its account: convert less, or later"
    )


def test_a_members_own_limits_count_if_the_member_is_named(quote, funded, outsider):
    told = quote(member=outsider.address).json()

    assert told["reason"] == "BalanceTooSmall"
    assert told["detail"] == "the member has too few points of SHOP: convert less"


def test_any_amount_of_256_bits_has_an_answer(quote, funded):
    assert quote(amount=str(2**256 - 1)).json()["reason"] == "AmountTooLarge"
    assert quote(amount=str(2**256 - 1), exactOut="true").json()["reason"] == "AmountTooLarge"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("-1", "is no amount: write a whole number of base units as text"),
        ("1.5", "is no amount: write a whole number of base units as text"),
        ("٣", "is no amount: write a whole number of base units as text"),
        (str(2**256), "is more than 256 bits hold: write less"),
    ],
)
def test_what_is_no_amount_is_refused(quote, wrong, words):
    assert words in problem(quote(amount=wrong), 422, "invalid-request")


def test_what_is_no_program_is_refused(api, suite, outsider):
    query = {"from": outsider.address, "to": suite.token("AIR").address, "amount": "1"}

    detail = problem(api.get("/v1/quotes", params=query), 404, "program-unknown")

    assert detail == (f"{outsider.address} is neither a program nor the money: see /v1/programs")


def test_reasons_have_the_names_of_the_contracts_own():
    from pathlib import Path

    interface = Path(__file__).parents[3] / "interfaces" / "IPointExchange.sol"
    (listed,) = interface.read_text().split("enum Refusal {")[1].split("}")[:1]
    assert tuple(name.strip() for name in listed.split(",")) == REASON_NAMES
    assert len(REASONS) == len(REASON_NAMES)
