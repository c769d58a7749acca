"""The wallet in a browser, against a chain.

a new member with a passkey and nothing else
  sees points within two seconds of the block in which they were awarded
  converts: rate, versions and least received are shown, and the reason of a refusal before signing
  is told where no points are sold or bought back for money, and what buying would take
  sends, redeems, sets aside; has points back from the desk when its wait is over
  pays a till by its code, and sees the payment settle
  finds the account again on a device that has forgotten it
  moves everything to a new passkey, generations included, all of it or nothing
  sees all of it in the history
"""

import re
import time

import pytest
from browser.doorway import ROOT
from browser.town import DAY, till_of
from playwright.sync_api import expect

from zegel.till.accepting import accept
from zegel.till.asking import ask
from zegel.till.carrying import Own
from zegel.till.settling import settle
from zegel.till.syncing import sync
from zegel.till.vouchers import answer_of

# A device whose owner says no when it asks for the second time.
REFUSE_THE_SECOND = """() => {
    const get = navigator.credentials.get.bind(navigator.credentials);
    window.__asked = 0;
    navigator.credentials.get = (wish) => {
        window.__asked += 1;
        if (window.__asked !== 2) return get(wish);
        return Promise.reject(new DOMException("no", "NotAllowedError"));
    };
}"""

FRIEND = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


@pytest.fixture
def rich(member, town):
    """A member with 1,250.50 VINYL and 4,200 MILES."""
    address = member.join()
    town.award("VINYL", address, 125_050)
    town.award("MILES", address, 4_200)
    member.sees_balance("VINYL", "1,250.50")
    member.sees_balance("MILES", "4,200")
    return member


def test_a_new_member_sees_points_two_seconds_after_the_block(member, town):
    address = member.join()
    expect(member.page.get_by_text("No points yet")).to_be_visible()
    town.award("VINYL", address, 125_050)
    mined = time.monotonic()
    member.sees_balance("VINYL", "1,250.50")
    assert time.monotonic() - mined < 2
    expect(member.page.locator("[data-total]")).to_have_text("€ 10.00")
    assert member.complaints == []


def test_a_member_converts_what_was_quoted_and_not_less(rich, town):
    rich.go("convert")
    rich.page.get_by_label("You give").select_option(label="Vinyl Corner · VINYL")
    rich.page.get_by_label("You get").select_option(label="Northwind Miles · MILES")
    rich.fill("Amount", "250")
    expect(rich.page.locator("[data-out]")).to_have_text("266 MILES")
    expect(rich.page.get_by_text("1 VINYL = 1.064 MILES")).to_be_visible()
    expect(rich.page.get_by_text("VINYL: 1 · MILES: 1")).to_be_visible()
    rich.press("Continue")
    sheet = rich.page.get_by_role("dialog")
    expect(sheet.locator("[data-line='field.youGive']")).to_contain_text("250.00 VINYL")
    expect(sheet.locator("[data-line='field.youGetAtLeast']")).to_contain_text("266 MILES")
    rich.confirm()
    rich.sees_balance("VINYL", "1,000.50")
    rich.sees_balance("MILES", "4,466")
    assert town.balance("MILES", rich.address) == 4_466
    assert rich.complaints == []


def test_a_conversion_that_would_be_refused_says_why_before_anyone_signs(rich):
    rich.go("convert")
    rich.page.get_by_label("You get").select_option(label="Northwind Miles · MILES")
    for amount, words in (
        ("0.01", "This is worth less than the smallest amount: convert more."),
        ("9999", "You have 1,250.50 VINYL."),
        ("1.234", "VINYL has at most 2 decimals."),
        ("ten", "This is no amount: type digits, such as 12.5."),
        ("0", None),
    ):
        rich.fill("Amount", amount)
        if words:
            expect(rich.page.get_by_text(words)).to_be_visible()
        expect(rich.page.get_by_role("button", name="Continue")).to_be_disabled()


def test_where_there_is_no_way_to_money_the_page_says_so(rich, town):
    rich.go("convert")
    rich.page.get_by_label("You get").select_option(label="tEUR")
    rich.fill("Amount", "100")
    words = "This issuer pays no money for points: choose another program."
    expect(rich.page.get_by_text(words)).to_be_visible()
    rich.go(f"program/{town.token('VINYL')}")
    words = "The issuer sells no points for money, and buys none back."
    expect(rich.page.get_by_text(words)).to_be_visible()
    rich.go(f"program/{town.token('MILES')}")
    rich.press("Buy")
    words = "A passkey holds no money, and nobody can pay for it here"
    expect(rich.page.get_by_text(words)).to_be_visible()
    expect(rich.page.get_by_role("button", name="Continue")).to_have_count(0)


