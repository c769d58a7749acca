"""the index among faults: whatever a chain, a node, a process and a database do, it is right"""

from pathlib import Path

import pytest
from faults.lives import Town
from faults.surviving import live

# Lives that once ended badly. They are told in every run.
_FAILED = [
    int(line)
    for line in (Path(__file__).parent / "failed-seeds.txt").read_text().split()
    if line.isdigit()
]


@pytest.mark.parametrize("seed", [*range(25), *_FAILED])
def test_the_index_survives_a_life(town: Town, seed: int, tmp_path: Path) -> None:
    live(town, seed, str(tmp_path / "index.db"))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(25, 225))
def test_the_index_survives_many_lives(town: Town, seed: int, tmp_path: Path) -> None:
    live(town, seed, str(tmp_path / "index.db"))


@pytest.mark.parametrize("seed", range(2))
def test_postgresql_survives_a_life(town: Town, seed: int, postgres_url: str) -> None:
    live(town, seed, postgres_url)
