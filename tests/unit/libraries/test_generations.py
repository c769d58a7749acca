"""The packed generations against a plain list of lots.

total, age, oldest, overflowing
  for any word, they give what the list gives
  none of them touches the bits that are not its own
"""

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.words import EPOCH_SHIFT, LANE_BITS, LANE_MAX

LANES = 4
EPOCH_MAX = 2**16 - 1

# Many cases go into one call: a call costs more than a case.
CASES = 60
UNHURRIED = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Word:
    """A word as a person would keep it: points by age, the newest first."""

    lanes: tuple[int, ...]
    epoch: int
    above: int

    @property
    def packed(self) -> int:
        points = sum(amount << (LANE_BITS * age) for age, amount in enumerate(self.lanes))
        return self.above << 208 | self.epoch << EPOCH_SHIFT | points

    def aged(self, epoch: int, lifetime: int) -> tuple["Word", int]:
        """The word at a later epoch, and what has expired until then."""
        elapsed = epoch - self.epoch
        lots = {age + elapsed: amount for age, amount in enumerate(self.lanes)}
        alive = tuple(lots.get(age, 0) if age < lifetime else 0 for age in range(LANES))
        return Word(alive, epoch, self.above), sum(self.lanes) - sum(alive)

    def oldest(self, amount: int) -> tuple[tuple[int, ...], int]:
        """Lots that make up an amount, and how much is missing."""
        taken = [0] * LANES
        for age in reversed(range(LANES)):
            taken[age] = min(amount, self.lanes[age])
            amount -= taken[age]
        return tuple(taken), amount

    def overflowing(self, more: tuple[int, ...]) -> int:
        """The first lane that cannot take more; `LANES` if all can."""
        full = (age for age in range(LANES) if self.lanes[age] + more[age] > LANE_MAX)
        return next(full, LANES)


# Small numbers collide, large ones overflow, and empty lanes are common.
AMOUNTS = st.one_of(
    st.just(0), st.integers(1, 5), st.integers(0, LANE_MAX), st.integers(LANE_MAX - 5, LANE_MAX)
)
POINTS = st.tuples(*[AMOUNTS] * LANES)
WORDS = st.builds(Word, POINTS, st.integers(0, EPOCH_MAX), st.integers(0, 2**48 - 1))


def many(strategy):
    return st.lists(strategy, min_size=CASES, max_size=CASES)


def numbers(returned):
    return [int(value) for value in returned]


@UNHURRIED
@given(words=many(WORDS))
def test_total_is_the_sum_of_the_lanes(harness, words):
    sums = harness.totals([word.packed for word in words])

    assert numbers(sums) == [sum(word.lanes) for word in words]


@st.composite
def agings(draw):
    word = draw(WORDS)
    elapsed = draw(st.one_of(st.integers(0, 5), st.integers(0, EPOCH_MAX)))
    return word, min(word.epoch + elapsed, EPOCH_MAX), draw(st.integers(1, LANES))


@UNHURRIED
@given(cases=many(agings()))
def test_age_moves_lanes_and_drops_the_dead(harness, cases):
    words = [word.packed for word, _, _ in cases]
    aged, expired = harness.agedAll(
        words, [epoch for _, epoch, _ in cases], [lifetime for _, _, lifetime in cases]
    )

    expected = [word.aged(epoch, lifetime) for word, epoch, lifetime in cases]
    assert numbers(aged) == [word.packed for word, _ in expected]
    assert numbers(expired) == [dead for _, dead in expected]


@st.composite
def spendings(draw):
    word = draw(WORDS)
    total = sum(word.lanes)
    edges = [sum(word.lanes[age:]) for age in range(LANES)]
    near = st.sampled_from(edges).flatmap(lambda edge: st.integers(max(0, edge - 1), edge + 1))
    return word, draw(
        st.one_of(near, st.integers(0, total + 5), st.integers(0, 2**256 - 1), st.just(0))
    )


@UNHURRIED
@given(cases=many(spendings()))
def test_oldest_takes_the_oldest_first(harness, cases):
    words = [word.packed for word, _ in cases]
    lots, missing = harness.oldestOf(words, [amount for _, amount in cases])

    expected = [word.oldest(amount) for word, amount in cases]
    assert numbers(lots) == [Word(taken, 0, 0).packed for taken, _ in expected]
    assert numbers(missing) == [short for _, short in expected]


@UNHURRIED
@given(cases=many(st.tuples(WORDS, WORDS)))
def test_overflowing_finds_the_first_full_lane(harness, cases):
    lanes = harness.overflowingLanes(
        [word.packed for word, _ in cases], [more.packed for _, more in cases]
    )

    expected = [word.overflowing(more.lanes) for word, more in cases]
    assert numbers(lanes) == expected