def test_a_member_sends_points_to_a_friend(rich, town):
    before = town.balance("VINYL", FRIEND)
    rich.go("send")
    rich.fill("Amount", "12,5")
    rich.fill("To", "0x1234")
    expect(rich.page.get_by_text("This is no address")).to_be_visible()
    rich.fill("To", rich.address)
    expect(rich.page.get_by_text("This is your own address.")).to_be_visible()
    rich.fill("To", f"ethereum:{FRIEND.lower()}@31337")
    rich.press("Continue")
    sheet = rich.page.get_by_role("dialog")
    expect(sheet.locator("[data-line='field.youSend']")).to_contain_text("12.50 VINYL")
    expect(sheet.locator("[data-line='field.to']")).to_contain_text(FRIEND)
    rich.confirm()
    rich.sees_balance("VINYL", "1,238.00")
    assert town.balance("VINYL", FRIEND) == before + 1_250


def test_a_member_redeems_with_the_shops_reference(rich, town):
    rich.go("redeem")
    rich.page.get_by_label("Points").select_option(label="Northwind Miles · MILES")
    rich.fill("Amount", "200")
    rich.fill("Reference", "order 4711")
    rich.press("Continue")
    expect(rich.page.locator("[data-line='field.reference']")).to_contain_text("order 4711")
    rich.confirm()
    rich.sees_balance("MILES", "4,000")
    token = town.suite.connection.contract("PointToken", town.token("MILES"))
    (event,) = token.events.Redeemed().get_logs(
        from_block=0, argument_filters={"member": rich.address}
    )
    assert event["args"]["ref"] == b"order 4711".ljust(32, b"\0")


def test_a_member_pays_a_till_that_has_no_network_and_sees_it_settle(rich, town, tmp_path):
    merchant, token = town.sender("merchant").address, town.token("VINYL")
    set_aside(rich, token, "60", merchant)
    with till_of(town, tmp_path) as till:
        sync(till, town.suite, [rich.address])
        request = ask(till, token, 1_550, shared=False)
        voucher = pay(rich, request.text())
        expect(rich.page.get_by_text("Waiting for the till to settle")).to_be_visible()
        sale = accept(till, answer_of(voucher))
        assert (sale.member, sale.amount) == (rich.address, 1_550)
        outcome = settle(till, town.suite, Own(town.sender("till")))
        assert [one.paid for one in outcome.done] == [1_550]
    expect(rich.page.get_by_text("Paid and settled")).to_be_visible()


def test_a_payment_that_the_purse_does_not_cover_is_not_signed(rich, town, tmp_path):
    merchant, token = town.sender("merchant").address, town.token("VINYL")
    set_aside(rich, token, "20", merchant)
    with till_of(town, tmp_path) as till:
        sync(till, town.suite, [rich.address])
        first, second = (ask(till, token, 1_500, shared=False).text() for _ in range(2))
    pay(rich, first)
    rich.press("Done")
    rich.go("pay")
    rich.fill("Or paste what the till shows", second)
    rich.press("Read it")
    expect(rich.page.get_by_text("You have 5.00 VINYL set aside")).to_be_visible()
    expect(rich.page.get_by_role("dialog")).to_have_count(0)


def test_a_code_that_is_none_is_refused(rich):
    rich.go("pay")
    for code, words in (
        ("https://evil.example", "This is no request of a till. Scan the code again."),
        ("ZEGELPAY:AAAA", "The code was cut or mistyped. Scan it again."),
    ):
        rich.fill("Or paste what the till shows", code)
        rich.press("Read it")
        expect(rich.page.get_by_text(words)).to_be_visible()


def test_points_set_aside_come_back_when_the_desk_lets_them(rich, town, shots):
    token = town.token("VINYL")
    set_aside(rich, token, "30", None)
    rich.go(f"program/{token}")
    expect(rich.page.get_by_text("30.00 VINYL available")).to_be_visible()
    rich.press("Take back")
    note = rich.page.get_by_role("dialog").locator(".notice")
    expect(note).to_contain_text("30.00 VINYL come back on 5 Mar 2026.")
    rich.shoot(shots / "release-phone.png")
    rich.confirm()
    expect(rich.page.get_by_text("30.00 VINYL, back on 5 Mar 2026")).to_be_visible()
    assert town.balance("VINYL", rich.address) == 122_050

    town.pass_time(4 * DAY)
    for page in ("", f"program/{token}"):
        rich.go(page)
        expect(rich.page.get_by_text("30.00 VINYL, ready to come back")).to_be_visible()
    rich.shoot(shots / "return-phone.png")
    rich.press("Have them back")
    expect(rich.page.locator(".balance-value")).to_contain_text("1,250.50")
    expect(rich.page.locator(".purse")).to_have_count(0)
    assert rich.complaints == []


