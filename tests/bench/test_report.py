"""the table of the README
├── it replaces what stands between the markers, and nothing else
├── writing it twice changes nothing
├── a README without the markers is refused
└── it has a row for each operation, and a note on each rival that it names
"""

from pathlib import Path

import pytest

from bench.chain import Sent
from bench.comparison import Budget, Results, compare
from bench.operations import OPERATIONS
from bench.report import BEGIN, END, is_up_to_date, markdown, update_readme
from zegel.errors import ConfigError

BEFORE = f"# Zegel\n\n{BEGIN}\n"
AFTER = f"{END}\n\nMore text.\n"


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    path = tmp_path / "README.md"
    path.write_text(f"{BEFORE}an old table\n{AFTER}")
    return path


@pytest.fixture
def results() -> Results:
    figures = {each.key: Sent(40_000 * each.parts, b"") for each in OPERATIONS}
    rivals = {"transfer/holder": {"Solady ERC20": 32_000}}
    budgets = {"transfer/holder": Budget(35_200, target=True)}
    return compare(figures, {"PointToken": 15_480}, rivals, budgets)


def test_only_what_stands_between_the_markers_is_replaced(readme: Path) -> None:
    update_readme(readme, "a new table")
    assert readme.read_text() == f"{BEFORE}a new table\n{AFTER}"


def test_writing_twice_changes_nothing(readme: Path) -> None:
    assert not is_up_to_date(readme, "a new table")
    update_readme(readme, "a new table")
    assert is_up_to_date(readme, "a new table")
    once = readme.read_text()
    update_readme(readme, "a new table")
    assert readme.read_text() == once


@pytest.mark.parametrize("text", ["", "# Zegel\n", f"{BEGIN}\n", f"{END}\n{BEGIN}\n"])
def test_a_readme_without_the_markers_is_refused(readme: Path, text: str) -> None:
    readme.write_text(text)
    assert not is_up_to_date(readme, "a table")
    with pytest.raises(ConfigError) as refusal:
        update_readme(readme, "a table")
    assert str(refusal.value) == (
        f"the README has no place for the table: put {BEGIN} and {END} there"
    )
    assert readme.read_text() == text


def test_the_table_has_a_row_for_each_operation(results: Results) -> None:
    lines = markdown(results).splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + len(OPERATIONS)
    assert rows[2] == (
        "| transfer to a holder | 40,000 | Solady ERC20 | 32,000 | 1.25 | 32,756 | 35,200 |"
    )
    assert rows[-1] == "| creation of a program | 40,000 | - | - | - | - | - |"


def test_each_rival_in_the_table_has_a_note(results: Results) -> None:
    notes = [line for line in markdown(results).splitlines() if line.startswith("- *")]
    assert notes == ["- *Solady ERC20*: Points neither expire nor freeze."]


def test_figures_from_elsewhere_are_marked_as_such(results: Results) -> None:
    cited = [line for line in markdown(results).splitlines() if "Measured apart" in line]
    assert len(cited) == 3
    assert any("USDC, transferWithAuthorization*, 78,453" in line for line in cited)


def test_the_table_ends_with_the_sizes(results: Results) -> None:
    last = markdown(results).splitlines()[-1]
    assert last == "Bytes of code, of at most 24,576: PointToken 15,480."
