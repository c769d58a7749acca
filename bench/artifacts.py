"""Compiled contracts: ours as `make build` left them, or another build, to tune them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zegel.chain import artifacts
from zegel.errors import FileError

NEEDED = (
    "AwardDrop",
    "IssuerRegistry",
    "OfflineDesk",
    "PasskeyVerifier",
    "PointExchange",
    "PointToken",
    "RewardCharter",
    "TestEuro",
)


@dataclass(frozen=True)
class Compiled:
    """What a contract is deployed from."""

    abi: list[dict[str, Any]]
    bytecode: bytes


def packaged() -> dict[str, Compiled]:
    """Our contracts by name, from `make build`."""
    loaded = map(artifacts.load, artifacts.names())
    return {each.name: Compiled(each.abi, each.bytecode) for each in loaded}


def read(path: Path) -> dict[str, Compiled]:
    """Contracts from a file: a JSON object of `abi` and `bytecode` by the contract's name."""
    try:
        content = json.loads(path.read_text())
        contracts = {
            name: compiled(each["abi"], each["bytecode"]) for name, each in content.items()
        }
    except FileNotFoundError:
        raise FileError(path, "does not exist: name a JSON file") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise FileError(path, "is no JSON object of `abi` and `bytecode` by name") from None
    for name in NEEDED:
        if name not in contracts:
            raise FileError(path, f"has no {name}: compile all of {', '.join(NEEDED)}")
    return contracts


def compiled(abi: list[dict[str, Any]], bytecode: str) -> Compiled:
    return Compiled(abi, bytes.fromhex(bytecode.removeprefix("0x")))
