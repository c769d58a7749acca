"""`zegel relay`: a process that sends what was accepted, and says how that goes."""

import os
import signal
import subprocess
import sys
import time

import pytest
from package.cli.conftest import PASSWORD
from support.messages import person, sign, transfer

from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay


@pytest.fixture
def queue(suite, tmp_path):
    return open_queue(str(tmp_path / "relay.db"), suite.connection)


@pytest.fixture
def shopper(suite, points, member):
    """Somebody with a key, to whom the member has given points."""
    who = person("shopper")
    member.send(suite.token("SHOP").functions.transfer(who.address, 100))
    return who


def test_the_relay_sends_until_it_is_stopped(
    anvil, suite, book, queue, shopper, zegel, tmp_path, outsider, keystore
):
    payer, unlocking = person("keystore"), keystore("keystore")
    relay = Relay(suite, queue)
    message = transfer(suite, shopper, outsider.address, 40)
    receipt = relay.accept(message, sign(shopper, message))
    command = [
        *(sys.executable, "-c", "from zegel.cli import main; main()"),
        *("--rpc", anvil.url, "--deployments", str(book.path.parent)),
        *("relay", "run", "--key", unlocking.pop("ZEGEL_ACCOUNT"), "--depth", "0"),
        *("--queue", str(tmp_path / "relay.db")),
    ]
    process = subprocess.Popen(
        command,
        env={**os.environ, **unlocking},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + 60
        while relay.receipt(receipt.id).state != "final":
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.1)
        shown = zegel("relay", "status", "--queue", str(tmp_path / "relay.db"), "--json")
    finally:
        process.send_signal(signal.SIGTERM)
        out, told = process.communicate(timeout=30)

    assert process.returncode == 0
    assert out == ""
    first, *rest = told.splitlines()
    assert first.startswith(f"relay of chain 31337, as {payer.address}: sqlite:///")
    assert rest[-1] == "[ok] stopped: what was accepted is in the queue"
    for secret in (payer.key.hex(), PASSWORD):
        assert secret not in told
    rows = {row["messages"]: row for row in shown["rows"]}
    assert rows["final"]["count"] == 1
    assert rows[payer.address.lower()]["note"].startswith("held by ")
    assert suite.token("SHOP").functions.balanceOf(outsider.address).call() == 40
