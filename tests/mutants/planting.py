"""Plants a bug: what is replaced where, and the compiler that makes a contract of it."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
INPUT = ROOT / "build" / "solc-input.json"


@dataclass(frozen=True)
class Mutant:
    """A bug: in `file`, `old` becomes `new`; `contract` is what is built of it.

    Args:
        name: What is wrong, in words.
        contract: The contract whose code changes.
        file: Where, below contracts/.
        old: Stands there exactly once.
        new: What the bug makes of it.
        noticed_by: The test that fails, below tests/unit/, as pytest names it without parameters.
        in_lives: Whether the random lives of tests/stateful notice it as well.
    """

    name: str
    contract: str
    file: str
    old: str
    new: str
    noticed_by: str
    in_lives: bool = False


def planted(mutant: Mutant) -> str:
    """The source of a mutant's file with the bug in it."""
    path = f"contracts/{mutant.file}"
    source = (ROOT / path).read_text()
    if source.count(mutant.old) != 1:
        raise ValueError(f"{path}: `{mutant.old}` stands there {source.count(mutant.old)} times")
    return source.replace(mutant.old, mutant.new)


def compiled(mutant: Mutant) -> bytes:
    """The creation code of a mutant. Everything but its file is read from the disk."""
    given = json.loads(INPUT.read_text())
    main = f"contracts/{mutant.contract}.sol"
    sources = {main: {"content": (ROOT / main).read_text()}}
    sources[f"contracts/{mutant.file}"] = {"content": planted(mutant)}
    given["sources"] = sources
    given["settings"]["outputSelection"] = {main: {mutant.contract: ["evm.bytecode.object"]}}
    output = _solc(given)
    code: str = output["contracts"][main][mutant.contract]["evm"]["bytecode"]["object"]
    return bytes.fromhex(code)


def _solc(given: dict[str, Any]) -> dict[str, Any]:
    (compiler,) = (ROOT / ".tools" / "solc").glob("solc-v*")
    done = subprocess.run(
        [compiler, "--standard-json", "--allow-paths", ROOT],
        cwd=ROOT,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    output: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    errors = [e["formattedMessage"] for e in output.get("errors", []) if e["severity"] == "error"]
    if errors:
        raise ValueError("\n".join(errors))
    return output
