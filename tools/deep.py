"""Runs all tests, the slow ones too, in two halves side by side: one per core.

Proofs and faults write to a file, shown when they are done; the others to the terminal. Each half
ends with pytest's own closing line, and either can fail the whole.
"""

import os
import socket
import subprocess
import sys
import time

from zegel_env import ROOT, TOOLS, apply, free_port

HALF = ("tests/proofs", "tests/faults")
OUTPUT = TOOLS / "half.log"

PYTEST = [sys.executable, "-m", "pytest", "-m", "deep or not deep", "--hypothesis-profile", "deep"]


def main() -> int:
    apply()
    start = time.monotonic()
    print(f"test-deep: {' and '.join(HALF)} run beside the others, shown at the end", flush=True)
    port = free_port()
    others = subprocess.Popen(
        [*PYTEST, "tests", *(f"--ignore={folder}" for folder in HALF)],
        cwd=ROOT,
        env={**os.environ, "ZEGEL_TEST_PORT": str(port)},
    )
    try:
        wait_for_node(port, others)
        with OUTPUT.open("w") as output:
            # Each half keeps its own cache of what failed.
            half = subprocess.run(
                [*PYTEST, *HALF, "-o", "cache_dir=.tools/half_cache"],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        others.wait()
    finally:
        others.terminate()
    print(OUTPUT.read_text())
    minutes = (time.monotonic() - start) / 60
    failed = half.returncode or others.returncode
    print(f"test-deep: {'failed' if failed else 'passed'} in {minutes:.0f} min", flush=True)
    return 1 if failed else 0


def wait_for_node(port: int, tests: subprocess.Popen[bytes]) -> None:
    """Waits until Brownie has started its node: while it loads the project, no other one can."""
    while tests.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
