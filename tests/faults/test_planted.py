"""the index with a planted bug: some life must end badly

Each bug is planted in a copy of the package, and the lives are told to that one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import zegel

PACKAGE = Path(zegel.__file__).parent
TESTS = Path(__file__).parent.parent

# So many lives at most notice a bug.
_LIVES = 12


class Bug(NamedTuple):
    """A line that is right, and one that is wrong; a test that notices it, if lives need not."""

    file: str
    right: str
    wrong: str
    noticed_by: str = ""


BUGS = {
    "a block may have any parent": Bug(
        "index/fetching.py",
        "if self.place.hash and blocks[0].parent != self.place.hash:",
        "if not blocks:",
    ),
    "logs of another fork count": Bug(
        "index/fetching.py",
        'log["blockHash"] != block.hash or log.get("removed")',
        "False",
        "package/index/test_fetching.py::test_a_fault_changes_nothing",
    ),
    "a log that is told twice counts twice": Bug(
        "index/fetching.py", "if seen.setdefault((number, index), log) is log:", "if True:"
    ),
    "nobody looks for logs that are missing": Bug(
        "index/fetching.py", "if block.bloom:", "if not blocks:"
    ),
    "logs stay in the order in which they were told": Bug(
        "index/fetching.py",
        "block.logs.sort(key=_index)",
        "pass",
        "package/index/test_fetching.py::test_logs_in_any_order_are_put_right",
    ),
    "balances stay when blocks go": Bug(
        "index/reorgs.py",
        "change_balances(connection, _taken_back(connection, last))",
        "_taken_back(connection, last)",
    ),
    "prices stay ended when their successors go": Bug(
        "index/reorgs.py",
        "for program, partner in reopened:",
        "for program, partner in set():",
        "package/index/test_reorgs.py::test_prices_hold_again_when_those_after_them_are_gone",
    ),
    "one block too few goes": Bug(
        "index/reorgs.py", "where(table.c.block > last)", "where(table.c.block > last + 1)"
    ),
    "what waits to be written is forgotten": Bug(
        "index/state.py",
        "account[generation] = account.get(generation, 0) + amount",
        "account[generation] = amount",
        "package/index/test_state.py",
    ),
    "what was written counts twice": Bug(
        "index/state.py",
        "if key not in self._loaded:",
        "if True:",
        "package/index/test_state.py",
    ),
    "accounts stay in mind when they were written": Bug(
        "index/state.py",
        "            ledger.accounts.clear()",
        "            pass",
        "package/index/test_state.py",
    ),
    "prices never end": Bug(
        "index/writing.py",
        "    for closing in rows.closing:",
        "    for closing in rows.closing[:0]:",
        "package/index/test_writing.py",
    ),
    "rows are kept without their balances": Bug(
        "index/writing.py",
        "    change_balances(connection, rows.changes)",
        "    change_balances(connection, {})",
        "package/index/test_writing.py",
    ),
    "the fee stays with the receiver": Bug(
        "index/projecting.py", "event.value - fee", "event.value"
    ),
    "announced prices count when the chain writes them down": Bug(
        "index/state.py",
        'self.scheduled[told["program"]] = int(told["effectiveAt"])',
        "pass",
        "package/index/test_state.py",
    ),
    "expired points were converted": Bug(
        "ledger/explaining.py",
        "if isinstance(following, e.Expired) and _is_of(event, following):",
        "if following is event:",
        "package/ledger/test_explaining.py",
    ),
    "a carried life is lost": Bug(
        "ledger/explaining.py",
        "return carried[0] if isinstance(reason, e.Converted) and carried else reason",
        "return reason",
        "package/ledger/test_explaining.py",
    ),
    "the newest points go first": Bug(
        "ledger/points.py",
        "for generation, amount in sorted(account.items())\n"
        "            if amount and self._expiry(generation) > timestamp\n        }",
        "for generation, amount in sorted(account.items(), reverse=True)\n"
        "            if amount and self._expiry(generation) > timestamp\n        }",
        "package/report/test_figures.py",
    ),
}


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_has_its_place(name: str) -> None:
    bug = BUGS[name]
    assert (PACKAGE / bug.file).read_text().count(bug.right) == 1


@pytest.mark.deep
@pytest.mark.parametrize("name", BUGS)
def test_a_life_notices_a_planted_bug(name: str, tmp_path: Path) -> None:
    bug, copy = BUGS[name], tmp_path / "zegel"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    spoilt = (copy / bug.file).read_text().replace(bug.right, bug.wrong)
    (copy / bug.file).write_text(spoilt)

    command = ["faults.surviving", str(_LIVES)]
    if bug.noticed_by:
        command = ["pytest", "-q", "-p", "no:cacheprovider", str(TESTS / bug.noticed_by)]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{TESTS}"}
    # A test has a chain of its own.
    environment.pop("ZEGEL_TEST_PORT", None)
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=TESTS.parent,
        env=environment,
        capture_output=True,
        text=True,
    )

    print(done.stdout)
    noticed = 1 if bug.noticed_by else 3
    assert done.returncode == noticed, f"nothing noticed it: {done.stdout} {done.stderr[-2000:]}"
