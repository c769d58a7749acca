"""How the wallet loads: little script, soon shown, installable, with strict headers."""

import gzip
import json
import re
from urllib.request import urlopen

import pytest
from browser.conftest import PHONE
from browser.visitors import visiting
from playwright.sync_api import expect

from zegel import pages
from zegel.errors import ConfigError

MOST_SCRIPT = 80_000
MOST_MILLISECONDS = 1_000


def test_the_first_load_is_small_and_soon_shown(browser, doorway):
    with visiting(browser, doorway, PHONE) as visitor:
        visitor.open()
        expect(visitor.page.get_by_role("button", name="Start with a passkey")).to_be_visible()
        shown = visitor.page.evaluate(
            """() => new Promise((told) => new PerformanceObserver((list) => {
                told(list.getEntries().at(-1).startTime);
            }).observe({ type: "largest-contentful-paint", buffered: true }))"""
        )
        loaded = visitor.page.evaluate(
            "() => performance.getEntriesByType('resource')"
            ".filter((one) => one.initiatorType !== 'other').map((one) => one.name)"
        )
        assert visitor.complaints == []
    scripts = {one.rsplit("/", 1)[1] for one in loaded if one.endswith(".js")}
    scripts |= set(re.findall(r"assets/([\w.-]+\.js)", (pages.FOLDER / "index.html").read_text()))
    sizes = [len(gzip.compress((pages.FOLDER / "assets" / one).read_bytes())) for one in scripts]
    assert sum(sizes) <= MOST_SCRIPT
    assert shown < MOST_MILLISECONDS


def test_it_can_be_installed(browser, doorway):
    manifest = json.loads((pages.FOLDER / "manifest.webmanifest").read_text())
    assert manifest["display"] == "standalone"
    assert {"192x192", "512x512"} <= {one["sizes"] for one in manifest["icons"]}
    assert "maskable" in {one["purpose"] for one in manifest["icons"]}
    with visiting(browser, doorway, PHONE) as visitor:
        visitor.open()
        visitor.wait_until_kept()
        session = visitor.page.context.new_cdp_session(visitor.page)
        assert session.send("Page.getAppManifest")["errors"] == []
        wrong = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        # Tests browse in private, where nothing is installed.
        assert {one["errorId"] for one in wrong} <= {"in-incognito"}


@pytest.mark.parametrize("door", ["/", "/till", "/console"])
def test_pages_bear_strict_headers_and_no_script_of_their_own(doorway, door):
    with urlopen(doorway.url + door) as answer:
        policy, page = answer.headers["Content-Security-Policy"], answer.read().decode()
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "object-src 'none'" in policy
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=|style=", page) == []


@pytest.mark.parametrize(
    "path", ["/../__init__.py", "/assets/../../__init__.py", "/%2e%2e/x", "//etc/passwd", "/assets"]
)
def test_nothing_outside_of_the_pages_is_found(path):
    assert pages.find(path) is None


def test_pages_that_were_not_built_are_told_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    with pytest.raises(ConfigError, match=r"has no pages: run `make build`"):
        pages.check_built()
