"""A chain of one's own: Anvil, started on a free port and stopped at the end."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

from web3.types import RPCEndpoint

from zegel.chain.connection import Connection
from zegel.errors import ChainError, ConfigError

# The rules of the public chain today, with its bound on gas per transaction.
_RULES = ("--hardfork", "osaka", "--enable-tx-gas-limit")

_SECONDS_TO_START = 20
# One that keeps its state writes it first.
_SECONDS_TO_STOP = 30
_TRIES = 3


class Anvil:
    """A context in which a private chain runs.

    Its ten accounts are the same every time and the node signs for them. `timestamp` is the time of
    the first block, in Unix seconds; without it the chain begins now. `base_fee=0` makes
    transactions free.
    """

    def __init__(
        self,
        timestamp: int | None = None,
        port: int | None = None,
        *,
        chain_id: int = 31337,
        base_fee: int | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        self._port = port
        self._command = [_binary(), "--silent", "--chain-id", str(chain_id), *_RULES, *options]
        if timestamp is not None:
            self._command += ["--timestamp", str(timestamp)]
        if base_fee is not None:
            self._command += ["--block-base-fee-per-gas", str(base_fee)]
        self._process: subprocess.Popen[bytes] | None = None
        self._states: tempfile.TemporaryDirectory[str] | None = None
        self.url = ""

    def __enter__(self) -> "Anvil":
        for _ in range(_TRIES):
            if self._start(self._port or _free_port()):
                return self
        raise ChainError(f"Anvil did not start: try `{' '.join(self._command)}`")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ChainError("this Anvil does not run: use it in a `with` statement")
        return self._process.pid

    def set_next_timestamp(self, timestamp: int) -> None:
        """Gives the next block a time."""
        self.rpc("evm_setNextBlockTimestamp", timestamp)

    def mine(self, blocks: int = 1) -> None:
        self.rpc("anvil_mine", hex(blocks))

    def move_to(self, timestamp: int) -> None:
        """Makes a block at a time, so that views see that time too."""
        self.set_next_timestamp(timestamp)
        self.mine()

    def impersonate_all(self) -> None:
        """Lets the node send for any account, without its key."""
        self.rpc("anvil_autoImpersonateAccount", True)

    def set_balance(self, address: str, wei: int) -> None:
        self.rpc("anvil_setBalance", address, hex(wei))

    def snapshot(self) -> str:
        """Remembers the state of the chain, for one `revert`."""
        return str(self.rpc("evm_snapshot"))

    def revert(self, snapshot: str) -> None:
        if self.rpc("evm_revert", snapshot) is not True:
            raise ChainError(f"Anvil does not know the snapshot {snapshot}")

    def rpc(self, method: str, *params: object) -> object:
        """Asks the node itself, past web3."""
        answer = self.connection.web3.provider.make_request(RPCEndpoint(method), list(params))
        if "error" in answer:
            raise ChainError(f"Anvil refused {method}: {answer['error']}")
        return answer["result"]

    def stop(self) -> None:
        """Ends the process that this object started, and no other."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        if self._states is not None:
            self._states.cleanup()
            self._states = None

    def _start(self, port: int) -> bool:
        """Whether the node answers on this port. Someone else may have taken it meanwhile."""
        self.url = f"http://127.0.0.1:{port}"
        self.connection = Connection(self.url)
        # Anvil writes the states of older blocks to its home, and leaves gigabytes there.
        self._states = tempfile.TemporaryDirectory(prefix="anvil-", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [*self._command, "--port", str(port), "--cache-path", self._states.name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for whoever started it, who stops it last.
            start_new_session=True,
        )
        end = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < end and self._process.poll() is None:
            if _listens(port):
                return True
            time.sleep(0.01)
        self.stop()
        return False


def _binary() -> str:
    """The native binary, which `make setup` puts beside Python; or one on the PATH."""
    beside = Path(sys.executable).parent
    found = shutil.which("anvil", path=os.pathsep.join([str(beside), os.environ.get("PATH", "")]))
    if found is None:
        raise ConfigError("found no `anvil`: run `make setup`")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
