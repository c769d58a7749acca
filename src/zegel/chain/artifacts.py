"""What `make build` writes about each contract: its ABI, its bytecode, where its immutables are.

The files stand inside the package, so that an installed wheel needs no compiler.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from zegel.errors import ConfigError

_FOLDER = files("zegel.chain") / "artifacts"


@dataclass(frozen=True)
class Artifact:
    """One contract or interface. An interface has no bytecode.

    `immutables` are the (start, length) of the bytes of the deployed bytecode that the constructor
    fills in.
    """

    name: str
    source: str
    abi: list[dict[str, Any]]
    bytecode: bytes
    deployed_bytecode: bytes
    immutables: tuple[tuple[int, int], ...]
    compiler: Mapping[str, Any]

    def masked(self, code: bytes) -> bytes:
        """Deployed code with zeros for the immutables, as the compiler left them."""
        masked = bytearray(code)
        for start, length in self.immutables:
            masked[start : start + length] = bytes(len(masked[start : start + length]))
        return bytes(masked)

    def matches(self, code: bytes) -> bool:
        """Whether the code at an address is this contract's, whatever its immutables are."""
        return bool(code) and self.masked(code) == self.masked(self.deployed_bytecode)


@cache
def load(name: str) -> Artifact:
    """The artifact of a contract or an interface."""
    path = _FOLDER / f"{name}.json"
    if not path.is_file():
        raise ConfigError(f"no contract {name} in {_FOLDER}: run `make build`")
    content = json.loads(path.read_text())
    return Artifact(
        name=content["name"],
        source=content["source"],
        abi=content["abi"],
        bytecode=_bytes(content.get("bytecode", "0x")),
        deployed_bytecode=_bytes(content.get("deployedBytecode", "0x")),
        immutables=tuple((p["start"], p["length"]) for p in content.get("immutables", [])),
        compiler=content.get("compiler", {}),
    )


@cache
def names() -> tuple[str, ...]:
    """The names of all artifacts."""
    if not _FOLDER.is_dir():
        raise ConfigError(f"no contracts in {_FOLDER}: run `make build`")
    suffix = ".json"
    found = (path.name for path in _FOLDER.iterdir() if path.name.endswith(suffix))
    return tuple(sorted(name.removesuffix(suffix) for name in found))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
