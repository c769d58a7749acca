"""Compiles the rivals in two ways, so that each can be measured at its best.

Once with the settings of our own contracts, once with code size spent on speed, which small
contracts can afford. Results are kept in .tools/, so this takes time only once.
"""

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

from zegel_env import COMPILERS, ROOT, TOOLS

from bench.artifacts import Compiled, compiled
from zegel.chain import artifacts
from zegel.errors import ConfigError

SOURCES = ROOT / "bench" / "contracts"
CACHE = TOOLS / "bench"
LOCK = ROOT / "package-lock.json"
REMAPPINGS = [f"{package}=node_modules/{package}" for package in ("@openzeppelin", "solady")]

Json = dict[str, Any]
Contracts = dict[str, Compiled]


def rivals() -> dict[str, Contracts]:
    """The contracts in bench/contracts/ by name, for each way to compile them."""
    return {way: compile_all(settings) for way, settings in ways().items()}


def ways() -> dict[str, Json]:
    """Compiler settings by name: those of our contracts, and the ones that suit the rivals best."""
    ours = artifacts.load("PointToken").compiler
    common = {"evmVersion": ours["evmVersion"], "remappings": REMAPPINGS}
    fast = {"enabled": True, "runs": 1_000_000}
    return {
        "as ours": {**common, "optimizer": ours["optimizer"], "viaIR": ours.get("viaIR", False)},
        "for speed": {**common, "optimizer": fast, "viaIR": True},
    }


def compile_all(settings: Json) -> Contracts:
    sources = {
        f"bench/contracts/{path.name}": {"content": path.read_text()}
        for path in sorted(SOURCES.glob("*.sol"))
    }
    wanted = {"*": ["abi", "evm.bytecode.object"]}
    given = json.dumps(
        {
            "language": "Solidity",
            "sources": sources,
            "settings": {**settings, "outputSelection": dict.fromkeys(sources, wanted)},
        }
    )
    cached = CACHE / f"{key(given)}.json"
    if not cached.exists():
        contracts = run_compiler(given)
        CACHE.mkdir(parents=True, exist_ok=True)
        cached.write_text(json.dumps(contracts))
    return {name: compiled(**each) for name, each in json.loads(cached.read_text()).items()}


def key(given: str) -> str:
    """Stands for all that decides the result; the lock for the libraries and the compiler."""
    return sha256(given.encode() + LOCK.read_bytes()).hexdigest()


def run_compiler(given: str) -> Json:
    command = [str(compiler()), "--standard-json", "--allow-paths", "."]
    done = subprocess.run(
        command, input=given, cwd=ROOT, capture_output=True, text=True, check=True
    )
    output = json.loads(done.stdout)
    errors = [each for each in output.get("errors", []) if each["severity"] == "error"]
    if errors:
        raise ConfigError(f"the rivals do not compile: {errors[0]['formattedMessage']}")
    return {
        name: {"abi": contract["abi"], "bytecode": contract["evm"]["bytecode"]["object"]}
        for contracts in output["contracts"].values()
        for name, contract in contracts.items()
    }


def compiler() -> Path:
    version = json.loads(LOCK.read_text())["packages"]["node_modules/solc"]["version"]
    path = COMPILERS / f"solc-v{version}"
    if not path.exists():
        raise ConfigError(f"{path} is missing: run `make setup`")
    return path
