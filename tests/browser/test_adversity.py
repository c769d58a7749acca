"""No connection, hostile services, and wallets that say no.

without a connection
  the wallet opens again, shows what it read last, and still pays
a service that lies
  names with markup or hidden characters are text; an entry that cannot be read hides no other
  a relay that refuses says why; a node that answers nonsense shows no wrong amount
a wallet in the browser (EIP-6963), whose key stays outside of the page
  signs and is shown points; rejects; is moved to the right chain; changes its account
"""

import pytest
from browser.conftest import PHONE
from browser.injecting import Injected
from browser.test_wallet import pay, set_aside
from browser.town import till_of
from browser.visitors import visiting
from playwright.sync_api import expect

from zegel.till.asking import ask
from zegel.till.syncing import sync
from zegel.till.vouchers import answer_of, check_signature


def test_the_wallet_opens_and_pays_without_a_connection(member, doorway, town, tmp_path):
    token, address = town.token("VINYL"), member.join()
    town.award("VINYL", address, 100_000)
    member.sees_balance("VINYL", "1,000.00")
    set_aside(member, token, "60", None)
    expect(member.page.get_by_text("60.00 VINYL available")).to_be_visible()
    member.wait_until_kept()
    with till_of(town, tmp_path) as till:
        sync(till, town.suite, [address])
        request = ask(till, token, 1_550, shared=True)

    doorway.is_away = True
    member.open()
    member.sees_balance("VINYL", "940.00")
    expect(member.page.get_by_text("No connection.")).to_be_visible()
    voucher = answer_of(pay(member, request.text()))
    check_signature(request, voucher)
    member.open("/#/pay")
    member.page.reload()
    expect(member.page.get_by_text("Waiting for the till to settle")).to_be_visible()


def test_hostile_names_are_text_and_bad_entries_hide_no_others(member, doorway, town):
    evil = "<img src=x onerror=\"document.title='hit'\">\u202etxet"

    def bend(path, answer):
        if path == "/v1/programs":
            answer[0]["name"] = answer[0]["legalName"] = answer[0]["description"] = evil
            answer[1]["decimals"] = 10**9
            return [None, {"token": "0x12"}, *answer]
        return answer

    doorway.bend = bend
    address = member.join()
    town.award("VINYL", address, 100_000)
    member.sees_balance("VINYL", "1,000.00")
    assert member.page.locator(".program img").count() == 0
    assert "hit" not in member.page.title()
    assert "\u202e" not in member.page.inner_text("body")
    expect(member.page.get_by_text("Fuel Card")).to_be_visible()
    member.go(f"program/{town.token('VINYL')}")
    expect(member.page.locator(".issuer")).to_contain_text("<img src=x")
    assert member.page.locator("#content img").count() == 0


def test_a_node_that_answers_nonsense_shows_no_amount(member, doorway, town):
    address = member.join()
    away = member.page.get_by_text("No connection.")
    town.award("VINYL", address, 100_000)
    member.sees_balance("VINYL", "1,000.00")
    # Each time points come while it talks nonsense, and others when it has come to its senses.
    for before, nonsense in enumerate(("0x", "0xzz", None, "0x" + "ff" * 64, 7)):
        doorway.bend = talking(nonsense)
        town.award("VINYL", address, 50)
        expect(away).to_be_visible()
        member.sees_balance("VINYL", f"1,00{before}.00")
        doorway.bend = lambda path, answer: answer
        town.award("VINYL", address, 50)
        member.sees_balance("VINYL", f"1,00{before + 1}.00")
        expect(away).to_be_hidden()


def talking(nonsense):
    """How a node's answers are bent."""

    def bend(path, answer):
        if path != "/rpc" or not isinstance(answer, list):
            return answer
        return [{**one, "result": nonsense} for one in answer]

    return bend


def test_what_the_relay_refuses_is_told(member, doorway, town):
    address = member.join()
    town.award("VINYL", address, 100_000)
    member.sees_balance("VINYL", "1,000.00")
    doorway.answer = lambda method, path, body: (
        (422, {"type": "urn:zegel:quota", "detail": "the quota is used up: try again tomorrow"})
        if path == "/v1/messages"
        else type(doorway).answer(doorway, method, path, body)
    )
    member.go("redeem")
    member.fill("Amount", "1")
    member.fill("Reference", "x")
    member.press("Continue")
    member.press("Confirm with passkey")
    words = "You signed, and the relay did not take it: the quota is used up: try again tomorrow"
    expect(member.page.get_by_text(words)).to_be_visible()
    assert town.balance("VINYL", address) == 100_000


def test_without_a_service_the_page_says_so_and_tries_again(member, doorway):
    doorway.bend = lambda path, answer: {"nothing": True} if path == "/v1/network" else answer
    member.open()
    expect(member.page.get_by_text("The network cannot be reached.")).to_be_visible()
    doorway.bend = lambda path, answer: answer
    member.press("Try again")
    expect(member.page.get_by_role("button", name="Start with a passkey")).to_be_visible()


@pytest.fixture
def injected(town):
    return Injected(town)


@pytest.fixture
def owner(browser, doorway, town, injected):
    """Somebody with a wallet in the browser, who has 100 VINYL, before the confirmation of 1."""
    town.award("VINYL", injected.accounts[0], 10_000)
    with visiting(browser, doorway, PHONE) as visitor:
        injected.install(visitor.page)
        visitor.open()
        visitor.press("Connect Test Wallet")
        visitor.sees_balance("VINYL", "100.00")
        visitor.go("redeem")
        visitor.fill("Amount", "1")
        visitor.fill("Reference", "x")
        visitor.press("Continue")
        yield visitor


def sign(owner):
    owner.press("Confirm in Test Wallet")


def test_a_wallet_signs_and_somebody_else_pays(owner, town, injected):
    nonce = town.suite.connection.web3.eth.get_transaction_count(injected.accounts[0])
    sign(owner)
    expect(owner.page.locator(".told.done")).to_be_visible()
    assert town.balance("VINYL", injected.accounts[0]) == 9_900
    after = town.suite.connection.web3.eth.get_transaction_count(injected.accounts[0])
    assert after == nonce
    assert "eth_sendTransaction" not in injected.calls


def test_a_wallet_that_rejects_leaves_everything_as_it_was(owner, town, injected):
    injected.rejects = True
    sign(owner)
    expect(owner.page.get_by_text("You cancelled. Nothing was signed.")).to_be_visible()
    injected.rejects = False
    sign(owner)
    expect(owner.page.locator(".told.done")).to_be_visible()


def test_a_wallet_on_another_chain_is_moved_to_the_right_one(owner, injected):
    injected.chain = 1
    sign(owner)
    expect(owner.page.locator(".told.done")).to_be_visible()
    assert {"wallet_switchEthereumChain", "wallet_addEthereumChain"} <= set(injected.calls)


def test_a_wallet_that_changed_its_account_does_not_sign_for_the_old_one(owner, town, injected):
    injected.accounts = [town.sender("friend").address]
    sign(owner)
    expect(owner.page.get_by_text("Test Wallet shows another account")).to_be_visible()
    assert "eth_signTypedData_v4" not in injected.calls
    owner.page.evaluate(
        "account => window.__emit('accountsChanged', [account])", injected.accounts[0]
    )
    owner.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    assert owner.address == injected.accounts[0]
