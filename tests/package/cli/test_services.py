"""The processes of `docs/operating.md`, as its units run them: settings in the environment, all on
PostgreSQL, two relays and two APIs. Any of them may be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from package.cli.conftest import PASSWORD
from support.listening import free_port
from support.messages import person, sign, transfer
from support.postgres import new_database, postgres

__all__ = ["postgres"]

GUIDE = Path(__file__).parents[3] / "docs" / "operating.md"
SECONDS = 60.0
DATABASES = ("ZEGEL_INDEX", "ZEGEL_QUEUE", "ZEGEL_API_DATABASE")


@dataclass
class Unit:
    """A service: its command, and what its environment file says."""

    name: str
    common: Mapping[str, str]
    command: str
    own: Mapping[str, str] = field(default_factory=dict)
    log: Path = Path()
    _process: Any = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from zegel.cli import main; main()", *self.command.split()],
                env={**os.environ, **self.common, **self.own},
                cwd=self.log.parent,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        code: int = self._process.wait(30)
        return code

    @property
    def told(self) -> str:
        return self.log.read_text() if self.log.is_file() else ""


def wait(what: Callable[[], bool], units: Mapping[str, Unit]) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        logs = "\n".join(f"{name}: {unit.told}" for name, unit in units.items())
        assert time.monotonic() < end, logs
        time.sleep(0.1)


@pytest.fixture
def common(request, anvil, book) -> Iterator[dict[str, str]]:
    """`zegel.env`: every name is one that the guide tells."""
    server = os.environ.get("ZEGEL_TEST_POSTGRES") or request.getfixturevalue("postgres").url()
    with ExitStack() as stack:
        told = {
            "ZEGEL_RPC_URL": anvil.url,
            "ZEGEL_DEPLOYMENTS": str(book.path.parent),
            "ZEGEL_ORIGIN": "https://points.example",
            **{name: stack.enter_context(new_database(server)) for name in DATABASES},
        }
        assert all(name in GUIDE.read_text() for name in told)
        assert "/zegel $COMMAND\n" in GUIDE.read_text()
        yield told


@pytest.fixture
def units(common, keystore, tmp_path) -> Iterator[dict[str, Unit]]:
    relay = "relay run --price 40 --depth 0"
    found = {
        unit.name: unit
        for unit in (
            Unit("index", common, "index run"),
            Unit("relay", common, relay, keystore("first payer")),
            Unit("relay2", common, relay, keystore("second payer")),
            Unit("serve", common, f"serve --no-limits --port {free_port()}"),
            Unit(
                "serve2", common, f"serve --no-limits --gas-per-signer 160000 --port {free_port()}"
            ),
        )
    }
    for name, unit in found.items():
        unit.log = tmp_path / f"{name}.log"
    yield found
    for unit in found.values():
        if unit._process is not None and unit._process.poll() is None:
            unit.kill()


@pytest.fixture
def shoppers(suite, awarder) -> list[Any]:
    """Members with a key and two points each."""
    found = [person(f"shopper {number}") for number in range(12)]
    words = [int(who.address, 16) << 96 | 2 for who in found]
    awarder.send(suite.token("SHOP").functions.awardBatch(os.urandom(32), words))
    return found


def test_what_is_accepted_is_carried_out_once_whichever_process_is_killed(suite, units, shoppers):
    tills = [person(f"till {number}").address for number in range(len(shoppers))]
    sales = list(zip(shoppers, tills, strict=True))
    doors = [f"http://127.0.0.1:{units[name].command.split()[-1]}" for name in ("serve", "serve2")]
    units["index"].start()
    wait(lambda: "[ok] up to block" in units["index"].told, units)
    for name in ("relay", "relay2", "serve", "serve2"):
        units[name].start()
    for door in doors:
        wait(lambda door=door: is_ready(door), units)

    receipts = [hand_in(suite, doors[0], who, to) for who, to in sales[:6]]
    for name in ("relay", "serve"):
        units[name].kill()
    assert units["index"].stop() == 0
    receipts += [hand_in(suite, doors[1], who, to) for who, to in sales[6:]]
    for name in ("serve", "index"):
        units[name].start()

    wait(lambda: is_ready(doors[0]), units)
    wait(lambda: all(state(doors[0], one) == "final" for one in receipts), units)
    balance_of = suite.token("SHOP").functions.balanceOf
    assert [balance_of(to).call() for to in tills] == [1] * len(tills)
    wait(lambda: all(held(doors[1], to) == "1" for to in tills), units)

    # The second door takes less of a signer.
    refused = posted(suite, doors[1], shoppers[0], tills[0], nonce=2)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:zegel:quota-used-up")
    assert posted(suite, doors[0], shoppers[0], tills[0], nonce=2).status_code == 202

    units["relay"].start()
    wait(lambda: units["relay"].told.count("relay of chain") == 2, units)
    assert [unit.stop() for unit in units.values()] == [0] * len(units)
    assert not any(PASSWORD in unit.told for unit in units.values())


def is_ready(door: str) -> bool:
    try:
        return httpx.get(f"{door}/ready").status_code == 200
    except httpx.HTTPError:
        return False


def hand_in(suite, door: str, who, to: str) -> str:
    answer = posted(suite, door, who, to)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def posted(suite, door: str, who, to: str, nonce: int = 1) -> httpx.Response:
    message = transfer(suite, who, to, 1, nonce)
    content = {"typedData": message.typed_data(), "signature": "0x" + sign(who, message).hex()}
    return httpx.post(f"{door}/v1/messages", json=content, timeout=30)


def state(door: str, receipt: str) -> str:
    return str(httpx.get(f"{door}/v1/messages/{receipt}").json()["state"])


def held(door: str, member: str) -> str | None:
    programs = httpx.get(f"{door}/v1/members/{member}").json()["programs"]
    return programs[0]["balance"] if programs else None
