"""A Chromium for the tests of the pages: the user's own, or the one that npm brought.

npm's @sparticuz/chromium carries the browser, its libraries and fonts as compressed archives, which
are unpacked into build/ once.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).parents[2]
CARRIED = ROOT / "node_modules/@sparticuz/chromium/bin"
UNPACKED = ROOT / "build/chromium"

# In this order; `ZEGEL_BROWSER` names another one, or `npm` for the carried one.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# A sandbox needs rights that containers lack; these pages are our own.
_FLAGS = (
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
_CARRIED_FLAGS = ("--no-zygote", "--headless=old")

_UNPACK = """
import { createReadStream, createWriteStream } from "node:fs";
import { createBrotliDecompress } from "node:zlib";
import { pipeline } from "node:stream/promises";
const [from, to] = process.argv.slice(1);
await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
"""


@contextmanager
def chromium(playwright: Playwright, camera: Path | None = None) -> Iterator[Browser]:
    """A browser without a window. `camera` is a file (Y4M or MJPEG) that its camera shows."""
    path, flags, environment = _found()
    if camera is not None:
        flags += (f"--use-file-for-fake-video-capture={camera}",)
    browser = playwright.chromium.launch(
        executable_path=path, args=list(flags), env=environment, headless=True
    )
    try:
        yield browser
    finally:
        browser.close()


def _found() -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """The browser's path, flags and environment."""
    chosen = os.environ.get("ZEGEL_BROWSER")
    own = chosen if chosen != "npm" else None
    path = own or next(filter(None, map(shutil.which, _NAMES)), None)
    if path and chosen != "npm":
        return path, _FLAGS, dict(os.environ)
    _unpack()
    libraries = f"{UNPACKED / 'al2023/lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}"
    environment = {
        **os.environ,
        "LD_LIBRARY_PATH": libraries,
        "FONTCONFIG_PATH": str(UNPACKED / "fonts"),
    }
    return str(UNPACKED / "chromium"), (*_FLAGS, *_CARRIED_FLAGS), environment


def _unpack() -> None:
    """Puts the carried browser into build/, unless it is there. Others wait meanwhile."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with (UNPACKED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (UNPACKED / "done").exists():
            _unpack_all()


def _unpack_all() -> None:
    _brotli("chromium.br", UNPACKED / "chromium")
    (UNPACKED / "chromium").chmod(0o755)
    for name, folder in (("al2023", "al2023"), ("fonts", "")):
        archive = UNPACKED / f"{name}.tar"
        _brotli(f"{name}.tar.br", archive)
        place = UNPACKED / folder
        place.mkdir(exist_ok=True)
        shutil.unpack_archive(archive, place, filter="data")
        archive.unlink()
    (UNPACKED / "done").touch()


def _brotli(name: str, to: Path) -> None:
    node = shutil.which("node") or str(ROOT / ".venv/bin/node")
    command = [node, "--input-type=module", "-e", _UNPACK, str(CARRIED / name), str(to)]
    subprocess.run(command, check=True)
