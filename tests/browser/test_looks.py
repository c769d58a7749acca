"""Every page of the wallet, on a phone and at a desk, light and dark, in each language.

Nothing wider than the screen; nothing that axe finds, which looks at each size, each theme and each
language once. Pictures for people are left in build/screenshots.
"""

import pytest
from browser.conftest import DESK, PHONE
from browser.visitors import visiting
from playwright.sync_api import expect

PAGES = ("", "convert", "send", "redeem", "hold", "pay", "receive", "history", "charters", "more")

LOOKS = [
    ("en-GB", PHONE, "light", True),
    ("nl-NL", PHONE, "dark", True),
    ("fr-FR", PHONE, "light", False),
    ("en-GB", DESK, "dark", False),
    ("nl-NL", DESK, "light", False),
    ("fr-FR", DESK, "dark", True),
]
START = {"en": "Start with a passkey", "nl": "Beginnen met een passkey"}
START["fr"] = "Commencer avec une passkey"


@pytest.mark.parametrize(("locale", "size", "theme", "by_axe"), LOOKS)
def test_pages_are_accessible_and_fit(browser, doorway, town, shots, locale, size, theme, by_axe):
    language, place = locale[:2], "phone" if size is PHONE else "desk"
    with visiting(browser, doorway, size, locale=locale, color_scheme=theme) as visitor:
        page = visitor.page

        def look(name: str) -> None:
            visitor.shoot(shots / f"{name}-{place}-{theme}-{language}.png")
            if by_axe:
                visitor.check_accessible()
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]

        visitor.open()
        expect(page.get_by_role("button", name=START[language])).to_be_visible()
        look("welcome")
        page.get_by_role("button", name=START[language]).click()
        expect(page.locator("[data-total]")).to_be_visible()
        town.award("VINYL", visitor.address, 125_050)
        town.award("MILES", visitor.address, 4_200)
        expect(page.locator("[data-balance]")).to_have_count(2)
        for name in (*PAGES, f"program/{town.token('VINYL')}", "move"):
            visitor.go(name)
            expect(page.locator("#content h1")).to_be_visible()
            if name == "convert":
                page.locator(".control.big input").fill("250")
                expect(page.locator("[data-out]")).to_contain_text("266 MILES")
            if name == "history":
                expect(page.locator(".entry")).to_have_count(2)
            look(name.split("/")[0] or "home")
        visitor.go("convert")
        page.locator(".control.big input").fill("250")
        page.locator(".button.main.wide").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        look("confirm")
        assert visitor.complaints == []
