"""A town pays without a network for weeks, and one in twenty cheats.

given tills that keep to the four rules, and members that keep to theirs
  every voucher that an honest merchant's tills took is paid in full
  no honest member is frozen, and everyone who promised too much is
  what a member owes stays within the guarantee for one member, and all debts within that times the
  capacity
  the desk's account is the sum of the purses, and all balances the supply, in every month
  in the end every purse goes back
given tills that take more than their share, or a desk with a planted bug
  honest merchants lose: so the simulation would notice

Spec: O2, O13, O15, O19, O23, O27, O28
"""

from collections.abc import Mapping
from functools import cache

import pytest
from mutants.planting import Mutant, compiled
from proofs.offline.people import Size
from proofs.offline.simulation import Simulation

SMALL = Size(merchants=20, tills=50, members=500, days=7, visits=5)
FULL = Size(merchants=300, tills=1_000, members=10_000, days=30)

# What must have happened at least, lest the run be hollow.
SMALL_FLOORS = {
    "accepted by honest tills": 1_000,
    "settled": 1_000,
    "not promised: purse": 100,
    "not taken: not read": 10,
    "not taken: too much": 100,
    "overspent": 30,
    "units guaranteed": 1_000,
    "units unpaid": 1_000,
    "refused: settled": 30,
    "refused: ended": 30,
    "hold refused: GuaranteeExhausted": 30,
    "hold refused: PurseClosing": 10,
    "returned": 10,
    "ran away": 3,
    "thefts": 1,
    "thefts that failed": 1,
    "settlement refused: OtherTill": 1,
    "settlement refused: NotTill": 1,
    "forgiven": 1,
    "books checked": 2,
}
FULL_FLOORS = {
    **{name: 15 * floor for name, floor in SMALL_FLOORS.items() if floor > 2},
    "thefts": 15,
    "thefts that failed": 15,
    "settlement refused: OtherTill": 15,
    "settlement refused: NotTill": 15,
    "limits moved": 15,
    "forgiven": 30,
    "books checked": 2,
}

EARLY = Mutant(
    "a purse goes back after one window",
    "OfflineDesk",
    "desk/Purses.sol",
    "uint256 releasableAt = block.timestamp + 2 * offlineWindow;",
    "uint256 releasableAt = block.timestamp + offlineWindow;",
    "",
)
ANY_TILL = Mutant(
    "a till settles what other tills asked for",
    "OfflineDesk",
    "OfflineDesk.sol",
    "if (vouchers[i].till != operator) revert OtherTill(operator, vouchers[i].till);",
    "",
    "",
)


@cache
def finished(size: Size, keeps_shares: bool = True) -> Simulation:
    return Simulation(size, keeps_shares=keeps_shares).run()


@pytest.mark.parametrize(
    ("size", "floors"),
    [
        pytest.param(SMALL, SMALL_FLOORS, id="small"),
        pytest.param(FULL, FULL_FLOORS, id="full", marks=pytest.mark.deep),
    ],
)
def test_promises_that_keep_to_the_rules_are_kept(size: Size, floors: Mapping[str, int]) -> None:
    """Property: P31."""
    town = finished(size)
    town.check_books()
    frozen, debts = town.frozen, town.debts()
    _print(town, frozen, debts)

    assert town.losses() == 0
    assert frozen & town.honest == set()
    assert frozen == town.overspent
    assert max(town.greatest_draw, *debts.values()) <= town.per_member
    assert sum(debts.values()) <= town.per_member * town.capacity
    assert {name: town.counts[name] for name in floors if town.counts[name] < floors[name]} == {}

    town.return_all()

    assert town.token.call("balanceOf", town.desk.address) == 0
    assert town.desk.call("guaranteeOf", town.token.address)[3] == 0
    town.check_books()


def test_tills_that_take_more_than_their_share_lose() -> None:
    """Property: P31."""
    assert finished(SMALL, keeps_shares=False).losses() > 0


@pytest.mark.deep
@pytest.mark.parametrize("mutant", [EARLY, ANY_TILL], ids=lambda mutant: mutant.name)
def test_desk_with_a_planted_bug_lets_merchants_lose(mutant: Mutant) -> None:
    """Property: P31."""
    town = Simulation(SMALL, desk_code=compiled(mutant)).run()

    assert town.losses() > 0


def _print(town: Simulation, frozen: set[str], debts: Mapping[str, int]) -> None:
    """What happened, for those who run it with `-s`."""
    print(f"\n{town.size}")
    for name, count in sorted(town.counts.items()):
        print(f"  {name}: {count:,}")
    print(f"  frozen: {len(frozen):,}")
    print(f"  owed: {sum(debts.values()):,}, at most {max(debts.values()):,} by one")
