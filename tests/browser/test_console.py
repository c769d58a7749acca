"""The console, on the real index and API, with wallets in the browser.

somebody new sets a program up
  whom no verifier vouches for, or who has but a passkey, is told so with the remedy
  hands a credential in
  what cannot be is said at its field; all that will be sent is shown before it is sent
  a picture from the phone is made so small that it stands in the contract
  a wallet that says no, and a page that is closed, leave what is done; the rest goes on from there
  a server that awards nothing for the program leaves that to the issuer's own wallet
an issuer whose wallet sends many calls as one confirms once, and can give duties to others
an issuer runs a program
  prices with what they would have done, a step too far refused in words; announced and withdrawn
  limits, money in and out; files of awards, a bad one refused with its line
  freezes a member and recovers the points
  charts and the partners' statement say what has happened
an account without a role is told which one is missing; a demo lends the issuers' accounts
every page is accessible and fits, on a phone and at a desk, light and dark, in each language
"""

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from browser.conftest import DESK, PHONE
from browser.network import Network, running
from browser.town import DAY, EURO, Town
from browser.visitors import Visitor, visiting
from browser.wallets import Wallet, at_console
from eth_typing import ChecksumAddress
from PIL import Image
from playwright.sync_api import Browser, expect

from zegel.admin.credentials import Identity, sign
from zegel.api.pictures import about
from zegel.chain import roles
from zegel.chain.sending import UnlockedSender

PAGES = ("overview", "award", "prices", "account", "members", "partners")
BID, ASK = 8 * 10**9, 10**10
EVER = 2**256 - 1
MINUS = "\N{MINUS SIGN}"
LOST, FOUND = (f"0x{digit * 40}" for digit in "56")


@dataclass(frozen=True)
class Scene:
    """The network, and accounts of the chain that have no part in it yet."""

    town: Town
    network: Network
    browser: Browser
    newcomer: ChecksumAddress
    colleague: ChecksumAddress

    def wallet(self, account: ChecksumAddress, **how) -> Wallet:
        return Wallet(self.town.suite.connection, account, **how)

    def issuer(self, **how) -> Wallet:
        return self.wallet(self.town.sender("issuer").address, **how)

    def at_desk(self, wallet: Wallet):
        return at_console(self.browser, self.network, wallet, DESK)

    def token(self, symbol: str):
        return self.town.suite.token(symbol).functions

    @property
    def exchange(self):
        return self.town.suite.exchange.functions


@pytest.fixture(scope="module")
def scene(built: Town, browser: Browser, tmp_path_factory) -> Iterator[Scene]:
    """A month in which members were awarded and converted, on a chain that this module shares."""
    snapshot = built.anvil.snapshot()
    friend, exchange = built.sender("friend"), built.suite.exchange.functions
    vinyl, miles = built.token("VINYL"), built.token("MILES")
    money = built.suite.settlement_token.functions
    friend.send(money.mint(built.sender("issuer").address, 200 * EURO))
    built.award("VINYL", friend.address, 100_000)
    built.award("MILES", friend.address, 2_000)
    friend.send(exchange.convert(vinyl, miles, 25_000, 1, friend.address, EVER))
    built.anvil.move_to(built.now + 32 * DAY)
    built.award("VINYL", friend.address, 30_000)
    built.award("VINYL", LOST, 5_000)
    friend.send(exchange.convert(miles, vinyl, 100, 1, friend.address, EVER))
    accounts = built.suite.connection.web3.eth.accounts
    with running(built, tmp_path_factory.mktemp("console"), demo=True) as network:
        yield Scene(built, network, browser, accounts[7], accounts[8])
    built.anvil.revert(snapshot)


def go(visitor: Visitor, page: str) -> None:
    door = visitor.page.get_by_role("navigation").get_by_role("link", name=page, exact=True)
    door.click()
    # Fields of the page before may have the same names.
    expect(door).to_have_attribute("aria-current", "page")


def says(visitor: Visitor, words: str) -> None:
    expect(visitor.page.get_by_text(words).first).to_be_visible()


