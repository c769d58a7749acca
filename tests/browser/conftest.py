"""A chain, a service and a browser for the tests of the pages.

Each test has a member of its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.doorway import Doorway, served
from browser.town import Town, build
from browser.visitors import Visitor, visiting
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from support.browser import chromium

from zegel import pages
from zegel.chain.anvil import Anvil
from zegel.errors import ConfigError

# A busy machine takes its time; what has to be quick says so itself.
expect.set_options(timeout=20_000)

# 1 March 2026, so that no test depends on the day on which it runs.
START = 1_772_323_200

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Anvil(timestamp=START) as anvil:
        yield build(anvil, tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(built: Town) -> Iterator[Town]:
    """The town as it was built; what a test does there is undone."""
    snapshot = built.anvil.snapshot()
    yield built
    built.anvil.revert(snapshot)


@pytest.fixture
def doorway(town: Town) -> Iterator[Doorway]:
    try:
        pages.check_built()
    except ConfigError as error:
        pytest.fail(str(error))
    with served(town) as service:
        yield service


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives all browsers of a module. It occupies the thread's event loop, so it ends before
    other tests want one."""
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as one:
        yield one


@pytest.fixture
def member(browser: Browser, doorway: Doorway) -> Iterator[Visitor]:
    """Somebody with a phone that makes passkeys."""
    with visiting(browser, doorway, PHONE) as visitor:
        yield visitor


@pytest.fixture
def at_desk(browser: Browser, doorway: Doorway) -> Iterator[Visitor]:
    """Somebody at a desk, whose computer makes passkeys."""
    with visiting(browser, doorway, DESK) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where pictures of pages are left for people to look at."""
    folder = Path(__file__).parents[2] / "build/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
