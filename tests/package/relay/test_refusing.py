"""A relay refuses what it should not pay for, and says which value is wrong and what would be right
├── values that are not what their type says, by name
├── messages to other contracts, other networks, or that somebody else must carry out
├── signatures of somebody else, malformed ones, and twins
├── what ended, what moves nothing for nobody, what a contract refuses
├── more gas than a message, a signer or a program has
└── and more messages than may wait, or than one signer may have underway
"""

import json
import random

import pytest
from eth_keys.constants import SECPK1_N
from sqlalchemy import select
from support.messages import LATER, person, sign, to_token, transfer
from support.passkeys import Passkey

from zegel.chain.messages import TYPES, Domain, Message
from zegel.errors import RelayRefused
from zegel.relay.fields import message_from
from zegel.relay.limits import Limits
from zegel.relay.relay import Relay
from zegel.relay.schema import messages, spent

OTHER = person("other").address


def refused(act, reason, words, field=None):
    with pytest.raises(RelayRefused) as told:
        act()
    assert (told.value.reason, told.value.field) == (reason, field), told.value
    assert words in str(told.value), told.value


@pytest.fixture
def typed(suite, shopper):
    """A good message, as a wallet gives it."""
    return transfer(suite, shopper, OTHER, 250).typed_data()


MALFORMED = [
    ("value", -1, "is -1: give a number from 0 to 2^256 - 1"),
    ("value", 2**256, "give a number from 0 to 2^256 - 1"),
    ("value", 1.5, "is 1.5: give a number from 0 to 2^256 - 1"),
    ("value", True, "is True: give a number from 0 to 2^256 - 1"),
    ("value", "many", "is 'many': give a number"),
    ("value", "\u0661", "is '\u0661': give a number"),
    ("value", None, "is None: give a number"),
    ("value", [250], "is [250]: give a number"),
    ("value", "9" * 100_000, "…: give a number"),
    ("to", "0x12", "is '0x12': give an address, 0x and 40 digits"),
    ("to", "shop.eth", "is 'shop.eth': give an address"),
    ("to", 7, "is 7: give an address"),
    ("to", "0x" + "aB" * 20, "mend its checksum, or write it small"),
    ("nonce", "0x12", "is 0x12: give 0x and 64 digits"),
    ("nonce", "0x" + "g" * 64, "give 0x and 64 digits"),
    ("nonce", 5, "is 5: give 0x and 64 digits"),
    ("validBefore", {}, "is {}: give a number"),
]


@pytest.mark.parametrize(("name", "value", "words"), MALFORMED)
def test_a_malformed_value_is_refused_by_its_name(typed, name, value, words):
    typed["message"][name] = value

    refused(lambda: message_from(typed), "Malformed", words, f"message.{name}")


@pytest.mark.parametrize("name", TYPES["TransferWithAuthorization"])
def test_a_value_that_is_missing_is_refused_by_its_name(typed, name):
    del typed["message"][name]

    words = f"message.{name} is missing: give all values that were signed"
    refused(lambda: message_from(typed), "Malformed", words, f"message.{name}")


def test_values_that_were_not_signed_are_refused(typed):
    typed["message"]["memo"] = "hello"
    words = "message.memo is unknown: leave it out"
    refused(lambda: message_from(typed), "Malformed", words, "message.memo")
    del typed["message"]["memo"]

    typed["domain"]["salt"] = "0x00"
    words = "domain.salt is unknown: leave it out"
    refused(lambda: message_from(typed), "Malformed", words, "domain.salt")


@pytest.mark.parametrize("given", [None, 5, "text", [], {}, {"primaryType": "Permit"}])
def test_what_is_no_typed_data_is_refused(given):
    with pytest.raises(RelayRefused, match="give"):
        message_from(given)


@pytest.mark.parametrize("kind", ["Steal", "", None, 5, ["Permit"], {"a": 1}])
def test_unknown_messages_are_refused(typed, kind):
    typed["primaryType"] = kind

    refused(lambda: message_from(typed), "UnknownMessage", "give one of Permit", "primaryType")