def credential(scene: Scene, issuer: ChecksumAddress, folder: Path) -> Path:
    """What a verifier sends somebody whom it vouches for."""
    who = Identity("Corner Bakery B.V.", "9999ZEGELSHOP0000131", "bakery.example")
    path = folder / f"{issuer}.json"
    sign(scene.town.sender("deployer"), scene.town.suite.registry, issuer, who).save(path)
    return path


def hand_in(visitor: Visitor, path: Path) -> None:
    visitor.page.get_by_label("Choose the credential's file").set_input_files(path)


def test_somebody_new_sets_a_program_up_in_two_goes(scene, tmp_path, shots):
    wallet = scene.wallet(scene.newcomer)
    with scene.at_desk(wallet) as new:
        says(new, "No program yet")
        new.press("Set up a program")
        be_vouched_for(scene, new, tmp_path, shots)
        fill_the_form(new, tmp_path, shots)
        new.press("Continue")
        says(new, "10 transactions")
        says(new, "Points live 12 to 24 months.")
        says(new, "Awarder: you, at most 10,000 BAKE in 1 day")
        new.shoot(shots / "console-setup-review-desk.png")
        assert scene.town.suite.registry.functions.tokenOf("BAKE").call() == f"0x{'0' * 40}"

        sent = len(wallet.sent)
        wallet.patience = 3
        new.press("Create BAKE")
        says(new, "You cancelled. Nothing was signed.")
        expect(new.page.locator("[data-progress]")).to_have_text("3 of 10 done")
        new.shoot(shots / "console-setup-stopped-desk.png")
        wallet.patience = 100
        close_while_it_waits_for_a_block(scene, new, wallet)
        says(new, "Corner Bakery is on the network")
        assert len(wallet.sent) == sent + 10
        new.shoot(shots / "console-setup-done-desk.png")
        stands_as_wished(scene)

        new.press("Open BAKE")
        expect(new.page.get_by_role("heading", level=1)).to_have_text("Corner Bakery · Overview")
        award_by_own_wallet(scene, new)
        # What the server refuses, the browser writes down: it awards nothing for this program.
        assert [one.split("status of ")[-1] for one in new.complaints] == ["409 (Conflict)"]


def close_while_it_waits_for_a_block(scene: Scene, new: Visitor, wallet: Wallet) -> None:
    """The page that comes back waits for what was sent, and sends it no second time."""
    anvil, sent = scene.town.anvil, len(wallet.sent)
    new.page.reload()
    expect(new.page.locator("[data-step='done']")).to_have_count(3)
    anvil.rpc("evm_setAutomine", False)
    new.press("Go on")
    says(new, "In the next block")
    assert len(wallet.sent) == sent + 1
    new.page.reload()
    new.press("Go on")
    says(new, "In the next block")
    anvil.rpc("evm_setAutomine", True)
    anvil.mine()
    expect(new.page.locator("[data-step='done']").nth(3)).to_be_visible()


def be_vouched_for(scene: Scene, new: Visitor, folder: Path, shots: Path) -> None:
    says(new, "No verifier of this network vouches for this account.")
    expect(new.page.get_by_text(scene.newcomer)).to_be_visible()
    new.shoot(shots / "console-setup-missing-desk.png")
    (folder / "other.json").write_text(json.dumps({"verifier": "nobody"}))
    hand_in(new, folder / "other.json")
    says(new, "This is no signed credential")
    hand_in(new, credential(scene, scene.colleague, folder))
    says(new, f"This credential is for {scene.colleague}")
    hand_in(new, credential(scene, scene.newcomer, folder))
    says(new, "Corner Bakery B.V.")
    new.press("Hand it in")
    says(new, "You issue as Corner Bakery B.V.")
    assert scene.town.suite.registry.functions.isAccredited(scene.newcomer).call()


