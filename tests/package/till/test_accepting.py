"""Accepting
├── a voucher that keeps to all rules is taken, on the disk, and once, also by many threads
├── rule 1: the purse was read less than a window ago, and since the till settled
├── rule 2: the purse covers it and all that was taken before; tills share the merchant's purses
├── rule 3: there is a window left to settle it, its serial is the till's own and new, it is signed
├── rule 4: of the shared purse no more than the till's share of the merchant's limit
├── the merchant's own rules: floor limit, total limit, age of the sync
├── members, merchants and tills that are out of favour, and clocks that go back
├── a voucher that is not settled in time stops the till
└── asking: serials are never used twice, whenever the till is killed
"""

import os
import time
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from threading import Barrier, Thread

import pytest
from package.till.conftest import (
    FRIEND,
    MEMBER,
    OTHER_TOKEN,
    PLACE,
    READ_AT,
    TOKEN,
    WINDOW,
    answer,
)
from package.till.shops import killed_at
from support.passkeys import Passkey

from zegel.errors import ConfigError, Declined, FileError
from zegel.till.accepting import accept
from zegel.till.asking import ANSWER_SECONDS, ask
from zegel.till.opening import Rules, open_till
from zegel.till.queue import read_queue
from zegel.till.vouchers import Answer


def pay(till, amount, *, shared=False, phone=MEMBER, token=TOKEN):
    """A sale from the first word to the receipt."""
    request = ask(till, token, amount, shared=shared)
    return accept(till, answer(phone, request))


def promised(till, amount=100, *, shared=False):
    """An answer that is not taken yet."""
    return answer(MEMBER, ask(till, TOKEN, amount, shared=shared))


def aged(books, seconds):
    """The same books, read so many seconds before."""
    reading = replace(books.programs[TOKEN].reading, second=READ_AT - seconds)
    members = {pair: replace(one, reading=reading) for pair, one in books.members.items()}
    programs = {token: replace(one, reading=reading) for token, one in books.programs.items()}
    return replace(books, programs=programs, members=members)


def declined(text):
    return pytest.raises(Declined, match=text)


def settled(till, serial, state="paid", **values):
    till.record(state, till.clock(), serial=serial, **values)


# A voucher that is taken.


@pytest.mark.parametrize("shared", [False, True])
def test_a_voucher_is_taken_and_on_the_disk(till, shared):
    sale = pay(till, 150, shared=shared)

    (*_, record) = read_queue(till.queue.path)
    assert (record.kind, record.at, record.hash) == ("taken", READ_AT, sale.receipt)
    voucher = sale.voucher
    assert record.values == {
        "serial": 0,
        "token": TOKEN,
        "member": MEMBER.address,
        "merchant": PLACE.merchant,
        "till": PLACE.till,
        "amount": 150,
        "shared": shared,
        "valid_before": READ_AT + WINDOW + ANSWER_SECONDS,
        "signature": voucher.signature.hex(),
    }
    assert voucher.struct == (
        MEMBER.address,
        PLACE.till,
        0,
        150,
        shared,
        READ_AT + WINDOW + ANSWER_SECONDS,
    )
    assert (sale.state, sale.amount, sale.symbol, sale.decimals) == ("open", 150, "SHOP", 2)


def test_a_passkey_pays_as_well(opening, books):
    phone = Passkey(1)
    members = {(TOKEN, phone.address): books.members[TOKEN, MEMBER.address]}
    with opening(books=replace(books, members=members)) as till:
        assert pay(till, 100, phone=phone).member == phone.address


def test_sales_are_known_again_when_the_till_opens(opening):
    with opening() as till:
        pay(till, 150)
        pay(till, 100, shared=True)
        sales, promised = dict(till.sales.taken), till.sales.promised(TOKEN, MEMBER.address, True)
    with opening() as till:
        assert till.sales.taken == sales
        assert till.sales.promised(TOKEN, MEMBER.address, True) == promised == 100
        assert till.sales.unsettled(TOKEN) == 250


def test_the_same_answer_again_is_the_same_sale(till):
    request = ask(till, TOKEN, 100, shared=False)
    given = answer(MEMBER, request)
    sale = accept(till, given)
    length = len(till.queue.records)

    assert accept(till, given) == sale
    assert len(till.queue.records) == length
    with declined(f"serial 0 was paid by {MEMBER.address}: ask again"):
        accept(till, answer(FRIEND, request))


def test_threads_together_take_no_more_than_the_purse_holds(till):
    answers = [promised(till, 100) for _ in range(12)]
    start, taken = Barrier(len(answers)), []

    def take(given):
        start.wait()
        with suppress(Declined):
            taken.append(accept(till, given))

    threads = [Thread(target=take, args=(given,)) for given in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), till.sales.unsettled(TOKEN)) == (5, 500)
    kinds = [record.kind for record in read_queue(till.queue.path)]
    assert kinds.count("taken") == 5


