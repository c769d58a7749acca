"""People before a browser: what they can do, whatever the page looks like."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from browser.doorway import Doorway
from playwright.sync_api import Browser, Page, expect

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

# Colours are looked at when nothing moves any more; what moves for ever is not waited for.
_STILL = """() => Promise.allSettled(
    document.getAnimations()
        .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
        .map((one) => one.finished)
).then(() => undefined)"""

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"


@dataclass
class Visitor:
    """Somebody who looks at a page, and what the page complained of."""

    page: Page
    doorway: Doorway
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.doorway.url + path)

    def go(self, page: str) -> None:
        """Goes to a page of the wallet, without loading everything again."""
        self.page.evaluate("path => { location.hash = '#/' + path }", page)

    def join(self) -> str:
        """Makes a passkey; returns the member's address."""
        self.open()
        self.page.get_by_role("button", name="Start with a passkey").click()
        expect(self.page.locator("[data-total]")).to_be_visible()
        return self.address

    @property
    def address(self) -> str:
        """The member's own address."""
        return str(self.page.locator(".who").get_attribute("title"))

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).click()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)

    def sees_balance(self, symbol: str, amount: str) -> None:
        row = self.page.locator(f"[data-program='{symbol}'] [data-balance]")
        expect(row).to_have_text(amount)

    def confirm(self) -> None:
        """Signs what is shown, and waits until it is in a block."""
        self.press("Confirm with passkey")
        expect(self.page.locator(".told.done")).to_be_visible()
        self.page.locator(".sheet-foot").get_by_role("button", name="Close").click()

    def wait_until_kept(self) -> None:
        """Until the device has what it needs to open the pages without a connection."""
        self.page.evaluate(
            """async () => {
                await navigator.serviceWorker.ready;
                const end = Date.now() + 10_000;
                while (!navigator.serviceWorker.controller && Date.now() < end) {
                    await new Promise((wake) => setTimeout(wake, 50));
                }
            }"""
        )

    def shoot(self, path: Path) -> None:
        """Of the page as it is when nothing moves any more."""
        self.page.screenshot(path=path, animations="disabled")

    def check_accessible(self) -> None:
        """Nothing that axe finds."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        self.page.evaluate(_STILL)
        found = self.page.evaluate("() => axe.run()")["violations"]
        told = [
            f"{one['id']}: {node['html']} {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]
        assert told == [], "\n".join(told)


@contextmanager
def visiting(
    browser: Browser, doorway: Doorway, size: dict[str, int], **wishes: Any
) -> Iterator[Visitor]:
    """A visitor with a phone or a computer of that size; the page must not complain."""
    context = browser.new_context(
        viewport=size, locale=wishes.pop("locale", "en-GB"), bypass_csp=False, **wishes
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    visitor = Visitor(page, doorway)
    page.on("console", lambda said: _hear(visitor, said.type, said.text))
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    page.on("request", lambda request: visitor.requests.append(request.url))
    yield visitor
    context.close()


def _hear(visitor: Visitor, kind: str, text: str) -> None:
    if kind == "error":
        visitor.complaints.append(text)