def test_other_fields_under_a_known_name_are_refused(typed):
    typed["types"]["TransferWithAuthorization"].reverse()

    words = "is not that of TransferWithAuthorization"
    field = "types.TransferWithAuthorization"
    refused(lambda: message_from(typed), "Malformed", words, field)


def test_another_version_is_refused(typed):
    typed["domain"]["version"] = "2"

    words = "domain.version is '2': give '1'"
    refused(lambda: message_from(typed), "Malformed", words, "domain.version")


def test_numbers_and_addresses_may_be_written_in_their_other_ways(typed):
    plain = message_from(typed)
    typed["message"]["value"] = "250"
    typed["message"]["validBefore"] = hex(LATER)
    typed["message"]["to"] = OTHER.lower()
    typed["domain"]["chainId"] = "31337"
    del typed["types"]

    assert message_from(json.loads(json.dumps(typed))) == plain


def test_random_bytes_in_any_place_are_refused_or_read(typed):
    """Nothing but a refusal, whatever comes: five hundred spoilt messages."""
    chance = random.Random(5)
    odd = [None, -1, 2**300, "", "0x", "0x0", [], {}, [[]], "\0", "\ud800", 0.1, True, b"\0", "1e9"]
    told = []
    for _ in range(500):
        spoilt = json.loads(json.dumps(typed))
        part = chance.choice([spoilt, spoilt["domain"], spoilt["message"], spoilt["types"]])
        part[chance.choice(list(part))] = chance.choice(odd)
        try:
            message_from(spoilt).digest()
        except RelayRefused as refusal:
            told.append(str(refusal))
    assert len(told) > 300
    assert all("\n" not in line and len(line) < 600 for line in told)


@pytest.mark.parametrize(
    ("signature", "words"),
    [(b"", "has 0 bytes"), (b"x" * 4097, "has 4097 bytes"), ("0x1", "give 0x and digits")],
)
def test_a_signature_of_no_size_is_refused(suite, relay, shopper, signature, words):
    message = transfer(suite, shopper, OTHER, 1)

    refused(lambda: relay.accept(message, signature), "Malformed", words, "signature")


def test_other_networks_are_refused(suite, relay, shopper):
    good = transfer(suite, shopper, OTHER, 1)
    domain = Domain(good.domain.name, 1, good.domain.contract)
    message = Message(good.type, domain, good.values)

    act = lambda: relay.accept(message, sign(shopper, message))  # noqa: E731
    refused(act, "WrongNetwork", "domain.chainId is 1: sign for chain 31337", "domain.chainId")


def test_other_contracts_are_refused(suite, relay, shopper):
    good = transfer(suite, shopper, OTHER, 1)
    for contract in (OTHER, suite.settlement_token.address, suite.exchange.address):
        domain = Domain(good.domain.name, good.domain.chain_id, contract)
        message = Message(good.type, domain, good.values)
        words = f"domain.verifyingContract is {contract}: no program of this network"
        refused(
            lambda message=message: relay.accept(message, sign(shopper, message)),
            "UnknownContract",
            words,
            "domain.verifyingContract",
        )


def test_a_program_under_another_name_is_refused(suite, relay, shopper):
    good = transfer(suite, shopper, OTHER, 1)
    domain = Domain("Corner Shop!", good.domain.chain_id, good.domain.contract)
    message = Message(good.type, domain, good.values)

    words = "domain.name is 'Corner Shop!'"
    act = lambda: relay.accept(message, sign(shopper, message))  # noqa: E731
    refused(act, "UnknownContract", words, "domain.name")


def test_what_its_recipient_must_carry_out_is_refused(suite, relay, shopper):
    values = transfer(suite, shopper, OTHER, 1).values
    message = to_token(suite, "ReceiveWithAuthorization", **values)

    words = f"carried out by its recipient, {OTHER}, alone"
    refused(lambda: relay.accept(message, sign(shopper, message)), "NotForAnyone", words)


