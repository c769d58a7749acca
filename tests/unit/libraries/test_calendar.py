"""The contracts' calendar against Python's.

startOf
  for every month from 1970 to 2400, it is Python's first second of it
monthOf
  at the first and the last second of each of these months, and at random seconds, it is Python's
  for years that Python does not know, the calendar repeats itself every 400 years

Spec: T4
"""

import random
from datetime import datetime, timedelta, timezone

import pytest
from support.clock import DAY, utc

MONTHS = range(1970 * 12, 2401 * 12)
DAYS_PER_400_YEARS = 146_097
CHUNK = 1_000


def in_chunks(function, cases):
    """One call for many cases."""
    cases = list(cases)
    found = []
    for start in range(0, len(cases), CHUNK):
        found.extend(int(value) for value in function(cases[start : start + CHUNK]))
    return found


def start_of(month):
    return utc(month // 12, month % 12 + 1)


def month_of(timestamp):
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=timestamp)
    return moment.year * 12 + moment.month - 1


def test_every_month_begins_when_python_says(harness):
    assert in_chunks(harness.startsOf, MONTHS) == [start_of(month) for month in MONTHS]


def test_every_month_has_its_first_and_last_second(harness):
    starts = [start_of(month) for month in MONTHS]

    assert in_chunks(harness.monthsOf, starts) == list(MONTHS)
    assert in_chunks(harness.monthsOf, [start - 1 for start in starts[1:]]) == list(MONTHS)[:-1]


@pytest.mark.parametrize("seed", range(2))
def test_any_second_lies_in_the_month_that_python_says(harness, seed):
    chance = random.Random(seed)
    seconds = [chance.randrange(utc(9999, 12, 31)) for _ in range(2_000)]

    assert in_chunks(harness.monthsOf, seconds) == [month_of(second) for second in seconds]


def test_every_day_of_leap_years_and_their_neighbours(harness):
    years = (1970, 1972, 1996, 1999, 2000, 2001, 2099, 2100, 2101, 2399, 2400)
    days = [utc(year) + day * DAY for year in years for day in range(366)]

    assert in_chunks(harness.monthsOf, days) == [month_of(day) for day in days]


@pytest.mark.parametrize("cycles", [1, 20, 2_000])
def test_calendar_repeats_itself(harness, cycles):
    chance = random.Random(cycles)
    later = cycles * DAYS_PER_400_YEARS * DAY
    seconds = [chance.randrange(utc(2370)) for _ in range(200)]
    months = [month_of(second) + cycles * 400 * 12 for second in seconds]

    assert in_chunks(harness.monthsOf, [second + later for second in seconds]) == months
    starts = [start_of(month - cycles * 400 * 12) + later for month in months]
    assert in_chunks(harness.startsOf, months) == starts
