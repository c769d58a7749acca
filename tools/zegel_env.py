"""The one place that says in which environment the project's tools run.

Everything stays inside the project: Brownie's home (its networks, its accounts), the compiler and
the node. Three ways lead here: `make` runs `python tools/zegel_env.py COMMAND…`, pytest loads
tools/zegel_pytest.py before Brownie, and the other tools import it.
Standard library only: the set-up imports it before anything is installed.
"""

# An old Python gets as far as the message that it is too old.
from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
BROWNIE_HOME = TOOLS / "home"
COMPILERS = TOOLS / "solc"
HALMOS = TOOLS / "halmos" / "bin" / "halmos"
SCHEMATHESIS = TOOLS / "schemathesis" / "bin" / "schemathesis"
FORGE_SETTINGS = ROOT / "tests" / "proofs" / "forge" / "foundry.toml"

# A worker of pytest-xdist takes the first port plus its own number.
PORTS_IN_A_ROW = 8


def environment() -> dict[str, str]:
    """What the tools need on top of the caller's environment."""
    folders = [str(VENV / "bin"), *os.environ.get("PATH", os.defpath).split(os.pathsep)]
    return {
        "PATH": os.pathsep.join(dict.fromkeys(folders)),
        "VIRTUAL_ENV": str(VENV),
        "HOME": str(BROWNIE_HOME),
        "SOLCX_BINARY_PATH": str(COMPILERS),
        # Forge would look for them in the project's root.
        "FOUNDRY_CONFIG": str(FORGE_SETTINGS),
    }


def apply() -> None:
    """Puts this process into the environment; to be done before Brownie is imported."""
    os.environ.update(environment())
    # Brownie's network `local` names this variable and fails when it is not set.
    os.environ.setdefault("ZEGEL_RPC_URL", "http://127.0.0.1:8545")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Has a second `make` wait until the first is done with the set-up or the build."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(paths: Iterable[Path]) -> str:
    """One hash over the names and the contents of files, so that work is redone only if needed."""
    content = hashlib.sha256()
    for path in sorted(paths):
        content.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        content.update(path.read_bytes())
    return content.hexdigest()


def free_port() -> int:
    """A port that is free, as are the ones that follow it."""
    for _ in range(100):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if all(_is_free(port + number) for number in range(PORTS_IN_A_ROW)):
            return port
    raise OSError(f"found no {PORTS_IN_A_ROW} free ports in a row on 127.0.0.1")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


if __name__ == "__main__":
    os.environ.update(environment())
    try:
        os.execvp(sys.argv[1], sys.argv[1:])
    except OSError as error:
        sys.exit(f"{sys.argv[1]}: {error.strerror}. `make setup` may mend it.")
