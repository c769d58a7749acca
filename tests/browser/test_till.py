"""The till page beside a member's wallet, with the till's real service and a chain.

a shop without a network
  it asks for points, the member scans, answers, the page takes the answer
  once the network is back it settles, and the member sees it
  a part is paid back, and never more than was paid; the day's report and the losses are files
  what is declined is told to the staff, with words for the customer
  without the link's token the page says how to open it
a service that ends and begins again
  the page says that it is away, then goes on, and listens to what happens, as before
"""

import re

import pytest
from browser.conftest import DESK, PHONE
from browser.counters import closed_shop, shop
from browser.test_wallet import pay, set_aside
from browser.visitors import visiting
from playwright.sync_api import expect


@pytest.fixture
def counter(town, tmp_path):
    with shop(town, tmp_path) as one:
        yield one


@pytest.fixture
def clerk(browser, doorway, counter):
    with visiting(browser, doorway, DESK) as visitor:
        visitor.page.goto(counter.page)
        expect(visitor.page.locator("[data-amount]")).to_be_visible()
        yield visitor


def type_amount(clerk, digits):
    for digit in digits:
        clerk.page.locator(".keypad").get_by_role("button", name=digit, exact=True).click()


def test_a_member_pays_at_a_till_without_a_network(clerk, counter, member, town, shots):
    token = town.token("VINYL")
    address = member.join()
    town.award("VINYL", address, 100_000)
    member.sees_balance("VINYL", "1,000.00")
    set_aside(member, token, "60", town.sender("merchant").address)
    counter.counter.sync([address])
    counter.network.is_cut = True

    clerk.page.get_by_text("VINYL", exact=True).first.click()
    type_amount(clerk, "1550")
    expect(clerk.page.locator("[data-amount]")).to_have_text("15.50 VINYL")
    clerk.shoot(shots / "till-keypad-desk.png")
    clerk.press("Ask for 15.50 VINYL")
    request = clerk.page.get_by_role("img", name="Let the customer scan this")
    expect(request).to_be_visible()
    clerk.shoot(shots / "till-request-desk.png")

    voucher = pay(member, request.get_attribute("data-code"))
    member.shoot(shots / "voucher-phone.png")
    clerk.fill("Or paste what the phone shows", voucher)
    clerk.press("Read it")
    expect(clerk.page.get_by_text("Accepted", exact=True)).to_be_visible()
    expect(clerk.page.locator(".slip")).to_contain_text("15.50 VINYL")
    clerk.shoot(shots / "till-accepted-desk.png")
    clerk.press("Settle now")
    expect(clerk.page.get_by_text("no node answers: try again later").first).to_be_visible()
    assert town.balance("VINYL", town.sender("merchant").address) == 0

    counter.network.is_cut = False
    clerk.press("Settle now")
    expect(clerk.page.get_by_text("All settled")).to_be_visible()
    expect(clerk.page.get_by_text("Paid and settled").first).to_be_visible()
    expect(member.page.get_by_text("Paid and settled")).to_be_visible()
    assert town.balance("VINYL", town.sender("merchant").address) == 1_550
    clerk.shoot(shots / "till-settled-desk.png")

    # The number is the one on the receipt, in the list as well.
    expect(clerk.page.get_by_role("heading", name="Serial 0")).to_be_visible()
    expect(clerk.page.locator(".slip")).to_contain_text(re.compile(r"serial +0\n"))
    expect(clerk.page.locator("[data-sale='paid']")).to_contain_text("Serial 0")
    clerk.fill("Amount to pay back", "20")
    clerk.press("Refund")
    words = "20.00 VINYL cannot be paid back for serial 0: 15.50 VINYL of it are left"
    expect(clerk.page.get_by_role("alert")).to_contain_text(words)
    clerk.fill("Amount to pay back", "5.50")
    clerk.press("Refund")
    # The till has no key of the merchant's, whose account sends it.
    expect(clerk.page.get_by_text("5.50 VINYL to be paid back")).to_be_visible()
    expect(clerk.page.get_by_text("10.00 VINYL available")).to_be_visible()
    expect(clerk.page.locator(".slip")).to_contain_text(re.compile(r"paid back +5.50 VINYL\n"))
    for name, path in (("End of day (PDF)", "day"), ("Losses (PDF)", "losses")):
        with clerk.page.expect_response(f"**/v1/reports/{path}?form=pdf") as told:
            clerk.press(name)
        assert (told.value.status, told.value.headers["content-type"]) == (200, "application/pdf")
    clerk.shoot(shots / "till-refunded-desk.png")
    clerk.check_accessible()
    clerk.page.set_viewport_size(PHONE)
    for box in ("document.documentElement", "document.querySelector('.slip')"):
        assert clerk.page.evaluate(f"{box}.scrollWidth <= {box}.clientWidth")
    clerk.shoot(shots / "till-refunded-phone.png")
    clerk.press("Next sale")
    expect(clerk.page.get_by_role("heading", name="New sale")).to_be_focused()
    assert clerk.page.evaluate("scrollY") == 0
    clerk.shoot(shots / "till-keypad-phone.png")
    assert member.complaints == []


def test_what_is_declined_is_told_to_the_staff_and_the_customer(clerk, member, town, counter):
    type_amount(clerk, "500")
    clerk.press("Ask for 5.00 VINYL")
    clerk.fill("Or paste what the phone shows", "ZEGELVOUCHER:AAAA")
    clerk.press("Read it")
    expect(clerk.page.get_by_role("alert")).to_contain_text("scan the member's phone again")
    clerk.press("Cancel the sale")
    expect(clerk.page.locator("main[data-state='cancelled']")).to_be_visible()


def test_without_its_token_the_page_says_how_to_open_it(browser, doorway, counter):
    with visiting(browser, doorway, DESK) as visitor:
        visitor.page.goto(f"{counter.url}/till")
        expect(visitor.page.get_by_text("This page drives a till")).to_be_visible()
        visitor.page.goto(f"{counter.url}/till#token=wrong")
        visitor.page.reload()
        expect(visitor.page.get_by_text("This page drives a till")).to_be_visible()


def test_the_page_goes_on_when_the_service_is_back(browser, doorway, town, tmp_path):
    with closed_shop(town, tmp_path) as counter, visiting(browser, doorway, DESK) as clerk:
        away = clerk.page.get_by_text("The till's program does not answer")
        with counter.open():
            with clerk.page.expect_response("**/v1/events") as told:
                clerk.page.goto(counter.page)
            assert told.value.status == 200
            expect(clerk.page.locator("[data-amount]")).to_be_visible()
        expect(away).to_be_visible()
        with counter.open():
            with clerk.page.expect_response("**/v1/events") as told:
                expect(away).to_be_hidden()
            assert told.value.status == 200