def test_the_account_is_found_again_on_a_device_that_forgot_it(rich):
    address = rich.address
    rich.go("more")
    rich.press("Sign out on this device")
    rich.press("I have a passkey already")
    rich.go("")
    rich.sees_balance("VINYL", "1,250.50")
    assert rich.address == address


def test_everything_moves_at_once_to_a_new_passkey_with_its_generations(rich, town, shots):
    old = rich.address
    before = {symbol: expiries(town, symbol, old) for symbol in ("VINYL", "MILES")}
    rich.go("move")
    rich.press("Make a new passkey here")
    new = rich.page.locator(".notice.good .address").inner_text()
    rich.press("Continue")
    for words in ("1,250.50 VINYL", "4,200 MILES", "you are asked 2 times"):
        expect(rich.page.get_by_text(words)).to_be_visible()
    rich.shoot(shots / "moving-phone.png")
    # Whoever stops half-way has sent nothing, and is not asked again for what is signed.
    rich.page.evaluate(REFUSE_THE_SECOND)
    rich.press("Confirm with passkey")
    expect(rich.page.get_by_text("1 of 2 are signed, and nothing was sent yet.")).to_be_visible()
    expect(rich.page.get_by_role("alert")).to_have_count(0)
    assert [town.balance(symbol, old) for symbol in ("VINYL", "MILES")] == [125_050, 4_200]
    rich.shoot(shots / "moving-stopped-phone.png")
    rich.press("Confirm with passkey")
    expect(rich.page.get_by_text("Everything has moved")).to_be_visible()
    assert rich.page.evaluate("window.__asked") == 3
    rich.shoot(shots / "moved-phone.png")
    assert {symbol: expiries(town, symbol, new) for symbol in ("VINYL", "MILES")} == before
    assert [town.balance(symbol, old) for symbol in ("VINYL", "MILES")] == [0, 0]
    rich.press("Use the new account on this device")
    rich.sees_balance("VINYL", "1,250.50")
    assert rich.address == new
    assert rich.complaints == []


def test_the_history_tells_what_came_and_went(rich, doorway, town):
    def bend(path, answer):
        """The newest was bought for money."""
        if path.endswith("/history"):
            money = {"token": town.suite.settlement_token.address, "amount": "31500000"}
            answer["entries"][0] |= {"kind": "converted in", "conversion": money}
        return answer

    doorway.bend = bend
    rich.go("history")
    expect(rich.page.locator("[data-kind='received']")).to_have_count(1)
    expect(rich.page.locator("[data-kind='converted in']")).to_contain_text("Bought€ 31.50")
    expect(rich.page.get_by_text("+1,250.50")).to_be_visible()
    expect(rich.page.get_by_text("0xd797…f61c")).to_have_count(2)
    expect(rich.page.get_by_text(ROOT)).to_have_count(0)


def test_nobody_else_is_asked_for_anything(rich, doorway):
    for page in ("convert", "send", "pay", "receive", "history", "more", "charters"):
        rich.go(page)
        expect(rich.page.locator("#content h1")).to_be_visible()
    foreign = [url for url in rich.requests if not re.match(r"data:|blob:", url)]
    assert {url.split("/", 3)[2] for url in foreign} == {doorway.url.split("/")[2]}


def expiries(town, symbol, member):
    token = town.suite.connection.contract("PointToken", town.token(symbol))
    return token.functions.expiries(member).call()


def set_aside(member, token, amount, merchant):
    """For a merchant, or for any."""
    member.go(f"hold/{token}" + (f"/{merchant}" if merchant else ""))
    member.fill("Amount", amount)
    member.press("Continue")
    member.confirm()
    expect(member.page.locator(".purse").first).to_be_visible()


def pay(member, request):
    """Answers a till's request; returns what the phone shows."""
    member.go("pay")
    member.fill("Or paste what the till shows", request)
    member.press("Read it")
    member.press("Confirm with passkey")
    code = member.page.get_by_role("img", name="Show this to the till")
    expect(code).to_be_visible()
    return code.get_attribute("data-code")