def test_a_bare_voucher_is_refused(suite, relay, shopper):
    domain = Domain("Zegel Desk", suite.connection.chain_id, suite.desk.address)
    token = suite.token("SHOP").address
    values = {
        "token": token,
        "member": shopper.address,
        "merchant": OTHER,
        "till": OTHER,
        "serial": 1,
        "amount": 1,
        "shared": False,
        "validBefore": LATER,
    }
    message = Message("Voucher", domain, values)

    words = "let one of them sign a Settlement"
    refused(lambda: relay.accept(message, sign(shopper, message)), "NotForAnyone", words)


def test_an_exchange_that_is_not_the_networks_is_refused(suite, relay, shopper):
    token = suite.token("SHOP").address
    times = {"validAfter": 0, "validBefore": LATER, "nonce": bytes(32)}
    who = {"member": shopper.address, "recipient": shopper.address}
    move = {"from": token, "to": suite.token("AIR").address, "amount": 1, "minOut": 1}
    values = {"exchange": OTHER, **who, **move, **times}
    message = to_token(suite, "ConvertWithAuthorization", **values)
    words = f"message.exchange is {OTHER}: give {suite.exchange.address}"
    act = lambda: relay.accept(message, sign(shopper, message))  # noqa: E731
    refused(act, "Malformed", words, "message.exchange")


def test_another_keys_signature_is_refused(suite, relay, shopper, give):
    give(shopper, 100)
    thief = person("thief")
    message = transfer(suite, shopper, OTHER, 1)
    words = f"the signature is {thief.address}'s: let {shopper.address} sign the message"

    act = lambda: relay.accept(message, sign(thief, message))  # noqa: E731
    refused(act, "InvalidSignature", words, "signature")


def test_malformed_and_malleable_signatures_are_refused(suite, relay, shopper, give):
    give(shopper, 100)
    message = transfer(suite, shopper, OTHER, 1)
    good = sign(shopper, message)
    high = SECPK1_N - int.from_bytes(good[32:64], "big")
    twin = good[:32] + high.to_bytes(32, "big") + bytes([55 - good[64]])
    for spoilt in (good[:64] + b"\x00", good[:64] + b"\x1d", twin, bytes(65)):
        refused(
            lambda spoilt=spoilt: relay.accept(message, spoilt),
            "InvalidSignature",
            "is malformed, or has its s in the upper half",
            "signature",
        )


def test_another_passkeys_signature_is_refused(suite, relay, give):
    phone, other = Passkey(5), Passkey(6)
    give(phone, 100)
    message = transfer(suite, phone, OTHER, 1)

    words = "and is no passkey's for this message"
    act = lambda: relay.accept(message, other.sign(message.digest()))  # noqa: E731
    refused(act, "InvalidSignature", words, "signature")


def test_what_has_ended_is_refused(suite, relay, shopper, give):
    give(shopper, 100)
    until = suite.connection.timestamp()
    message = transfer(suite, shopper, OTHER, 1, validBefore=until)

    words = f"it ended at {until}"
    refused(lambda: relay.accept(message, sign(shopper, message)), "Ended", words)


def test_who_has_no_points_is_paid_nothing(suite, relay, shopper, give):
    message = transfer(suite, shopper, OTHER, 0)
    refused(lambda: relay.accept(message, sign(shopper, message)), "NoPoints", "come with some")

    give(shopper, 1)
    assert relay.accept(message, sign(shopper, message)).state == "accepted"


def test_what_a_contract_refuses_is_refused_with_its_words(suite, relay, queue, shopper, give):
    give(shopper, 100)
    message = transfer(suite, shopper, OTHER, 101)
    words = (
        f"PointToken refused: ERC20InsufficientBalance(sender={shopper.address}, balance=100, "
        "needed=101)"
    )

    act = lambda: relay.accept(message, sign(shopper, message))  # noqa: E731
    refused(act, "ERC20InsufficientBalance", words)

    with queue.reading() as database:
        assert database.execute(select(messages)).all() == []
        assert database.execute(select(spent)).all() == []


