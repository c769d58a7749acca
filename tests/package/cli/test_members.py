"""Members look, ask for quotes, and spend, from the command line.

├── balance, programs, quote: as a table and as JSON
├── send, redeem, convert: carried out once, with the transaction
└── what cannot be: one line that names the remedy, and nothing is sent
"""

import pytest

from zegel.errors import ConfigError, PlanRefused

pytestmark = pytest.mark.usefixtures("points")


def rows(answer):
    return answer["rows"]


def test_programs_are_listed_with_what_they_pay_and_charge(zegel):
    shop, air = rows(zegel("programs", "--json"))

    assert (shop["program"], shop["bid"], shop["ask"]) == ("SHOP", "0.009", "0.01")
    assert (shop["issuer"], shop["state"]) == ("Corner Shop B.V.", "open")
    assert (air["program"], air["name"]) == ("AIR", "Air Miles")


def test_balance_says_what_expires_when(zegel):
    (held,) = rows(zegel("balance", "--json"))

    assert held["program"] == "SHOP"
    assert held["points"] == "100.00"
    # Quarters, of which points live four.
    assert held["gone from"] == "2027-01-01"
    assert held["worth"] == "0.900000"


def test_balance_of_someone_else(zegel, outsider):
    assert rows(zegel("balance", outsider.address, "--json")) == []


def test_tables_are_for_people(zegel):
    assert "100.00" in zegel("balance")


def test_sent_points_arrive(zegel, suite, member, outsider):
    (sent,) = rows(zegel("send", "SHOP", outsider.address, "12.5", "--json"))

    token = suite.token("SHOP").functions
    assert token.balanceOf(outsider.address).call() == 1_250
    assert token.balanceOf(member.address).call() == 8_750
    receipt = suite.connection.web3.eth.get_transaction_receipt(sent["transaction"])
    assert receipt["blockNumber"] == int(sent["block"])


def test_points_are_redeemed_for_an_order(zegel, suite, member):
    zegel("redeem", "SHOP", "100", "order-1042")

    assert suite.token("SHOP").functions.balanceOf(member.address).call() == 0
    (event,) = suite.token("SHOP").events.Redeemed.get_logs(from_block="latest")
    assert event["args"]["ref"].rstrip(b"\0") == b"order-1042"


def test_conversion_gives_what_was_quoted(zegel, suite, issuer, member):
    zegel("fund", "SHOP", "10", account=issuer.address)
    (quoted,) = rows(zegel("quote", "SHOP", "AIR", "10", "--json"))

    zegel("convert", "SHOP", "AIR", "10")

    air = suite.token("AIR").functions
    assert air.balanceOf(member.address).call() == int(quoted["out"].replace(".", ""))


def test_quote_for_what_shall_be_received(zegel, issuer):
    zegel("fund", "SHOP", "10", account=issuer.address)
    (found,) = rows(zegel("quote", "SHOP", "AIR", "36", "--exact-out", "--json"))
    (back,) = rows(zegel("quote", "SHOP", "AIR", found["amount"], "--json"))

    assert float(back["out"]) >= 36


def test_refused_quote_says_why_and_is_no_success(zegel):
    (found,) = rows(zegel("quote", "SHOP", "AIR", "10", "--json", exit_code=1))

    assert found["refused"] == (
        "the issuer of SHOP has too little money in its account: convert less, or later"
    )


def test_refused_conversion_sends_nothing(zegel, suite, member):
    before = suite.connection.web3.eth.get_transaction_count(member.address)

    with pytest.raises(PlanRefused, match="too little money"):
        zegel("convert", "SHOP", "AIR", "10")
    with pytest.raises(PlanRefused, match="ERC20InsufficientBalance"):
        zegel("send", "SHOP", member.address, "100.01")

    assert suite.connection.web3.eth.get_transaction_count(member.address) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("send", "GOLD", "0x" + 40 * "1", "1"), "no program GOLD"),
        (("send", "SHOP", "me", "1"), "recipient: 'me' is no address"),
        (("send", "SHOP", "0x" + 40 * "1", "1.234"), "more than 2 decimals"),
        (("send", "SHOP", "0x" + 40 * "1", "0"), "0 SHOP is nothing"),
        (("redeem", "SHOP", "1", ""), "neither 1 to 31 ASCII characters nor a hash"),
        (("redeem", "EUR", "1", "x"), "is money: only points are redeemed"),
        (("prices", "SHOP", "--bid", "1"), "one of the two is missing"),
    ],
)
def test_what_is_wrong_is_named(zegel, suite, arguments, words):
    money = suite.settlement_token.functions.symbol().call()
    arguments = [money if word == "EUR" else word for word in arguments]

    with pytest.raises(ConfigError, match=words):
        zegel(*arguments)


def test_issuer_posts_prices(zegel, suite, issuer):
    answer = zegel(
        "prices", "AIR", "--bid", "0.0021", "--ask", "0.0025", "--json", account=issuer.address
    )

    (now,) = rows(answer)
    assert (now["prices"], now["bid"], now["version"]) == ("in force", "0.0021", 2)
    again = zegel("prices", "AIR", "--json")
    assert again == answer


def test_issuer_takes_money_out(zegel, suite, issuer, outsider):
    zegel("fund", "SHOP", "10", account=issuer.address)

    zegel("withdraw", "SHOP", "4", outsider.address, account=issuer.address)

    unit = 10**suite.money_decimals
    assert suite.settlement_token.functions.balanceOf(outsider.address).call() == 6 * unit
