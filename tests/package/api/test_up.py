"""`zegel up` runs it all, goes on where it was, and leaves nothing behind however it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from support.listening import free_port

SECONDS = 180.0
# One in so many customers of the record shop, so that the world is made quickly.
FEW = "400"


class Up:
    """`zegel up` on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        program = "from zegel.cli import main; main()"
        options = ["--folder", str(folder), "--port", str(self.port), "--one-in", FEW]
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "up", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Until it is ready."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/ready").status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        self.process.kill()
        raise AssertionError(self.process.stderr and self.process.stderr.read())

    def get(self, path: str):
        return httpx.get(self.url + path, timeout=10).json()

    def end(self, how: signal.Signals) -> str:
        """Ends it, and says what it has told people."""
        self.process.send_signal(how)
        _, told = self.process.communicate(timeout=SECONDS)
        return told

    def left(self) -> list[str]:
        """The processes of this folder that still run."""
        found = (" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"]))
        return [command for command in found if str(self.folder) in command]


@pytest.fixture
def start(tmp_path: Path) -> Iterator:
    running: list[Up] = []

    def begin() -> Up:
        running.append(Up(tmp_path / "world"))
        running[-1].wait()
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.end(signal.SIGINT)


def gone(up: Up) -> bool:
    end = time.monotonic() + 60
    while up.left() and time.monotonic() < end:
        time.sleep(0.2)
    return not up.left()


def test_it_all_runs_goes_on_and_leaves_nothing_behind(start, tmp_path):
    up = start()
    network = up.get("/v1/network")
    assert (network["development"], network["demo"], network["relay"]) == (True, True, True)
    assert abs(network["time"] - time.time()) < 30
    programs = {one["symbol"]: one for one in up.get("/v1/programs")}
    assert set(programs) == {"CDNOW", "MILES", "FUEL", "STAFF"}
    for one in programs.values():
        assert one["image"].startswith("data:image/png;base64,")
        assert one["verified"] is True

    member = "0x" + 38 * "0" + "a1"
    wish = {"member": member}
    gift = httpx.post(f"{up.url}/v1/demo/points", json=wish, timeout=30).json()
    end = time.monotonic() + 30
    while not up.get(f"/v1/members/{member}")["programs"] and time.monotonic() < end:
        time.sleep(0.1)
    (holding,) = up.get(f"/v1/members/{member}")["programs"]
    assert (holding["balance"], gift["amount"], gift["done"]) == ("10000", "10000", True)

    another = subprocess.run(
        [*up.process.args[:4], "--folder", str(up.folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert another.returncode == 1
    assert another.stderr.endswith("stop that one, or name another --folder\n")

    told = up.end(signal.SIGINT)
    assert told.endswith("[ok] stopped; the next start goes on from here\n")
    assert f"wallet    http://localhost:{up.port}/" in told
    assert "/till#token=" in told
    assert gone(up)

    # The chain, its first block and what happened on it are as they were.
    up = start()
    again = up.get("/v1/network")
    assert again["contracts"] == network["contracts"]
    assert again["block"] > network["block"]
    assert up.get(f"/v1/members/{member}")["programs"][0]["balance"] == "10000"

    os.kill(up.process.pid, signal.SIGKILL)
    up.process.wait()

    # What it has left behind ends before the next one reads. Whatever the chain has lost by that,
    # the index is of the same chain.
    up = start()
    assert up.get("/ready")["status"] == "ok"
    assert up.get(f"/v1/members/{member}")["programs"][0]["balance"] == "10000"
    up.end(signal.SIGTERM)
    assert gone(up)
