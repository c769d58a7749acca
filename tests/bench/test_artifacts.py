"""contracts from a file
├── it reads bytecode with and without 0x
└── it refuses a file that is missing, is something else, or lacks a contract
"""

import json
from pathlib import Path

import pytest

from bench.artifacts import NEEDED, Compiled, packaged, read
from zegel.errors import FileError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "contracts.json"


def test_bytecode_may_begin_with_0x(file: Path) -> None:
    contracts = {name: {"abi": [], "bytecode": "fe"} for name in NEEDED}
    contracts["PointToken"]["bytecode"] = "0xfe"
    file.write_text(json.dumps(contracts))
    assert read(file) == dict.fromkeys(NEEDED, Compiled([], b"\xfe"))


def test_the_packaged_contracts_are_complete() -> None:
    assert set(NEEDED) <= set(packaged())


def test_a_missing_file_is_refused(file: Path) -> None:
    with pytest.raises(FileError) as refusal:
        read(file)
    assert str(refusal.value) == f"{file}: does not exist: name a JSON file"


@pytest.mark.parametrize("text", ["", "[]", "3", '{"PointToken": 3}', '{"PointToken": {}}'])
def test_a_file_of_something_else_is_refused(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(FileError) as refusal:
        read(file)
    assert str(refusal.value) == f"{file}: is no JSON object of `abi` and `bytecode` by name"


def test_a_file_without_a_needed_contract_is_refused(file: Path) -> None:
    names = [name for name in NEEDED if name != "PointToken"]
    file.write_text(json.dumps({name: {"abi": [], "bytecode": ""} for name in names}))
    with pytest.raises(FileError) as refusal:
        read(file)
    assert str(refusal.value).startswith(f"{file}: has no PointToken: compile all of ")