def choose_a_picture(new: Visitor, folder: Path) -> None:
    """One as phones take it is made small; what is none is refused."""
    field = new.page.get_by_label("Choose a picture")
    (folder / "notes.png").write_text("no picture")
    field.set_input_files(folder / "notes.png")
    says(new, "This cannot be read as a picture")
    picture = Image.effect_mandelbrot((1600, 1200), (-2, -1.2, 1, 1.2), 60).convert("RGB")
    picture.save(folder / "loaf.jpg")
    field.set_input_files(folder / "loaf.jpg")
    preview = new.page.locator(".setup-preview img")
    expect(preview).to_be_visible()
    new.press("Without a picture")
    expect(preview).to_have_count(0)
    expect(new.page.get_by_text("loaf.jpg")).to_have_count(0)
    field.set_input_files(folder / "loaf.jpg")
    expect(preview).to_be_visible()
    expect(new.page.get_by_text("This cannot be read as a picture")).to_have_count(0)


def fill_the_form(new: Visitor, folder: Path, shots: Path) -> None:
    new.fill("Symbol", "vinyl")
    says(new, "VINYL is another program's symbol")
    new.fill("Bid: paid for a point", "0.02")
    says(new, "The bid is more than the ask")
    new.press("Continue")
    says(new, "Some fields need another look.")
    expect(new.page.get_by_label("Name", exact=True)).to_be_focused()
    new.fill("Name", "Corner Bakery")
    new.fill("Symbol", "bake")
    new.fill("Description", "Bread for those who come back.")
    choose_a_picture(new, folder)
    new.fill("Bid: paid for a point", "0.008")
    new.page.get_by_label("Smallest amount").select_option("2")
    new.page.get_by_label("Points are counted by").select_option("3")
    new.page.get_by_label("They live for").select_option("4")
    life = new.page.locator("[data-life]")
    expect(life).to_contain_text("spent until 31 Mar 2027. Points live 9 to 12 months.")
    new.page.get_by_label("Points are counted by").select_option("0")
    expect(life).to_have_text("They never expire.")
    new.page.get_by_label("Points are counted by").select_option("12")
    new.page.get_by_label("They live for").select_option("2")
    expect(life).to_contain_text("spent until 31 Dec 2027.")
    new.shoot(shots / "console-setup-form-desk.png")


def stands_as_wished(scene: Scene) -> None:
    token, suite = scene.token("BAKE"), scene.town.suite
    address, me = suite.token("BAKE").address, scene.newcomer
    assert (token.name().call(), token.decimals().call()) == ("Corner Bakery", 2)
    assert (token.monthsPerEpoch().call(), token.lifetime().call()) == (12, 2)
    told = about(token.contractURI().call())
    assert told.description == "Bread for those who come back."
    picture = Image.open(BytesIO(b64decode(told.image.partition(",")[2])))
    assert (picture.format, picture.width) == ("WEBP", picture.height)
    assert len(told.image) < 3_000
    assert tuple(token.budgetOf(me).call())[:3] == (1_000_000, 0, DAY)
    for role in (roles.GUARDIAN, roles.PRICER, roles.TREASURER, roles.FREEZER, roles.RECOVERER):
        assert token.hasRole(role, me).call()
    assert not token.hasRole(roles.CORRECTOR, me).call()
    assert tuple(scene.exchange.programOf(address).call())[:2] == (BID, ASK)
    assert tuple(scene.exchange.priceGuardsOf(address).call()) == (200_000, 0, 0)
    assert tuple(scene.exchange.dailyLimitsOf(address).call()) == (500 * EURO, 500 * EURO, 0)


def award_by_own_wallet(scene: Scene, new: Visitor) -> None:
    """A batch of one: the chain awards it once, whoever presses how often."""
    new.press("Award the first")
    fill_an_award(new, LOST, "12.50", "loaf 1")
    new.press("See what it would do")
    says(new, "12.50 BAKE by your own wallet")
    new.press("Award now")
    expect(new.page.get_by_text("Awarded", exact=True)).to_be_visible()
    assert scene.token("BAKE").balanceOf(LOST).call() == 1_250
    new.press("Award now")
    says(new, "This was awarded before. Nothing was awarded twice.")


def fill_an_award(visitor: Visitor, member: str, amount: str, reference: str) -> None:
    visitor.fill("Member (0x…)", member)
    visitor.fill("Amount", amount)
    visitor.fill("Reference", reference)
    visitor.fill("Reason", "welcome")


