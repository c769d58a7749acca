"""The planted bugs: what is replaced where, and the compiler that makes contracts of them.

`old` must stand in its file exactly once, so that a mutant cannot outlive the line that it changes.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
INPUT = ROOT / "build" / "solc-input.json"

EXCHANGE = "PointExchange"
TOKEN = "PointToken"


@dataclass(frozen=True)
class Mutant:
    """A bug: in `file`, `old` becomes `new`; `contract` is what is built of it."""

    name: str
    contract: str
    file: str
    old: str
    new: str


MUTANTS = [
    Mutant(
        "points are rounded up",
        EXCHANGE,
        "libraries/Pricing.sol",
        "return value * 10 ** (PRICE_DECIMALS + decimals) / (price * unit);",
        "return Math.ceilDiv(value * 10 ** (PRICE_DECIMALS + decimals), price * unit);",
    ),
    Mutant(
        "the network fee is rounded down",
        EXCHANGE,
        "exchange/Accounts.sol",
        "return Math.ceilDiv(value * fee, 1_000_000);",
        "return value * fee / 1_000_000;",
    ),
    Mutant(
        "a change of terms leaves the version",
        EXCHANGE,
        "exchange/Prices.sol",
        "word = word.revised() | ProgramWords.TERMS;",
        "word = word | ProgramWords.TERMS;",
    ),
    Mutant(
        "a special ask may be lower than the bid",
        EXCHANGE,
        "exchange/Prices.sol",
        "if (terms.ask < highestBid) revert SpecialAskTooLow(terms.ask, uint64(highestBid));",
        "",
    ),
    Mutant(
        "a raised bid leaves a special ask below it",
        EXCHANGE,
        "exchange/Prices.sol",
        "ask = Math.max(terms.ask, target.bid());",
        "ask = terms.ask;",
    ),
    Mutant(
        "announced prices come a second late",
        EXCHANGE,
        "exchange/Prices.sol",
        "if (block.timestamp < scheduled.effectiveAt) return word;\n        return _replacePrices",
        "if (block.timestamp <= scheduled.effectiveAt) return word;\n        return _replacePrices",
    ),
    Mutant(
        "a day of limits begins at one in the morning",
        EXCHANGE,
        "exchange/Programs.sol",
        "return uint32(block.timestamp / 1 days);",
        "return uint32((block.timestamp - 1 hours) / 1 days);",
    ),
    Mutant(
        "money in is not counted against the limit",
        EXCHANGE,
        "exchange/Accounts.sol",
        "use.into = uint96(Math.min(use.into + into, type(uint96).max));",
        "",
    ),
    Mutant(
        "each change of a day begins the day anew",
        EXCHANGE,
        "exchange/Prices.sol",
        "if (_dayPrices[program].day != day && oldWord.bid() != 0) {",
        "if (oldWord.bid() != 0) {",
    ),
    Mutant(
        "less than the least is accepted",
        EXCHANGE,
        "PointExchange.sol",
        "if (out < minOut) revert OutputTooLow(out, minOut);",
        "",
    ),
    Mutant(
        "points that cannot be sent are converted for others",
        EXCHANGE,
        "PointExchange.sol",
        "if (!IPointToken(program).transferable()) revert TransfersDisabled(program);",
        "",
    ),
    Mutant(
        "the supply does not age",
        TOKEN,
        "token/PointLedger.sol",
        "if (block.timestamp >= supply >> Generations.EPOCH_END_SHIFT) supply = _renewed(supply);",
        "",
    ),
    Mutant(
        "a transfer makes points young again",
        TOKEN,
        "token/PointLedger.sol",
        "account.word = _unfrozen(to, account, epoch) + lots;",
        "account.word = _unfrozen(to, account, epoch) + amount;",
    ),
    Mutant(
        "a frozen member receives conversions",
        TOKEN,
        "token/Converting.sol",
        "_create(member, account, _unfrozen(member, account, supply.epochOf()), supply, amount);",
        "_create(member, account, _age(member, account.word, supply.epochOf()), supply, amount);",
    ),
    Mutant(
        "points live an epoch longer",
        TOKEN,
        "libraries/Generations.sol",
        "& ((1 << (LANE_BITS * lifetime)) - 1);",
        "& ((1 << (LANE_BITS * lifetime + 48)) - 1) & LANES_MASK;",
    ),
    Mutant(
        "a batch is awarded again",
        TOKEN,
        "token/Awarding.sol",
        "if (isAwarded[batchId]) revert BatchAlreadyAwarded(batchId);",
        "",
    ),
    Mutant(
        "a batch costs no budget",
        TOKEN,
        "token/Awarding.sol",
        "_spendBudget(total);",
        "",
    ),
]


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
