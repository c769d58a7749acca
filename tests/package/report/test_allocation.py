"""What belongs to the points: worked examples that firms of accountants publish.

KPMG's handbook on IFRS 15 (2019, examples 10 and 10A): goods for 100,000 bring 10,000 points worth
1 each, of which 9,700 will be redeemed; the points' part is taken as 9 %.
"""

import pytest

from zegel.report.allocation import Allocation, allocate, release

ONE_PERCENT = 10_000


def test_the_example_of_the_handbook():
    found = allocate(100_000, 100_000, 10_000, 970_000, step=ONE_PERCENT)

    assert found == Allocation(revenue=91_000, liability=9_000)
    assert release(found.liability, 4_500, of=9_700) == 4_175


def test_a_new_estimate_changes_what_is_released_from_then_on():
    assert release(9_000, 8_500, of=9_900) - release(9_000, 4_500, of=9_700) == 3_552


def test_goods_of_2000_with_2000_points_of_which_85_percent_count():
    """The points are worth 170 of 2,170 alone; half of them are redeemed.

    The example is often printed with 1,842 and 158, which its own shares do not give.
    """
    found = allocate(2_000, 2_000, 200, 850_000)

    assert found == Allocation(revenue=1_843, liability=157)
    assert release(found.liability, 1_000, of=2_000) == 79


def test_cents_are_allocated_exactly():
    found = allocate(200_000, 200_000, 20_000, 850_000)

    assert found == Allocation(revenue=184_332, liability=15_668)


@pytest.mark.parametrize("used", [1_700, 1_900, 2_000])
def test_no_more_is_released_than_is_owed(used: int):
    assert release(15_668, used, of=1_700) == 15_668


def test_points_that_nobody_redeems_are_nothing():
    assert allocate(2_000, 2_000, 200, 0) == Allocation(2_000, 0)