def test_a_wallet_that_bundles_is_asked_once_and_others_get_duties(scene):
    """What one wallet began, one that learnt to bundle ends."""
    wallet = scene.issuer(patience=1)
    with scene.at_desk(wallet) as issuer:
        go(issuer, "New program")
        issuer.fill("Name", "Corner Kiosk")
        issuer.fill("Symbol", "KIOSK")
        issuer.page.get_by_text("Give them to others").click()
        issuer.fill("Pricer", scene.colleague)
        issuer.fill("Recoverer", "0x12")
        issuer.press("Continue")
        says(issuer, "This is no address")
        issuer.fill("Recoverer", "")
        issuer.fill("First money in the account", "201")
        says(issuer, "Your wallet holds € 200.00")
        issuer.fill("First money in the account", "25")
        issuer.page.get_by_label("Members may sell points for money, at the bid").check()
        issuer.page.get_by_label("Notice of new prices").select_option(str(3 * DAY))
        issuer.press("Continue")
        issuer.press("Create KIOSK")
        says(issuer, "You cancelled. Nothing was signed.")
        expect(issuer.page.locator("[data-progress]")).to_have_text("1 of 14 done")
        wallet.bundles, wallet.patience = True, 1
        issuer.press("Go on")
        says(issuer, "Corner Kiosk is on the network")
        assert [len(calls) for calls in wallet.bundled.values()] == [13]
        assert issuer.complaints == []
    me, token = wallet.account, scene.token("KIOSK")
    address = scene.town.token("KIOSK")
    # The issuer set the first prices, and cannot set others.
    assert tuple(scene.exchange.programOf(address).call())[:3] == (BID, ASK, 25 * EURO)
    assert token.hasRole(roles.PRICER, scene.colleague).call()
    assert not token.hasRole(roles.PRICER, me).call()
    assert not token.hasRole(roles.RECOVERER, me).call()
    assert tuple(scene.exchange.cashSwitchesOf(address).call()) == (False, True)
    assert scene.exchange.priceGuardsOf(address).call()[2] == 3 * DAY


def test_an_issuer_runs_a_program(scene, tmp_path, shots):
    with scene.at_desk(scene.issuer()) as issuer:
        issuer.page.get_by_label("Program").select_option(label="Vinyl Corner")
        sees_what_has_happened(issuer)
        sets_prices(scene, issuer)
        sets_limits(scene, issuer)
        moves_money(scene, issuer)
        awards_files(scene, issuer, tmp_path, shots)
        freezes_and_recovers(scene, issuer, shots)
        # What the server refuses, the browser writes down: the bad file.
        assert [one.split("status of ")[-1] for one in issuer.complaints] == ["400 (Bad Request)"]


