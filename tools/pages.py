"""Builds the pages (wallet, till, console) into the Python package, where it serves them from.

Nothing happens while neither the sources nor the contracts are others.
"""

import subprocess
import sys
import time
from pathlib import Path

from zegel_env import ROOT, TOOLS, VENV, digest, one_at_a_time

STATIC = ROOT / "src" / "zegel" / "pages" / "static"
STAMP = TOOLS / "stamps" / "pages"


def main() -> None:
    key = digest(inputs())
    if STAMP.exists() and STAMP.read_text() == key and STATIC.exists():
        return
    print("build: making the pages", flush=True)
    start = time.monotonic()
    STAMP.unlink(missing_ok=True)
    done = subprocess.run(
        [VENV / "bin" / "node", "dapp/build.mjs"], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}")
    STAMP.write_text(key)
    print(f"build: the pages, {time.monotonic() - start:.0f} s")


def inputs() -> list[Path]:
    """Every file that decides what comes out."""
    sources = [path for path in (ROOT / "dapp").rglob("*") if path.is_file()]
    artifacts = (ROOT / "src" / "zegel" / "chain" / "artifacts").glob("*.json")
    return [*sources, *artifacts, ROOT / "package-lock.json", ROOT / "tools" / "pages.py"]


if __name__ == "__main__":
    with one_at_a_time():
        main()
