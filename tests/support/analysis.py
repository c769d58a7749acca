"""Slither on the contracts, through the project's own compiler.

Slither's ways of compiling want a native compiler or the whole bytecode; it needs neither. Asking
for the syntax trees alone makes the compiler several times as fast.
"""

import inspect
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from crytic_compile import CryticCompile
from crytic_compile.compilation_unit import CompilationUnit
from crytic_compile.compiler.compiler import CompilerVersion
from crytic_compile.platform.solc_standard_json import (
    SolcStandardJson,
    parse_standard_json_output,
)
from slither import Slither
from slither.detectors import all_detectors
from slither.detectors.abstract_detector import AbstractDetector
from zegel_env import COMPILERS

CONTRACTS = (
    "PasskeyVerifier",
    "PointToken",
    "PointExchange",
    "IssuerRegistry",
    "OfflineDesk",
    "AwardDrop",
    "RewardCharter",
)

NO_BYTECODE = {
    "bytecode": {"object": "", "sourceMap": ""},
    "deployedBytecode": {"object": "", "sourceMap": ""},
}


class SyntaxTrees(SolcStandardJson):
    """The contracts without their bytecode."""

    def __init__(self, root: Path) -> None:
        files = [f"contracts/{name}.sol" for name in CONTRACTS]
        super().__init__(
            {
                "language": "Solidity",
                "sources": {file: {"content": (root / file).read_text()} for file in files},
                "settings": {
                    "remappings": ["@openzeppelin=node_modules/@openzeppelin"],
                    "evmVersion": "cancun",
                    "outputSelection": {"*": {"*": ["abi"], "": ["ast"]}},
                },
            }
        )
        self._root = root

    def compile(self, crytic_compile: CryticCompile, **_options: Any) -> None:
        (compiler,) = COMPILERS.glob("solc-v*")
        done = subprocess.run(
            [compiler, "--standard-json"],
            input=json.dumps(self.to_dict()),
            capture_output=True,
            cwd=self._root,
            text=True,
            check=True,
        )
        output = json.loads(done.stdout)
        for contracts in output["contracts"].values():
            for contract in contracts.values():
                contract["evm"] = NO_BYTECODE
        unit = CompilationUnit(crytic_compile, "contracts")
        unit.compiler_version = CompilerVersion("solc", compiler.name[len("solc-v") :], True)
        parse_standard_json_output(output, unit, solc_working_dir=str(self._root))


def analyse(root: Path) -> Slither:
    """Reads the contracts; what comes from elsewhere is read along and not judged."""
    return Slither(CryticCompile(SyntaxTrees(root)), filter_paths=["node_modules"])


def findings(slither: Slither) -> Counter[tuple[str, str]]:
    """How often each of Slither's detectors found something, and where."""
    for detector in vars(all_detectors).values():
        if inspect.isclass(detector) and issubclass(detector, AbstractDetector):
            slither.register_detector(detector)
    return Counter(
        (found["check"], _place(found["elements"][0]))
        for results in slither.run_detectors()
        for found in results
    )


def _place(element: dict[str, Any]) -> str:
    """The contract and the function of a finding, without its line: lines move."""
    parent = element.get("type_specific_fields", {}).get("parent")
    return f"{parent['name']}.{element['name']}" if parent else str(element["name"])