def sees_what_has_happened(issuer: Visitor) -> None:
    page = issuer.page
    says(issuer, "1,160.00 VINYL")
    expect(page.locator(".chart rect")).to_have_count(3)
    rows = page.locator(".chart tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("750.00")
    expect(rows.last).to_contain_text("410.00")
    says(issuer, "+1,350.00 VINYL")
    expect(page.locator(".generations li")).to_have_count(2)
    says(issuer, "to MILES")
    go(issuer, "Partners")
    row = page.locator(".table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("MILES")
    expect(row).to_contain_text("250.00 VINYL")
    expect(row.locator("strong")).to_have_text(f"{MINUS}€ 1.40")


def sets_prices(scene: Scene, issuer: Visitor) -> None:
    token = scene.town.token("VINYL")
    guards = scene.exchange.setPriceGuards(token, (100_000, 0, 0))
    scene.town.sender("issuer").send(guards)
    go(issuer, "Prices")
    expect(issuer.page.get_by_role("button", name="Set prices")).to_be_disabled()
    issuer.fill("Bid: paid for a point", "0.012")
    says(issuer, "The bid is at most the ask")
    issuer.fill("Bid: paid for a point", "0.0099")
    cells = issuer.page.locator(".table tbody td")
    expect(cells).to_have_text(["€ 0.00", "€ 0.00", "60.00 VINYL", "60.00 VINYL"])
    issuer.press("Set prices")
    says(issuer, "A price may move 10 % at once, from 0.008: move it less far.")
    issuer.fill("Bid: paid for a point", "0.0075")
    issuer.fill("Ask: charged for a point", "0.011")
    expect(cells).to_have_text(["€ 0.00", "€ 0.00", "60.00 VINYL", "54.54 VINYL"])
    issuer.press("Set prices")
    says(issuer, "Done: it is on the chain.")
    assert tuple(scene.exchange.programOf(token).call())[:2] == (75 * 10**8, 11 * 10**9)

    scene.town.sender("issuer").send(scene.exchange.setPriceGuards(token, (0, 0, DAY)))
    issuer.fill("Ask: charged for a point", "0.02")
    issuer.press("Set prices")
    says(issuer, "Bid 0.0075 and ask 0.02 hold from")
    issuer.press("Withdraw these prices")
    expect(issuer.page.get_by_text("Bid 0.0075 and ask 0.02 hold from")).to_have_count(0)
    assert scene.exchange.scheduledPricesOf(token).call()[2] == 0


def sets_limits(scene: Scene, issuer: Visitor) -> None:
    issuer.fill("Most money out", "250")
    issuer.fill("Most points of one member", "1000")
    issuer.press("Set limits")
    card = issuer.page.get_by_role("region", name="Limits in a day")
    expect(card.get_by_text("Done: it is on the chain.")).to_be_visible()
    limits = scene.exchange.dailyLimitsOf(scene.town.token("VINYL")).call()
    assert tuple(limits) == (250 * EURO, 0, 100_000)


def moves_money(scene: Scene, issuer: Visitor) -> None:
    go(issuer, "Account")
    held = issuer.page.locator("[data-account]")
    expect(held).to_have_text("€ 998.60")
    issuer.fill("Amount", "100,50")
    issuer.press("Top up")
    expect(held).to_have_text("€ 1,099.10")
    expect(issuer.page.locator(".entry").first).to_contain_text("Topped up")
    issuer.fill("Amount", "2000")
    expect(issuer.page.get_by_role("button", name="Withdraw")).to_be_disabled()
    issuer.fill("Amount", "99.10")
    issuer.press("Withdraw")
    expect(held).to_have_text("€ 1,000.00")
    expect(issuer.page.locator(".entry").first).to_contain_text(f"{MINUS}€ 99.10")
    assert scene.exchange.programOf(scene.town.token("VINYL")).call()[2] == 1_000 * EURO


def awards_files(scene: Scene, issuer: Visitor, folder: Path, shots: Path) -> None:
    go(issuer, "Award")
    chooser = issuer.page.get_by_label("Choose a file of awards")
    bad, good = folder / "bad.csv", folder / "may.csv"
    rows = f"member,amount,ref,reason\n{FOUND},12.50,receipt-1,purchase\n"
    bad.write_text(f"{rows}{FOUND},1.234,receipt-2,purchase\n0x12,1,receipt-3,purchase\n")
    good.write_text(rows)
    chooser.set_input_files(bad)
    fault = issuer.page.get_by_role("alert").locator("p")
    expect(fault).to_have_count(2)
    expect(fault.first).to_contain_text("bad.csv, line 3, column amount: '1.234'")
    expect(fault.last).to_contain_text("bad.csv, line 4, column member: '0x12'")
    issuer.shoot(shots / "console-award-refused-desk.png")
    chooser.set_input_files(good)
    says(issuer, "12.50 VINYL")
    issuer.press("Award now")
    says(issuer, "1 of 1 rows done")
    expect(issuer.page.get_by_text("Awarded", exact=True)).to_be_visible()
    assert scene.town.balance("VINYL", FOUND) == 1_250
    again = folder / "again.csv"
    again.write_text(rows)
    chooser.set_input_files(again)
    expect(issuer.page.get_by_role("button", name="Award now")).to_be_disabled()
    expect(issuer.page.get_by_text("Awarded before").locator("xpath=..")).to_contain_text("1")


def freezes_and_recovers(scene: Scene, issuer: Visitor, shots: Path) -> None:
    go(issuer, "Members")
    issuer.fill("Member (0x…)", LOST)
    issuer.fill("New account (0x…)", FOUND)
    issuer.fill("Reason", "a reason that is far too long to stand")
    says(issuer, "1 to 31 plain letters")
    issuer.fill("Reason", "stolen phone")
    member = issuer.page.locator("[data-member]")
    expect(member).to_have_text("Has 50.00 VINYL.")
    recover = issuer.page.get_by_role("button", name="Recover to a new account")
    expect(recover).to_be_disabled()
    issuer.press("Freeze")
    expect(member).to_have_text("Frozen, with 50.00 VINYL.")
    issuer.shoot(shots / "console-members-desk.png")
    recover.click()
    expect(member).to_have_text("Frozen, with 0.00 VINYL.")
    assert scene.town.balance("VINYL", FOUND) == 1_250 + 5_000
    issuer.press("Unfreeze")
    expect(member).to_have_text("Has 0.00 VINYL.")
    assert not scene.token("VINYL").isFrozen(LOST).call()


def test_an_account_without_the_role_is_told_which_one_is_missing(scene):
    colleague = UnlockedSender(scene.town.suite.connection, scene.colleague)
    token = scene.token("MILES")
    scene.town.sender("issuer").send(token.grantRole(roles.GUARDIAN, colleague.address))
    with scene.at_desk(scene.wallet(colleague.address)) as guardian:
        # Limits that could not be read are not overwritten.
        guardian.page.route("**/rpc", lambda route: route.abort())
        guardian.go(f"prices/{scene.town.token('MILES')}")
        says(guardian, "The network cannot be reached.")
        expect(guardian.page.get_by_role("button", name="Set limits")).to_be_disabled()
        guardian.page.unroute("**/rpc")
        go(guardian, "Overview")
        go(guardian, "Prices")
        expect(guardian.page.get_by_role("button", name="Set limits")).to_be_enabled()
        says(guardian, "Set prices: only for accounts with the role Pricer.")
        says(guardian, "Set limits: only for accounts with the role Admin.")
        guardian.fill("Ask: charged for a point", "0.008")
        guardian.press("Set prices")
        says(guardian, "This account may not do that: it needs the role Pricer.")
        go(guardian, "New program")
        says(guardian, "No verifier of this network vouches for this account.")


def test_a_demo_lends_its_issuers_account_to_whoever_has_no_wallet(scene):
    with visiting(scene.browser, scene.network, DESK) as curious:
        curious.open("/console")
        curious.press("Connect Fuel Card (trial)")
        expect(curious.page.get_by_role("heading", level=1)).to_have_text("Fuel Card · Overview")
        go(curious, "Account")
        curious.fill("Amount", "1")
        curious.press("Withdraw")
        expect(curious.page.locator("[data-account]")).to_have_text("€ 999.00")
        assert curious.complaints == []


def test_a_passkey_is_told_that_programs_take_a_wallet(scene):
    with visiting(scene.browser, scene.network, PHONE) as member:
        member.join()
        member.open("/console")
        member.press("Sign in with the passkey of this device")
        member.press("Set up a program")
        says(member, "You signed in without a wallet that pays fees.")
        assert member.complaints == []


LOOKS = [("fr-FR", PHONE, "dark"), ("nl-NL", DESK, "light")]


@pytest.mark.parametrize(("locale", "size", "theme"), LOOKS)
def test_every_page_is_accessible_and_fits(scene, browser, shots, locale, size, theme):
    place, token = "phone" if size is PHONE else "desk", scene.town.token("VINYL")
    wishes = {"locale": locale, "color_scheme": theme, "reduced_motion": "reduce"}
    with at_console(browser, scene.network, scene.issuer(), size, **wishes) as issuer:
        for name in (*(f"{page}/{token}" for page in PAGES), "new"):
            issuer.go(name)
            expect(issuer.page.locator("#content .card").first).to_be_visible()
            issuer.check_accessible()
            page = name.split("/")[0]
            issuer.page.screenshot(path=shots / f"console-{page}-{place}-{theme}-{locale[:2]}.png")
            width = issuer.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], page
        assert issuer.complaints == []
