"""What the pages show is what is hashed, and what is hashed is what the package hashes.

for random messages of every kind
  the hash is that of zegel.chain.messages
  every field is shown as it is signed, and amounts to the unit in the lines above
names that others chose
  cannot hide, turn or stretch what stands beside them
"""

import json
import random
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from eth_utils.address import to_checksum_address

from zegel.chain.messages import TYPES, Domain, Message

PROBE = Path(__file__).with_name("probe.mjs")
MANY = 1_000

# Which field of a message an amount stands in, whose token it is of, and the line that shows it.
AMOUNTS = {
    "TransferWithAuthorization": [("value", None, "field.youSend")],
    "RedeemWithAuthorization": [("amount", None, "field.youRedeem")],
    "ConvertWithAuthorization": [
        ("amount", "from", "field.youGive"),
        ("minOut", "to", "field.youGetAtLeast"),
    ],
    "HoldWithAuthorization": [("amount", None, "field.youSetAside")],
    "Voucher": [("amount", "token", "field.youPay")],
}
PLACES = {
    "TransferWithAuthorization": [("to", "field.to"), ("from", "field.from")],
    "ConvertWithAuthorization": [("recipient", "field.recipient")],
    "HoldWithAuthorization": [("merchant", "field.shop"), ("member", "field.from")],
    "ReleaseWithAuthorization": [("merchant", "field.shop"), ("member", "field.member")],
    "Voucher": [("merchant", "field.shop"), ("till", "field.till"), ("member", "field.member")],
    "CharterSignature": [("party", "field.member")],
}
KINDS = (*AMOUNTS, "ReleaseWithAuthorization", "CharterSignature")

NAMES = [
    "Vinyl <img src=x onerror=alert(1)>",
    "\u202eSELIM",
    "A\u200bB\u2066C\u0000D\ufeffE",
    "Z" + "\u0301" * 500,
    "x" * 10_000,
    "Café de Zegel 咖啡",
]


@pytest.fixture(scope="module")
def chance():
    return random.Random(1997)


@pytest.fixture(scope="module")
def programs(chance):
    return [
        {"token": _address(chance), "symbol": f"P{n}", "name": f"Points {n}", "decimals": n}
        for n in range(5)
    ]


@pytest.fixture(scope="module")
def messages(chance, programs):
    return [_random(chance, programs, KINDS[n % len(KINDS)]) for n in range(MANY)]


@pytest.fixture(scope="module")
def told(messages, programs):
    around = {
        "network": {
            "contracts": {"settlementToken": "0x" + "99" * 20},
            "settlement": {"symbol": "EUR", "decimals": 6},
        },
        "programs": programs,
        "merchants": {},
        "language": "en",
    }
    asked = {
        "messages": [_asked(message) for message in messages],
        "around": around,
        "names": NAMES,
    }
    done = subprocess.run(
        ["node", str(PROBE)], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_the_pages_hash_what_the_package_hashes(messages, told):
    assert set(told["kinds"]) == set(KINDS)
    assert [one["digest"] for one in told["messages"]] == [
        "0x" + message.digest().hex() for message in messages
    ]


def test_every_field_is_shown_as_it_is_signed(messages, told):
    for message, shown in zip(messages, told["messages"], strict=True):
        written = message.typed_data()["message"]
        expected = [[name, _written(written[name])] for name in TYPES[message.type]]
        assert shown["fields"] == expected


def test_amounts_and_sides_are_shown_to_the_unit(messages, told, programs):
    known = {one["token"]: one for one in programs}
    for message, shown in zip(messages, told["messages"], strict=True):
        lines = {line["label"]: line for line in shown["lines"]}
        for field, token, label in AMOUNTS.get(message.type, []):
            owner = message.values[token] if token else message.domain.contract
            program, line = known[owner], lines[label]
            number, symbol = line["value"].rsplit(" ", 1)
            exact = Decimal(number.replace(",", "")).scaleb(program["decimals"])
            assert (exact, symbol) == (message.values[field], program["symbol"])
        for field, label in PLACES.get(message.type, []):
            assert lines[label]["value"] == message.values[field]


def test_what_wallets_and_the_relay_get_is_the_same_message(messages, told):
    for message, shown in zip(messages, told["messages"], strict=True):
        given, right = shown["typedData"], message.typed_data()
        assert given["types"] == right["types"]
        assert given["domain"] == right["domain"]
        written = {name: _written(value) for name, value in right["message"].items()}
        assert {name: _written(value) for name, value in given["message"].items()} == written


def test_hostile_names_are_shown_harmlessly(told):
    assert told["names"][0] == NAMES[0]  # the page makes text of it, never markup
    assert told["names"][1] == "\ufffdSELIM"
    assert told["names"][2] == "A\ufffdB\ufffdC\ufffdD\ufffdE"
    assert len(told["names"][3]) <= 4
    assert len(told["names"][4]) == 64
    assert told["names"][5] == NAMES[5]


def _random(chance, programs, kind):
    values = {name: _value(chance, of, name, programs) for name, of in TYPES[kind].items()}
    contract = chance.choice(programs)["token"]
    return Message(kind, Domain("Some points", chance.randrange(1, 2**40), contract), values)


def _value(chance, of, name, programs):
    is_token = name == "token" or (name in ("from", "to") and of == "address")
    if is_token:
        return chance.choice(programs)["token"]
    return {
        "address": lambda: _address(chance),
        "uint256": lambda: chance.choice((0, 1, chance.randrange(2**48), chance.randrange(2**256))),
        "bytes32": lambda: chance.randbytes(32),
        "bool": lambda: chance.random() < 0.5,
    }[of]()


def _asked(message):
    typed = message.typed_data()["message"]
    return {
        "kind": message.type,
        "domain": {
            "name": message.domain.name,
            "chainId": message.domain.chain_id,
            "contract": message.domain.contract,
        },
        "values": {
            name: str(value) if type(value) is int else value for name, value in typed.items()
        },
    }


def _written(value):
    """As JavaScript writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _address(chance):
    return to_checksum_address(chance.randbytes(20))
