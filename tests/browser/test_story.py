"""One story through all doors, on the real index, relay, API and till.

a new member opens the page and makes a passkey
  the issuer awards points at the console; the member sees them within two seconds of the block
  the member converts some, sets some aside, and pays a till that has no network
  the till's network comes back, it settles, and the member sees that
  nobody had ether, and nobody typed a seed phrase
"""

import time

import pytest
from browser.conftest import DESK, PHONE
from browser.counters import shop
from browser.network import running
from browser.test_wallet import pay, set_aside
from browser.town import build
from browser.visitors import visiting
from browser.wallets import Wallet, at_console
from playwright.sync_api import expect

from zegel.chain.anvil import Anvil


@pytest.fixture(scope="module")
def live_town(tmp_path_factory):
    """A chain of today, with a block a second."""
    with Anvil(base_fee=0) as anvil:
        town = build(anvil, tmp_path_factory.mktemp("live"))
        anvil.rpc("evm_setIntervalMining", 1)
        yield town


@pytest.fixture
def network(live_town, tmp_path):
    with running(live_town, tmp_path) as one:
        yield one


@pytest.fixture
def member(browser, network):
    with visiting(browser, network, PHONE) as visitor:
        yield visitor


@pytest.fixture
def issuer(browser, network, live_town):
    """The issuer at a desk, with a wallet whose key the node has."""
    wallet = Wallet(live_town.suite.connection, live_town.sender("issuer").address)
    with at_console(browser, network, wallet, DESK) as visitor:
        yield visitor


def test_a_new_member_is_awarded_converts_and_pays(
    member, issuer, live_town, browser, network, tmp_path_factory, shots
):
    town, token = live_town, live_town.token("VINYL")
    address = member.join()
    expect(member.page.get_by_text("No points yet")).to_be_visible()
    member.shoot(shots / "story-1-joined-phone.png")

    issuer.page.get_by_label("Program").select_option(label="Vinyl Corner")
    issuer.page.get_by_role("link", name="Award", exact=True).click()
    issuer.fill("Member (0x…)", address)
    issuer.fill("Amount", "1000")
    issuer.fill("Reference", "receipt 1")
    issuer.fill("Reason", "welcome")
    issuer.press("See what it would do")
    expect(issuer.page.get_by_text("1,000.00 VINYL", exact=True)).to_be_visible()
    issuer.shoot(shots / "story-2-award-desk.png")
    issuer.press("Award now")
    wait_for(lambda: town.balance("VINYL", address) == 100_000)
    mined = time.monotonic()
    member.sees_balance("VINYL", "1,000.00")
    assert time.monotonic() - mined < 2
    expect(issuer.page.get_by_text("Awarded", exact=True)).to_be_visible()
    member.shoot(shots / "story-3-awarded-phone.png")

    member.go("convert")
    member.page.get_by_label("You get").select_option(label="Northwind Miles · MILES")
    member.fill("Amount", "250")
    expect(member.page.locator("[data-out]")).to_have_text("266 MILES")
    member.shoot(shots / "story-4-convert-phone.png")
    member.press("Continue")
    member.confirm()
    member.sees_balance("MILES", "266")

    set_aside(member, token, "60", town.sender("merchant").address)
    with (
        shop(town, tmp_path_factory.mktemp("till")) as counter,
        visiting(browser, network, DESK) as clerk,
    ):
        counter.counter.sync([address])
        counter.network.is_cut = True
        clerk.page.goto(counter.page)
        for digit in "1550":
            clerk.page.locator(".keypad").get_by_role("button", name=digit, exact=True).click()
        clerk.press("Ask for 15.50 VINYL")
        request = clerk.page.get_by_role("img", name="Let the customer scan this")
        voucher = pay(member, request.get_attribute("data-code"))
        member.shoot(shots / "story-5-voucher-phone.png")
        clerk.fill("Or paste what the phone shows", voucher)
        clerk.press("Read it")
        expect(clerk.page.get_by_text("Accepted", exact=True)).to_be_visible()
        expect(clerk.page.locator("[data-sale='open']")).to_be_visible()
        clerk.shoot(shots / "story-6-accepted-desk.png")
        counter.network.is_cut = False
        clerk.press("Settle now")
        expect(clerk.page.get_by_text("All settled")).to_be_visible(timeout=15_000)
    expect(member.page.get_by_text("Paid and settled")).to_be_visible()
    member.shoot(shots / "story-7-settled-phone.png")

    member.go("history")
    for kind in ("awarded", "converted out", "converted in", "paid"):
        expect(member.page.locator(f"[data-kind='{kind}']").first).to_be_visible()
    member.shoot(shots / "story-8-history-phone.png")
    eth = town.suite.connection.web3.eth
    assert (eth.get_balance(address), eth.get_transaction_count(address)) == (0, 0)
    assert member.complaints == []
    assert issuer.complaints == []


def wait_for(is_so):
    end = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