def test_a_voucher_that_cannot_be_written_down_is_not_taken(till, monkeypatch):
    request = ask(till, TOKEN, 100, shared=False)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FileError, match="nothing was taken"):
        accept(till, answer(MEMBER, request))
    monkeypatch.undo()
    assert till.sales.taken == {}
    assert accept(till, answer(MEMBER, request)).amount == 100


def test_a_voucher_is_taken_within_fifty_milliseconds(till):
    """Generously: it takes about four, and the machine may have others to serve."""
    took = []
    for phone in (MEMBER, FRIEND) * 5:
        given = answer(phone, ask(till, TOKEN, 10, shared=False))
        begin = time.perf_counter()
        accept(till, given)
        took.append(time.perf_counter() - begin)
    assert sorted(took)[len(took) // 2] < 0.05


# Rule 1.


@pytest.mark.parametrize(("age", "is_taken"), [(WINDOW - 1, True), (WINDOW, False)])
def test_what_was_read_counts_for_less_than_a_window(till, clock, age, is_taken):
    clock.now = READ_AT + age - 1
    given = promised(till)
    clock.now += 1
    if is_taken:
        accept(till, given)
        return
    old = f"the last sync is {WINDOW} s old, the window is {WINDOW} s: connect and sync"
    with declined(old):
        accept(till, given)
    with declined(old):
        ask(till, TOKEN, 1, shared=False)


@pytest.mark.parametrize("which", ["program", "member"])
def test_limits_and_purses_are_both_as_young_as_that(opening, books, clock, which):
    old = replace(books.programs[TOKEN].reading, second=READ_AT - WINDOW)
    programs, members = dict(books.programs), dict(books.members)
    if which == "program":
        programs[TOKEN] = replace(programs[TOKEN], reading=old)
    else:
        members[TOKEN, MEMBER.address] = replace(members[TOKEN, MEMBER.address], reading=old)
    with opening() as till:
        given = promised(till)
        till.replace_books(replace(books, programs=programs, members=members))
        with declined("the last sync is 172800 s old"):
            accept(till, given)


@pytest.mark.parametrize("kind", ["settling", "paid", "overspent", "refused"])
def test_a_till_that_settled_reads_again_before_it_takes_more(opening, books, clock, kind):
    with opening() as till:
        pay(till, 100)
        given = promised(till, 50)
        if kind == "settling":
            till.record("settling", till.clock(), token=TOKEN, serials=[0], to=PLACE.till)
        else:
            settled(till, 0, kind, paid=100, block=105)
        # It may ask meanwhile: the member takes longer to answer than a till to sync.
        ask(till, TOKEN, 50, shared=False)
        with declined("the till has settled since its sync 0 s ago: connect and sync"):
            accept(till, given)
        reading = replace(books.programs[TOKEN].reading, records=len(till.queue.records))
        till.replace_books(
            replace(
                books,
                programs={TOKEN: replace(books.programs[TOKEN], reading=reading)},
                members={
                    pair: replace(member, reading=reading) for pair, member in books.members.items()
                },
            )
        )
        pay(till, 50)


# Rule 2.


def test_a_purse_covers_all_that_is_not_settled(till):
    pay(till, 300)
    with declined(r"2.01 SHOP is more than the 2.00 SHOP that are left of the purse: ask for less"):
        pay(till, 201)
    pay(till, 200)
    with declined(r"0.01 SHOP is more than the 0.00 SHOP that are left of the purse"):
        pay(till, 1)
    # Another member's, another program's, and the shared one are other purses.
    pay(till, 300, phone=FRIEND)
    pay(till, 300, token=OTHER_TOKEN)
    pay(till, 100, shared=True)


def test_tills_share_the_merchants_purses(opening, rules):
    with opening(replace(rules, share=Fraction(1, 3))) as till:
        with declined("1.67 SHOP is more than the 1.66 SHOP that are left of the purse"):
            pay(till, 167)
        pay(till, 166)


def test_the_shared_purse_is_the_same_for_all_tills(opening, books, rules):
    few = {pair: replace(member, shared=40) for pair, member in books.members.items()}
    with opening(replace(rules, share=Fraction(1, 2)), books=replace(books, members=few)) as till:
        with declined("0.41 SHOP is more than the 0.40 SHOP that are left of the purse"):
            pay(till, 41, shared=True)
        pay(till, 40, shared=True)


def test_a_member_whose_purses_were_never_read_does_not_pay(till):
    stranger = Passkey(7)
    with declined(f"the purses of {stranger.address} were never read here: sync the till"):
        pay(till, 1, phone=stranger)


# Rule 3.


@pytest.mark.parametrize(
    ("late", "is_taken"), [(ANSWER_SECONDS, True), (ANSWER_SECONDS + 1, False)]
)
def test_an_answer_leaves_a_window_to_settle_it(till, clock, late, is_taken):
    request = ask(till, TOKEN, 100, shared=False)
    clock.now += late
    if is_taken:
        accept(till, answer(MEMBER, request))
        return
    with declined(f"serial 0 ends in {WINDOW - 1} s, before the offline window of {WINDOW} s"):
        accept(till, answer(MEMBER, request))


def test_a_serial_is_the_tills_own(till):
    request = ask(till, TOKEN, 100, shared=False)
    with declined("serial 1 was never asked for here: ask again"):
        accept(till, answer(MEMBER, replace(request, serial=1)))


@pytest.mark.parametrize("changes", [{"amount": 1}, {"token": OTHER_TOKEN}, {"shared": True}])
def test_what_is_signed_is_what_was_asked_for(till, changes):
    request = ask(till, TOKEN, 100, shared=False)
    with declined("ask the member to sign again"):
        accept(till, answer(MEMBER, replace(request, **changes)))


def test_somebody_elses_signature_does_not_count(till):
    request = ask(till, TOKEN, 100, shared=False)
    signature = answer(FRIEND, request).signature
    with declined("ask the member to sign again"):
        accept(till, Answer(0, MEMBER.address, signature))
    assert till.sales.taken == {}


# Rule 4.


def test_the_merchants_limit_holds_for_a_member(till):
    pay(till, 150, shared=True)
    left = "0.50 SHOP that are left of the merchant's limit .*settle"
    with declined(f"0.51 SHOP is more than the {left}"):
        pay(till, 51, shared=True)
    pay(till, 50, shared=True)
    pay(till, 200, shared=True, phone=FRIEND)
    # Of its own purses a merchant takes what they hold.
    pay(till, 300)


def test_tills_share_the_merchants_limit(opening, rules):
    with opening(replace(rules, share=Fraction(1, 3))) as till:
        with declined("0.67 SHOP is more than the 0.66 SHOP that are left of the merchant's limit"):
            pay(till, 67, shared=True)
        pay(till, 66, shared=True)


# The merchant's own rules.


def test_one_payment_stays_within_the_floor_limit(till):
    with declined(r"4.01 SHOP is more than the floor limit of 4.00 SHOP for one payment"):
        ask(till, TOKEN, 401, shared=False)
    pay(till, 400)


def test_the_floor_limit_holds_for_what_was_asked_before_it_was_lowered(opening, rules):
    with opening() as till:
        request = ask(till, TOKEN, 400, shared=False)
    with (
        opening(replace(rules, floor_limits={TOKEN: 399})) as till,
        declined("the floor limit of 3.99 SHOP"),
    ):
        accept(till, answer(MEMBER, request))


def test_a_till_takes_nothing_unless_it_is_told_to(opening):
    with opening(Rules()) as till, declined("the floor limit of 0.00 SHOP"):
        ask(till, TOKEN, 1, shared=False)


def test_all_that_is_unsettled_stays_within_the_total_limit(till):
    pay(till, 400)
    pay(till, 400, phone=FRIEND)
    with declined("9.01 SHOP would be unsettled, more than the total limit of 9.00 SHOP"):
        pay(till, 101)
    pay(till, 100)
    # Of another program there is another one.
    pay(till, 400, token=OTHER_TOKEN)


@pytest.mark.parametrize(("age", "is_taken"), [(3_600, True), (3_601, False)])
def test_the_merchant_may_want_younger_syncs(opening, rules, clock, age, is_taken):
    with opening(replace(rules, max_age=3_600)) as till:
        given = promised(till)
        till.replace_books(aged(till.books, age))
        if is_taken:
            accept(till, given)
            return
        with declined("the last sync is 3601 s old, this till allows 3600 s: connect and sync"):
            accept(till, given)


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 2), Fraction(3, 2)])
def test_a_share_is_a_part(share):
    with pytest.raises(ConfigError, match="is not more than 0 and at most 1"):
        Rules(share=share)


