"""What names, domains and identifiers may look like, against Python's own words for it.

Lei
  given identifiers of real companies
    they are valid
  given a digit for a digit or a letter for a letter, or two digits or letters swapped
    they are not
  given a letter for a digit, or the other way round
    they are what Python says: a few of these slips go unnoticed, as in every such check
  given another length, small letters, or letters in the place of check digits
    they are not
  given the check digits 00, 01 or 99, which would pass the sum of other ones
    they are not
  for random prefixes, exactly one pair of check digits is valid: Python's
Names
  symbols, names and domains keep to their characters and lengths, to the byte

Spec: R3, R8
"""

import random
import re

import pytest

# From the public register: Apple, Bloomberg, Deutsche Bank, Tesla, BNP Paribas, ING, Philips.
REAL = (
    "HWUPKR0MPOU8FGXBT394",
    "5493001KJTIIGC8Y1R12",
    "7LTWFZYICNSX8D621K86",
    "54930043XZGB27CTOV49",
    "R0MUWSFPU8MPRO8K5P83",
    "549300NYKK9MWM7GGW15",
    "H1FJE8H61JGM1JSGM897",
)
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PAIRS = [f"{number:02d}" for number in range(100)]


def number_of(text):
    return int("".join(str(int(character, 36)) for character in text))


def check_digits(prefix):
    return f"{98 - number_of(prefix + '00') % 97:02d}"


def is_valid(lei):
    return lei[18:] == check_digits(lei[:18])


def one_changed(lei):
    return [
        lei[:place] + other + lei[place + 1 :]
        for place, character in enumerate(lei[:18])
        for other in CHARACTERS
        if other != character
    ]


def of_one_kind(slip, lei):
    return all(one.isdigit() == other.isdigit() for one, other in zip(slip, lei, strict=True))


def neighbours_swapped(lei):
    return [
        lei[:place] + lei[place + 1] + lei[place] + lei[place + 2 :]
        for place in range(17)
        if lei[place] != lei[place + 1]
    ]


def test_real_identifiers_are_valid(harness):
    assert list(harness.areLeis(REAL)) == [True] * len(REAL)


@pytest.mark.parametrize("lei", REAL[:3])
def test_slips_are_noticed(harness, lei):
    slips = one_changed(lei) + neighbours_swapped(lei)
    plain = [slip for slip in slips if of_one_kind(slip, lei)]

    assert list(harness.areLeis(slips)) == [is_valid(slip) for slip in slips]
    assert len(plain) > 150
    assert not any(harness.areLeis(plain))


def test_malformed_identifiers_are_not_valid(harness):
    lei = REAL[0]
    malformed = [
        "",
        lei[:-1],
        lei + "0",
        "0" + lei,
        lei.lower(),
        lei[:4] + "É" + lei[6:],
        lei[:4] + " " + lei[5:],
        # The right remainder, by a letter in the place of a digit.
        *(f"{lei[:18]}{one}{two}" for one in "ABC" for two in CHARACTERS),
        *(f"{lei[:18]}{one}{two}" for one in "0123456789" for two in CHARACTERS[10:]),
        *(lei[:5] + character + lei[6:] for character in "/:@[`{"),
    ]

    assert not any(harness.areLeis(malformed))


def test_check_digits_have_no_twins(harness):
    prefixes = ["000000000000000000", "ZZZZZZZZZZZZZZZZZZ"]
    # Prefixes whose check digits are 97, 98 and 02: 00, 01 and 99 leave the same remainder.
    for wanted in ("97", "98", "02"):
        candidates = (f"ZEGEL{number:013d}" for number in range(1_000))
        prefixes.append(next(p for p in candidates if check_digits(p) == wanted))

    for prefix in prefixes:
        answers = harness.areLeis([prefix + pair for pair in PAIRS])
        assert [pair for pair, valid in zip(PAIRS, answers, strict=True) if valid] == [
            check_digits(prefix)
        ]


def test_random_identifiers_agree_with_python(harness):
    chance = random.Random(17442)
    for _ in range(20):
        prefix = "".join(chance.choices(CHARACTERS, k=18))
        answers = harness.areLeis([prefix + pair for pair in PAIRS])
        assert [pair for pair, valid in zip(PAIRS, answers, strict=True) if valid] == [
            check_digits(prefix)
        ]


@pytest.mark.parametrize(
    ("function", "pattern", "longest"),
    [
        ("areSymbols", r"[A-Z0-9]{1,11}", 11),
        ("areDomains", r"[a-z0-9.-]{1,253}", 253),
    ],
)
def test_symbols_and_domains_keep_to_their_characters(harness, function, pattern, longest):
    every_byte = [chr(code) for code in range(128)]
    texts = [
        "",
        *every_byte,
        *(f"{'A' * 3}{character}" for character in every_byte),
        *(f"{character}{'a' * 3}" for character in every_byte),
        *("A0"[length % 2] * length for length in (longest - 1, longest, longest + 1)),
        *("a-"[length % 2] * length for length in (longest - 1, longest, longest + 1)),
        "\u0410IR",
        "ümlaut.example",
        "xn--mlaut-jva.example",
    ]

    answers = list(getattr(harness, function)(texts))

    assert answers == [bool(re.fullmatch(pattern, text, re.ASCII)) for text in texts]


def test_names_count_in_bytes(harness):
    texts = ["", "a", "Zum Löwen", "兎", "a" * 100, "a" * 101, "ö" * 50, "ö" * 50 + "a", "兎" * 34]

    assert list(harness.areNames(texts)) == [0 < len(text.encode()) <= 100 for text in texts]
