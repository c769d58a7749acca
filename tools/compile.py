"""Compiles the contracts with Brownie and writes what the Python package needs of them.

Brownie keeps its own, large artefacts in build/ for tests and scripts. The package takes one small
file per contract: ABI, creation and deployed bytecode, the places of the immutables in the latter
(Brownie drops those, and without them nobody can tell whether the code on a chain is ours) and the
compiler's version and settings. Interfaces have their ABI only. For block explorers and Slither
there is also build/solc-input.json, the compiler's input with every source of ours.

Nothing happens while the sources are the same. When they are not, everything is compiled anew:
Brownie's own idea of what changed misses interfaces and definitions outside of contracts.
"""

import contextlib
import io
import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zegel_env import ROOT, TOOLS, apply, digest, one_at_a_time

BUILD = ROOT / "build"
ARTIFACTS = ROOT / "src" / "zegel" / "chain" / "artifacts"
INPUT = BUILD / "solc-input.json"
STAMP = TOOLS / "stamps" / "contracts"

COMPILER_SETTINGS = ("version", "evmVersion", "optimizer", "viaIR")

Json = dict[str, Any]


def main() -> None:
    key = digest(inputs())
    done = STAMP.exists() and STAMP.read_text() == key
    if done and ARTIFACTS.exists() and (BUILD / "contracts").exists():
        return
    print("build: compiling the contracts", flush=True)
    start = time.monotonic()
    STAMP.unlink(missing_ok=True)
    for folder in (BUILD / "contracts", BUILD / "interfaces"):
        shutil.rmtree(folder, ignore_errors=True)
    calls = compile_all()
    shutil.rmtree(ARTIFACTS, ignore_errors=True)
    names = {write(artifact) for artifact in artifacts(calls)}
    STAMP.write_text(key)
    print(f"build: {len(names)} contracts and interfaces, {time.monotonic() - start:.0f} s")


def inputs() -> list[Path]:
    """Every file that decides what comes out."""
    settings = ["brownie-config.yaml", "package-lock.json", "tools/compile.py"]
    folders = [ROOT / "contracts", ROOT / "interfaces"]
    sources = [path for folder in folders for path in folder.rglob("*.sol")]
    return [*sources, *(ROOT / name for name in settings)]


def compile_all() -> list[tuple[Json, Json]]:
    """Has Brownie compile the project; returns what the compiler was given and what it answered."""
    apply()
    import solcx
    from brownie import project
    from brownie.exceptions import CompilerError

    calls: list[tuple[Json, Json]] = []
    compile_standard = solcx.compile_standard

    def recording(given: Json, **options: Any) -> Json:
        output: Json = compile_standard(given, **options)
        version = str(solcx.get_solc_version(with_commit_hash=True))
        calls.append(({**given["settings"], "version": version}, output))
        if len(calls) == 1:  # the contracts; the interfaces alone follow
            INPUT.write_text(json.dumps(given))
        return output

    solcx.compile_standard = recording  # type: ignore[assignment]
    try:
        # Brownie lists every contract of every library.
        with contextlib.redirect_stdout(io.StringIO()):
            project.load(ROOT)
    except CompilerError as error:
        sys.exit(str(error))
    finally:
        solcx.compile_standard = compile_standard
    return calls


def artifacts(calls: list[tuple[Json, Json]]) -> Iterator[Json]:
    """The contracts that can be deployed, and the interfaces."""
    for settings, output in calls:
        report_warnings(output)
        for source, contracts in output["contracts"].items():
            for name, contract in contracts.items():
                if source.startswith("interfaces/"):
                    yield {"name": name, "source": source, "abi": contract["abi"]}
                elif is_shipped(source, contract):
                    yield artifact(name, source, settings, contract)


def is_shipped(source: str, contract: Json) -> bool:
    """Whether this is ours and neither abstract nor a library of internal functions."""
    # What an interface imports from a contract is compiled once more, without its bytecode.
    deployable = "evm" in contract and contract["abi"] and contract["evm"]["bytecode"]["object"]
    return bool(deployable) and source.startswith("contracts/")


def artifact(name: str, source: str, settings: Json, contract: Json) -> Json:
    deployed = contract["evm"]["deployedBytecode"]
    references = deployed.get("immutableReferences", {})
    places = [place for group in references.values() for place in group]
    return {
        "name": name,
        "source": source,
        "compiler": {key: settings[key] for key in COMPILER_SETTINGS if key in settings},
        "abi": contract["abi"],
        "bytecode": "0x" + contract["evm"]["bytecode"]["object"],
        "deployedBytecode": "0x" + deployed["object"],
        "immutables": sorted(places, key=lambda place: place["start"]),
    }


def report_warnings(output: Json) -> None:
    """Prints what the compiler has to say about our own sources, which Brownie keeps to itself."""
    for message in output.get("errors", []):
        source = message.get("sourceLocation", {}).get("file", "")
        if source.startswith(("contracts/", "interfaces/")):
            print(message["formattedMessage"], file=sys.stderr)


def write(artifact: Json) -> str:
    name: str = artifact["name"]
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(artifact, separators=(",", ":"), sort_keys=True)
    (ARTIFACTS / f"{name}.json").write_text(text + "\n")
    return name


if __name__ == "__main__":
    with one_at_a_time():
        main()