# Out of favour.


def test_a_till_without_books_takes_nothing(till):
    till._books = None
    with declined("the till has not read the chain yet: sync it"):
        ask(till, TOKEN, 1, shared=False)


def test_frozen_members_do_not_pay(opening, books):
    frozen = {pair: replace(one, is_frozen=True) for pair, one in books.members.items()}
    with (
        opening(books=replace(books, members=frozen)) as till,
        declined(f"{MEMBER.address} is frozen in SHOP: ask its issuer"),
    ):
        pay(till, 1)


def test_frozen_merchants_are_not_paid(opening, books):
    program = replace(books.programs[TOKEN], merchant_is_frozen=True)
    with opening() as till:
        given = promised(till)
        till.replace_books(replace(books, programs={TOKEN: program}))
        with declined("the merchant is frozen in SHOP: ask its issuer"):
            accept(till, given)


def test_a_till_that_is_revoked_takes_nothing(opening, books):
    nobody = "0x" + "00" * 20
    with opening() as till:
        given = promised(till)
        till.replace_books(replace(books, merchant=nobody))
        revoked = f"the registry has {PLACE.till} as a till of {nobody}, not of {PLACE.merchant}"
        with declined(revoked):
            accept(till, given)
        with declined(revoked):
            ask(till, TOKEN, 1, shared=False)


