"""Shows which lines and branches of the contracts the tests ran: `make coverage`.

The tests leave behind which instructions ran and which ways conditional jumps took, of the very
bytecode that is deployed (tests/support/tracing.py). The compiler's source maps lead from there to
statements and conditions. Brownie's own coverage breaks off, and cannot see code with immutables;
Forge's would want the tests written once more in Solidity.

A line counts if a statement with instructions of its own begins on it. A branch is one of the two
outcomes of an `if`, a `?:`, a loop's condition or a short-circuit operator. What the optimizer
merged or removed has no instructions, and does not count.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from zegel_env import ROOT

SEEN = ROOT / "build" / "coverage"
CONTRACTS = ROOT / "build" / "contracts"
ARTIFACTS = ROOT / "src" / "zegel" / "chain" / "artifacts"
EXCEPTIONS = ROOT / "tests" / "coverage-exceptions.txt"

STATEMENTS = {
    "EmitStatement",
    "ExpressionStatement",
    "IfStatement",
    "Return",
    "RevertStatement",
    "VariableDeclarationStatement",
}
DECISIONS = {"Conditional", "ForStatement", "IfStatement", "WhileStatement"}
SHORT_CIRCUITS = {"&&", "||"}
JUMPI = 0x57
# What the tests write behind the code that creates a contract.
CREATION = " creation"

Json = dict[str, Any]
Range = tuple[str, int, int]  # file, begin, length
Decision = tuple[Range, str]  # of a conditional jump: `t` taken or `f` not


def main() -> None:
    ran, decided = ranges_of_all()
    exceptions = read_exceptions()
    missing, rows = [], []
    for file in sorted({file for file, *_ in [*ran, *(place for place, _ in decided)]}):
        source = (ROOT / file).read_bytes()
        lines = of_lines(source, {place: hit for place, hit in ran.items() if place[0] == file})
        ways = of_branches(source, {key: hit for key, hit in decided.items() if key[0][0] == file})
        for kind, marks in (("line", lines), ("branch", ways)):
            missing += [f"{file}:{mark} {kind}" for mark, hit in sorted(marks.items()) if not hit]
        rows.append((file, share(lines.values()), share(ways.values())))
    show(rows, [name for name in missing if name not in exceptions])
    stale = sorted(set(exceptions) - set(missing))
    unexplained = [name for name in missing if name not in exceptions]
    if stale:
        print("no longer missing:", *stale, sep="\n  ")
    if unexplained or stale:
        sys.exit(1)


def ranges_of_all() -> tuple[dict[Range, bool], dict[Decision, bool]]:
    """Statements and whether they ran; outcomes of decisions and whether they happened."""
    seen = read_seen()
    ran: dict[Range, bool] = defaultdict(bool)
    decided: dict[Decision, bool] = defaultdict(bool)
    files = all_files()
    for name, build in builds().items():
        artifact = ARTIFACTS / f"{name}.json"
        if not artifact.exists() or "/mocks/" in build["sourcePath"]:
            continue
        immutables = json.loads(artifact.read_text())["immutables"]
        marks = marks_of(seen, build, immutables)
        for kind, code, source_map in (
            ("", build["deployedBytecode"], build["deployedSourceMap"]),
            (CREATION, build["bytecode"], build["sourceMap"]),
        ):
            places = list(places_of(code, source_map, files))
            enter(places, marks[kind], ran, decided)
    return ran, decided


def read_seen() -> dict[str, set[str]]:
    """What all runs saw that left a file."""
    seen: dict[str, set[str]] = defaultdict(set)
    for path in SEEN.glob("*.json"):
        for code, marks in json.loads(path.read_text()).items():
            seen[code].update(marks)
    return seen


def marks_of(seen: dict[str, set[str]], build: Json, immutables: list[Json]) -> dict[str, set[str]]:
    """The marks of a contract's code, whatever its immutables are, and of its creation."""
    code = build["deployedBytecode"]
    ours = masked(code, immutables)
    marks: dict[str, set[str]] = {"": set(), CREATION: set()}
    for name, found in seen.items():
        text, _, kind = name.removeprefix("0x").partition(" ")
        if kind:
            # Its arguments follow.
            if text.startswith(build["bytecode"]):
                marks[CREATION].update(found)
        elif len(text) == len(code) and masked(text, immutables) == ours:
            marks[""].update(found)
    return marks


def masked(code: str, immutables: list[Json]) -> str:
    digits = list(code)
    for place in immutables:
        begin, end = 2 * place["start"], 2 * (place["start"] + place["length"])
        digits[begin:end] = "0" * (end - begin)
    return "".join(digits)


