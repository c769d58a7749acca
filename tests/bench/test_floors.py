"""floors
├── calldata costs 4 gas for each zero byte and 16 for each other one
├── a floor is the transaction, its calldata and its terms, once for each time they are needed
├── the floors of the main operations are those derived by hand
└── a batch's floor is that of one award or one voucher, rounded up
"""

import pytest

from bench.operations import OPERATIONS, Operation
from bench.schedule import Term, calldata, log, total, transaction

BY_KEY = {operation.key: operation for operation in OPERATIONS}

ADDRESS = bytes(12) + b"\xad" * 20
AMOUNT = bytes(30) + b"\x05\xdc"
HASH = b"\xff" * 32
TIME = bytes(28) + b"\x6b\x99\x9a\x80"
SELECTOR = b"\xa9\x05\x9c\xbb"


def test_calldata_costs_by_the_byte() -> None:
    assert calldata(b"") == 0
    assert calldata(b"\x00\x00\x01") == 4 + 4 + 16
    assert calldata(SELECTOR + ADDRESS + AMOUNT) == 584


def test_an_event_costs_by_topic_and_byte() -> None:
    assert log(topics=0, words=0) == 375
    assert log(topics=3, words=1) == 1_756
    assert log(topics=4, words=2) == 2_387


def test_a_term_counts_as_often_as_it_is_needed() -> None:
    terms = (Term("slot", 5_000, 2), Term("event", 375))
    assert [term.total for term in terms] == [10_000, 375]
    assert total(terms) == 10_375


def test_every_transaction_pays_its_base_and_its_calldata() -> None:
    names = [term.name for term in transaction(SELECTOR)]
    assert names == ["transaction", "calldata"]
    assert total(transaction(SELECTOR)) == 21_000 + 64


@pytest.mark.parametrize(
    ("key", "words", "floor"),
    [
        # 21,000 + 584 + 2 x 5,000 + 1,756
        ("transfer/holder", (ADDRESS, AMOUNT), 33_340),
        # 17,100 more for the new slot
        ("transfer/new", (ADDRESS, AMOUNT), 50_440),
        # 21,000 + 1,096 + 3 x 5,000 + 1,756 + 2,131
        ("award/holder", (ADDRESS, AMOUNT, HASH), 40_983),
        ("award/new", (ADDRESS, AMOUNT, HASH), 58_083),
        # 21,000 + 1,520 + 2 x 2,600 + 6 x 5,000 + 2 x 1,756 + 3,667 + 128 for the deadline
        ("convert/holder", (ADDRESS, ADDRESS, AMOUNT, AMOUNT, ADDRESS, TIME), 65_027),
        ("convert/new", (ADDRESS, ADDRESS, AMOUNT, AMOUNT, ADDRESS, TIME), 82_127),
    ],
)
def test_floor_is_the_sum_of_its_terms(key: str, words: tuple[bytes, ...], floor: int) -> None:
    assert BY_KEY[key].floor(SELECTOR + b"".join(words)) == floor


@pytest.mark.parametrize(("occasion", "each"), [("holder", 7_148), ("new", 24_248)])
def test_batch_floor_is_that_of_one_award(occasion: str, each: int) -> None:
    award = b"\xad" * 20 + bytes(10) + b"\x05\xdc"
    head = SELECTOR + HASH + bytes(31) + b"\x40" + bytes(30) + b"\x01\xf4"
    # The transaction, the mark of the batch, the budget, the supply, BatchAwarded.
    once = 21_000 + calldata(head) + 22_100 + 5_000 + 5_000 + 2_012
    floor = BY_KEY[f"batch/500/{occasion}"].floor(head + award * 500)
    assert floor == -(-(once + 500 * each) // 500)


@pytest.mark.parametrize("purse", ["bound", "shared"])
def test_voucher_floor_is_that_of_one_voucher(purse: str) -> None:
    # The transaction, two balances, the token, the serials, Transfer, SettlementMade.
    once = 21_000 + 2 * 5_000 + 2_600 + 5_000 + 1_756 + 2_643
    # The signature, the purse, VoucherSettled.
    each = 3_000 + 5_000 + 2_899
    assert BY_KEY[f"voucher/100/{purse}"].floor(b"") == -(-(once + 100 * each) // 100)


def test_the_share_of_one_part_is_rounded_up() -> None:
    operation = Operation("batch", "batch", (), parts=500)
    assert [operation.each(gas) for gas in (0, 1, 500, 501)] == [0, 1, 1, 2]


def test_an_operation_without_terms_has_no_floor() -> None:
    assert BY_KEY["program/create"].floor(SELECTOR) is None


def test_every_operation_has_a_name_of_its_own() -> None:
    assert len(BY_KEY) == len(OPERATIONS)
    assert len({operation.title for operation in OPERATIONS}) == len(OPERATIONS)