def test_a_program_that_the_till_does_not_know_is_not_asked_for(till):
    with declined("the till knows no program"):
        ask(till, PLACE.desk, 1, shared=False)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_not_paid(till, amount):
    with declined(f"amount: {amount} is nothing to pay: ask for more"):
        ask(till, TOKEN, amount, shared=False)


def test_a_clock_that_goes_back_stops_the_till(till, clock):
    request = ask(till, TOKEN, 1, shared=False)
    clock.now -= 1
    with declined(f"the till's clock is at {READ_AT - 1}, 1 s before its last sale: set the cloc"):
        accept(till, answer(MEMBER, request))


def test_a_clock_behind_the_sync_stops_the_till(opening, books, clock):
    with opening() as till:
        given = promised(till)
        till.replace_books(aged(books, -5))
        with declined("5 s before the last sync: set the clock"):
            accept(till, given)


def test_a_voucher_that_is_not_settled_in_time_stops_the_till(opening, books, clock):
    with opening() as till:
        pay(till, 100)
        clock.now = READ_AT + WINDOW - 1
        till.replace_books(aged(books, 1 - WINDOW))
        pay(till, 100)
        given = promised(till)
        clock.now += 1
        with declined(f"serial 0 was taken {WINDOW} s ago and is not settled: settle it first"):
            accept(till, given)


def test_a_clock_that_was_set_right_stops_no_settling(till, clock):
    pay(till, 100)
    clock.now -= 1_000
    settled(till, 0, paid=100, block=101)
    assert till.sales.taken[0].state == "paid"


# Asking.


def test_serials_are_counted(opening):
    with opening() as till:
        serials = [ask(till, TOKEN, 1, shared=False).serial for _ in range(3)]
    with opening() as till:
        assert [*serials, ask(till, TOKEN, 1, shared=True).serial] == [0, 1, 2, 3]


def test_a_serial_is_taken_before_it_is_shown(opening):
    shown = set()

    def asks():
        with opening() as till:
            ask(till, TOKEN, 1, shared=False)

    for number in range(3):
        assert killed_at("till.asked", asks)
        with opening() as till:
            # What the one that was killed may have shown.
            shown.add(till.sales.next_serial - 1)
            assert till.sales.next_serial == 2 * number + 1
            assert ask(till, TOKEN, 1, shared=False).serial not in shown


# The folder.


def test_the_queue_of_another_till_is_refused(opening):
    with opening():
        pass
    with (
        pytest.raises(FileError, match=r"is the queue of another till .*: name another folder"),
        opening(place=replace(PLACE, till=TOKEN)),
    ):
        pass


def test_a_queue_that_lost_its_end_is_refused(opening, books):
    with opening() as till:
        for _ in range(3):
            ask(till, TOKEN, 1, shared=False)
        reading = replace(books.programs[TOKEN].reading, records=4)
        program = replace(books.programs[TOKEN], reading=reading)
        till.replace_books(replace(books, programs={TOKEN: program}))
        path = till.queue.path
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    with (
        pytest.raises(FileError, match="has 3 records, and had 4 at the last sync"),
        open_till(path.parent, PLACE, Rules()),
    ):
        pass


@pytest.mark.parametrize("point", ["till.taking", "till.taken"])
def test_a_till_that_is_killed_while_it_takes_a_voucher_goes_on(opening, point):
    with opening() as till:
        given = answer(MEMBER, ask(till, TOKEN, 100, shared=False))

    def takes():
        with opening() as till:
            accept(till, given)

    assert killed_at(point, takes)

    with opening() as till:
        assert len(till.sales.taken) == (point == "till.taken")
        sale = accept(till, given)
        assert till.sales.unsettled(TOKEN) == sale.amount == 100