def places_of(
    code: str, source_map: str, files: dict[str, str]
) -> Iterator[tuple[int, int, Range | None]]:
    """Each instruction: its place, its opcode and the source it stands for, if that is ours."""
    raw = bytes.fromhex(code)
    at, fields = 0, ["0", "0", "-1"]
    for entry in source_map.split(";"):
        if at >= len(raw):
            return
        for index, value in enumerate(entry.split(":")[:3]):
            if value:
                fields[index] = value
        file = files.get(fields[2], "")
        ours = file.startswith("contracts/") and "/mocks/" not in file
        yield at, raw[at], (file, int(fields[0]), int(fields[1])) if ours else None
        at += 1 + (raw[at] - 0x5F if 0x60 <= raw[at] <= 0x7F else 0)


def enter(
    places: list[tuple[int, int, Range | None]],
    marks: set[str],
    ran: dict[Range, bool],
    decided: dict[Decision, bool],
) -> None:
    for at, opcode, place in places:
        if place is None:
            continue
        for statement in containing(place):
            ran[statement] |= str(at) in marks
        if opcode == JUMPI and place in decisions(place[0]):
            for way in "tf":
                decided[place, way] |= f"j{at}{way}" in marks


def decisions(file: str) -> set[Range]:
    return nodes(file)[1]


@cache
def containing(place: Range) -> tuple[Range, ...]:
    """The innermost statement around a place; of an `if`, only its condition is its own."""
    file, begin, length = place
    around = [
        statement
        for statement in nodes(file)[0]
        if statement[1] <= begin and begin + length <= statement[1] + statement[2]
    ]
    return tuple(sorted(around, key=lambda statement: statement[2])[:1])


@cache
def builds() -> dict[str, Json]:
    """What Brownie keeps of each contract, by name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(CONTRACTS.glob("*.json"))}


def all_files() -> dict[str, str]:
    """The sources by their numbers; a contract's own list leaves out what is inlined."""
    files: dict[str, str] = {}
    for name, build in builds().items():
        for number, file in build["allSourcePaths"].items():
            if files.setdefault(number, file) != file:
                sys.exit(f"{name} was built apart from the others: make clean build")
    return files


@cache
def nodes(file: str) -> tuple[list[Range], set[Range]]:
    """The nodes of a file's syntax tree: statements, and decisions as a set."""
    tree = next((b["ast"] for b in builds().values() if b["sourcePath"] == file), None)
    if tree is None:
        sys.exit(f"{file} is in no artifact: make build")
    statements, decided = [], set()
    for node in walk(tree):
        begin, length, _ = map(int, node["src"].split(":"))
        if node["nodeType"] in STATEMENTS:
            statements.append((file, begin, length))
        if node["nodeType"] in DECISIONS or node.get("operator") in SHORT_CIRCUITS:
            decided.add((file, begin, length))
    return statements, decided


def walk(node: Any) -> Iterator[Json]:
    if isinstance(node, list):
        for part in node:
            yield from walk(part)
    elif isinstance(node, dict):
        if "nodeType" in node and "src" in node:
            yield node
        for part in node.values():
            yield from walk(part)


def of_lines(source: bytes, ran: dict[Range, bool]) -> dict[int, bool]:
    lines: dict[int, bool] = {}
    for (_, begin, _), hit in ran.items():
        line = line_of(source, begin)
        lines[line] = lines.get(line, True) and hit
    return lines


def of_branches(source: bytes, decided: dict[Decision, bool]) -> dict[str, bool]:
    ways = {}
    for ((_, begin, length), way), hit in decided.items():
        text = " ".join(source[begin : begin + min(length, 40)].decode(errors="replace").split())
        ways[f"{line_of(source, begin)} {way} `{text}`"] = hit
    return ways


def line_of(source: bytes, begin: int) -> int:
    return source.count(b"\n", 0, begin) + 1


def read_exceptions() -> dict[str, str]:
    """What cannot run, and why: `contracts/File.sol:12 line # reason`."""
    if not EXCEPTIONS.exists():
        return {}
    entries = [
        line.split(" # ", 1) for line in EXCEPTIONS.read_text().splitlines() if " # " in line
    ]
    return {name.strip(): reason for name, reason in entries}


def share(hits: Any) -> tuple[int, int]:
    marks = list(hits)
    return sum(marks), len(marks)


def show(rows: list[tuple[str, tuple[int, int], tuple[int, int]]], missing: list[str]) -> None:
    def percent(hit: int, all_: int) -> str:
        return f"{hit:>5} of {all_:<5} {100 * hit / all_ if all_ else 100:6.1f} %"

    width = max(len(file) for file, *_ in rows)
    print(f"{'':{width}}  {'lines':>14}{'':9} {'branches':>14}")
    for file, lines, ways in rows:
        print(f"{file:{width}}  {percent(*lines)}  {percent(*ways)}")
    total = [tuple(map(sum, zip(*(row[part] for row in rows), strict=True))) for part in (1, 2)]
    print(f"{'all':{width}}  {percent(*total[0])}  {percent(*total[1])}")
    if missing:
        print("\nnever ran, and no reason is given in tests/coverage-exceptions.txt:")
        print(*missing, sep="\n")


if __name__ == "__main__":
    main()
