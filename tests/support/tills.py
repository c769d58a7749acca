"""A till's service in a process of its own, as on a shop's device."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import orjson

_SECONDS = 60


class Running:
    """`zegel till run` on a free port. It is stopped by its own process id."""

    def __init__(self, till: Path, rpc: str, book: Path, account: str, *options: str) -> None:
        command = [sys.executable, "-c", "from zegel.cli import main; main()"]
        settings = ["--rpc", rpc, "--deployments", str(book), "--account", account]
        self.folder = till
        # What a killed one left would be taken for this one's.
        (till / "service.json").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [*command, *settings, "till", "run", "--port", "0", *options],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "ZEGEL_TILL": str(till)},
        )

    def client(self) -> httpx.Client:
        """A cash register, once the service is there."""
        end, path = time.monotonic() + _SECONDS, self.folder / "service.json"
        while not path.exists():
            if self.process.poll() is not None:
                raise RuntimeError(self.process.communicate()[1])
            if time.monotonic() > end:
                raise TimeoutError("the service does not start")
            time.sleep(0.02)
        token = (self.folder / "token").read_text().strip()
        url = orjson.loads(path.read_bytes())["url"]
        return httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=60)

    def end(self, how: int = signal.SIGTERM) -> str:
        """Stops it, and returns what it told."""
        self.process.send_signal(how)
        _, told = self.process.communicate(timeout=_SECONDS)
        return told
