"""Points for money, and money for points.

somebody with a wallet in the browser
  has it show the points, buys some with money of its own, and sells them again without a fee
  and is told what the wallet refuses
  has points back from the desk by the wallet, where there is no relay
a member who is a passkey
  has a wallet pay for points, in one go if it can
  sells points to an account that can spend money, and to no other
"""

import pytest
from browser.conftest import PHONE
from browser.injecting import Injected
from browser.town import DAY, EURO
from browser.visitors import visiting
from playwright.sync_api import expect

from zegel.deploy.suite import NOBODY


@pytest.fixture
def injected(town):
    """A wallet with 50 tEUR."""
    wallet = Injected(town)
    mint = town.suite.settlement_token.functions.mint(wallet.accounts[0], 50 * EURO)
    town.sender("deployer").send(mint)
    return wallet


@pytest.fixture
def visitor(browser, doorway, injected):
    """Somebody whose browser has the wallet, and makes passkeys."""
    with visiting(browser, doorway, PHONE) as one:
        injected.install(one.page)
        yield one


def test_a_wallet_buys_points_and_sells_them_again(visitor, town, injected, shots):
    (owner,) = injected.accounts
    visitor.open()
    visitor.press("Connect Test Wallet")
    visitor.page.locator("[data-program='MILES']").click()
    injected.rejects = True
    visitor.press("Show in Test Wallet")
    expect(visitor.page.get_by_text("Test Wallet did not take these points.")).to_be_visible()
    injected.rejects = False
    visitor.press("Show in Test Wallet")
    expect(visitor.page.get_by_text("Test Wallet shows these points now.")).to_be_visible()
    options = {"address": town.token("MILES"), "symbol": "MILES", "decimals": 0}
    assert injected.watched[-1] == {"type": "ERC20", "options": options}

    visitor.press("Buy")
    expect(visitor.page.get_by_text("50.00 tEUR available")).to_be_visible()
    visitor.fill("Amount", "51")
    expect(visitor.page.get_by_text("You have 50.00 tEUR.")).to_be_visible()
    visitor.fill("Amount", "15")
    expect(visitor.page.locator("[data-out]")).to_have_text("2,000 MILES")
    visitor.shoot(shots / "buy-phone.png")
    visitor.press("Continue")
    sheet = visitor.page.get_by_role("dialog")
    expect(sheet.locator("[data-line='field.youPay']")).to_contain_text("15.00 tEUR")
    expect(sheet.locator("[data-line='field.youGetAtLeast']")).to_contain_text("2,000 MILES")
    expect(sheet.locator("[data-line='field.recipient']")).to_contain_text(owner)
    expect(sheet.get_by_text("It pays the network's fee")).to_be_visible()
    visitor.shoot(shots / "buy-sheet-phone.png")
    visitor.check_accessible()
    injected.rejects = True
    visitor.press("Pay with Test Wallet")
    expect(sheet.get_by_text("You cancelled. Nothing was signed.")).to_be_visible()
    injected.rejects, injected.calls = False, []
    visitor.press("Pay with Test Wallet")
    expect(sheet.locator(".told.done")).to_be_visible()
    assert injected.calls.count("eth_sendTransaction") == 2
    assert (town.balance("MILES", owner), town.money(owner)) == (2_000, 35 * EURO)
    sheet.locator(".sheet-foot").get_by_role("button", name="Close").click()
    visitor.sees_balance("MILES", "2,000")

    visitor.page.locator("[data-program='MILES']").click()
    visitor.press("Sell")
    visitor.fill("Amount", "1000")
    expect(visitor.page.locator("[data-out]")).to_have_text("6.00 tEUR")
    visitor.press("Continue")
    injected.calls = []
    visitor.press("Confirm in Test Wallet")
    expect(visitor.page.locator(".told.done")).to_be_visible()
    assert "eth_sendTransaction" not in injected.calls
    assert (town.balance("MILES", owner), town.money(owner)) == (1_000, 41 * EURO)
    assert visitor.complaints == []


def test_without_a_relay_a_wallet_has_a_purse_back_itself(visitor, town, injected, doorway):
    member, token, desk = town.sender("member"), town.token("MILES"), town.suite.desk.functions
    town.award("MILES", member.address, 100)
    member.send(desk.hold(token, NOBODY, 60))
    member.send(desk.release(token, NOBODY))
    town.pass_time(4 * DAY)
    doorway.has_relay = False
    visitor.open()
    visitor.press("Connect Test Wallet")
    visitor.page.locator("[data-program='MILES']").click()
    visitor.press("Have them back")
    expect(visitor.page.locator(".balance-value")).to_contain_text("100 MILES")
    assert town.balance("MILES", member.address) == 100
    assert injected.calls.count("eth_sendTransaction") == 1


def test_a_passkey_leaves_money_to_whoever_can_spend_it(visitor, town, injected, shots):
    (owner,) = injected.accounts
    member = visitor.join()
    money, miles = town.suite.settlement_token.address, town.token("MILES")
    visitor.go(f"convert/{money}/{miles}")
    expect(visitor.page.get_by_text("A passkey holds no money. A wallet of yours")).to_be_visible()
    visitor.press("Connect Test Wallet")
    expect(visitor.page.locator("[data-payer]")).to_contain_text("Paid by Test Wallet")
    visitor.fill("Amount", "7.5")
    expect(visitor.page.locator("[data-out]")).to_have_text("1,000 MILES")
    visitor.press("Continue")
    sheet = visitor.page.get_by_role("dialog")
    expect(sheet.locator("[data-line='field.recipient']")).to_contain_text(member)
    expect(sheet.locator("[data-line='field.payer']")).to_contain_text(owner)
    injected.bundles = True
    visitor.press("Pay with Test Wallet")
    expect(sheet.locator(".told.done")).to_be_visible()
    assert injected.calls.count("wallet_sendCalls") == 1
    assert "eth_sendTransaction" not in injected.calls
    sheet.locator(".sheet-foot").get_by_role("button", name="Close").click()
    visitor.sees_balance("MILES", "1,000")

    visitor.go(f"convert/{miles}/{money}")
    visitor.fill("Amount", "500")
    expect(visitor.page.locator("[data-out]")).to_have_text("3.00 tEUR")
    onward = visitor.page.get_by_role("button", name="Continue")
    expect(onward).to_be_disabled()
    visitor.fill("Where the money goes", member)
    expect(visitor.page.get_by_text("it cannot spend money. Give another")).to_be_visible()
    expect(onward).to_be_disabled()
    visitor.press("To Test Wallet")
    visitor.shoot(shots / "sell-phone.png")
    visitor.check_accessible()
    visitor.press("Continue")
    expect(sheet.locator("[data-line='field.recipient']")).to_contain_text(owner)
    visitor.confirm()
    assert (town.balance("MILES", member), town.money(member)) == (500, 0)
    assert town.money(owner) == 50 * EURO - 7_500_000 + 3 * EURO
    assert visitor.complaints == []