def test_what_was_refused_may_come_again(suite, relay, shopper, give):
    message = transfer(suite, shopper, OTHER, 100)
    with pytest.raises(RelayRefused):
        relay.accept(message, sign(shopper, message))
    give(shopper, 100)

    assert relay.accept(message, sign(shopper, message)).state == "accepted"


def test_a_message_may_use_so_much_gas(suite, queue, shopper, give):
    give(shopper, 100)
    message = transfer(suite, shopper, OTHER, 1)
    # Too little even to play it, and too little to be sure.
    for gas in (60_000, 100_000):
        relay = Relay(suite, queue, Limits(message=gas))
        words = f"gas: this relay pays for {gas} at most"
        act = lambda relay=relay: relay.accept(message, sign(shopper, message))  # noqa: E731
        refused(act, "TooMuchGas", words)


@pytest.mark.parametrize("which", ["signer", "program"])
def test_a_day_has_so_much_gas(suite, queue, until, shopper, give, which):
    give(shopper, 100)
    now = [20_000 * 86_400]
    limits = Limits(**{which: 190_000})
    relay = Relay(suite, queue, limits, now=lambda: now[0])
    first, second, third = (transfer(suite, shopper, OTHER, 1, nonce=n) for n in (1, 2, 3))
    receipt = relay.accept(first, sign(shopper, first))

    whose = shopper.address if which == "signer" else suite.token("SHOP").address
    words = f"{which} {whose.lower()} has used"
    refused(lambda: relay.accept(second, sign(shopper, second)), "QuotaUsedUp", words)

    # What it used in truth was less than the most.
    until(receipt)
    receipt = relay.accept(second, sign(shopper, second))
    until(receipt)
    refused(lambda: relay.accept(third, sign(shopper, third)), "QuotaUsedUp", words)
    now[0] += 86_400
    assert relay.accept(third, sign(shopper, third)).state == "accepted"


def test_who_signs_and_signs_spends_no_more_than_the_quota(suite, queue, until, shopper, give):
    """In small: a member who signs and signs."""
    give(shopper, 1000)
    relay = Relay(suite, queue, Limits(signer=300_000))
    told = []
    for number in range(40):
        message = transfer(suite, shopper, OTHER, 1, nonce=number)
        try:
            until(relay.accept(message, sign(shopper, message)))
        except RelayRefused as refusal:
            told.append(refusal.reason)
    with queue.reading() as database:
        used = database.scalar(select(spent.c.gas).where(spent.c.whose == shopper.address.lower()))
    assert 30 < len(told) < 40
    assert set(told) == {"QuotaUsedUp"}
    assert 200_000 < used <= 300_000


def test_a_full_queue_takes_no_more_and_knows_what_it_has(suite, queue, until, give):
    relay = Relay(suite, queue, Limits(waiting=2))
    signed = []
    for number in range(3):
        who = person(f"shopper {number}")
        give(who, 100)
        message = transfer(suite, who, OTHER, 1)
        signed.append((message, sign(who, message)))
    receipts = [relay.accept(*one) for one in signed[:2]]

    words = "2 messages wait here: come again in 30 s, or send it yourself"
    refused(lambda: relay.accept(*signed[2]), "QueueFull", words)
    assert relay.accept(*signed[0]) == receipts[0]

    until(receipts[1])
    assert relay.accept(*signed[2]).state == "accepted"


def test_a_signer_has_so_many_messages_underway(suite, queue, until, shopper, give):
    relay = Relay(suite, queue, Limits(underway=2))
    other = person("another shopper")
    for who in (shopper, other):
        give(who, 100)
    signed = [transfer(suite, shopper, OTHER, 1, nonce=number) for number in range(3)]
    receipts = [relay.accept(one, sign(shopper, one)) for one in signed[:2]]

    words = "2 messages of the signer are on their way: come again when some arrived"
    act = lambda: relay.accept(signed[2], sign(shopper, signed[2]))  # noqa: E731
    refused(act, "TooManyUnderway", words)
    message = transfer(suite, other, OTHER, 1)
    assert relay.accept(message, sign(other, message)).state == "accepted"

    until(receipts[1])
    assert act().state == "accepted"
