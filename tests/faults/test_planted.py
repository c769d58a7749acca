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
    """A line that is right, and one that is wrong."""

    file: str
    right: str
    wrong: str


BUGS = {
    "a block may have any parent": Bug(
        "index/fetching.py",
        "if self.place.hash and blocks[0].parent != self.place.hash:",
        "if not blocks:",
    ),
    "logs of another fork count": Bug(
        "index/fetching.py", 'log["blockHash"] != block.hash or log.get("removed")', "False"
    ),
    "a log that is told twice counts twice": Bug(
        "index/fetching.py", "if seen.setdefault((number, index), log) is log:", "if True:"
    ),
    "nobody looks for logs that are missing": Bug(
        "index/fetching.py", "if block.bloom:", "if not blocks:"
    ),
    "logs stay in the order in which they were told": Bug(
        "index/fetching.py", "block.logs.sort(key=_index)", "pass"
    ),
    "balances stay when blocks go": Bug(
        "index/reorgs.py",
        "change_balances(connection, _taken_back(connection, last))",
        "_taken_back(connection, last)",
    ),
    "prices stay ended when their successors go": Bug(
        "index/reorgs.py", "for program, partner in reopened:", "for program, partner in set():"
    ),
    "one block too few goes": Bug(
        "index/reorgs.py", "where(table.c.block > last)", "where(table.c.block > last + 1)"
    ),
    "what waits to be written is forgotten": Bug(
        "index/state.py",
        "account[generation] = account.get(generation, 0) + amount",
        "account[generation] = amount",
    ),
    "what was written counts twice": Bug(
        "index/state.py", "if key not in self._loaded:", "if True:"
    ),
    "accounts stay in mind when they were written": Bug(
        "index/state.py", "            ledger.accounts.clear()", "            pass"
    ),
    "prices never end": Bug(
        "index/writing.py", "        _close(connection, closing)", "        pass"
    ),
    "rows are kept without their balances": Bug(
        "index/writing.py",
        "    change_balances(connection, rows.changes)\n",
        "    _cursor(connection).execute('COMMIT')\n"
        "    from zegel.crashing import crash_point\n"
        "    crash_point('index.written')\n"
        "    change_balances(connection, rows.changes)\n"
        "    _cursor(connection).execute('BEGIN')\n",
    ),
    "the fee stays with the receiver": Bug(
        "index/projecting.py", "event.value - fee", "event.value"
    ),
    "announced prices count when the chain writes them down": Bug(
        "index/state.py", 'self.scheduled[told["program"]] = int(told["effectiveAt"])', "pass"
    ),
    "expired points were converted": Bug(
        "ledger/explaining.py",
        "if isinstance(following, e.Expired) and _is_of(event, following):",
        "if following is event:",
    ),
    "a carried life is lost": Bug(
        "ledger/explaining.py",
        "return carried[0] if isinstance(reason, e.Converted) and carried else reason",
        "return reason",
    ),
    "the newest points go first": Bug(
        "ledger/points.py",
        "for generation, amount in sorted(account.items())\n"
        "            if amount and self._expiry(generation) > timestamp\n        }",
        "for generation, amount in sorted(account.items(), reverse=True)\n"
        "            if amount and self._expiry(generation) > timestamp\n        }",
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

    lived = subprocess.run(
        [sys.executable, "-m", "faults.surviving", str(_LIVES)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{TESTS}"},
        capture_output=True,
        text=True,
    )

    print(lived.stdout)
    assert lived.returncode == 3, f"no life of {_LIVES} noticed it {lived.stderr[-2000:]}"
