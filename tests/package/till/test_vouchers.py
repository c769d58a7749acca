"""Vouchers and requests
├── a request and an answer survive their way through a QR code, and a text that was cut does not
├── what a member signs is what the desk hashes
├── a key's signature counts; another key's, another sale's, a malleable or malformed one does not
├── a passkey's signature counts; another passkey's, or one that is too long, does not
├── a contract's is refused without asking anybody
└── whatever the bytes are, the till says what the desk says
"""

from dataclasses import replace
from functools import cache
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from eth_abi.abi import decode, encode
from eth_utils import to_checksum_address
from package.till.conftest import FRIEND, MEMBER, PLACE, READ_AT, TOKEN, WINDOW, answer
from support.evm import NOBODY, Chain, Contract
from support.passkeys import ASSERTION, ORDER, Passkey

from zegel.chain import passkeys
from zegel.errors import Declined
from zegel.till import vouchers
from zegel.till.requests import Request, request_of
from zegel.till.vouchers import Answer, answer_of, check_signature, digest_of

PHONE, OTHER_PHONE = Passkey(1), Passkey(2)
SECP256K1 = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

REQUEST = Request(
    PLACE.chain_id,
    PLACE.desk,
    TOKEN,
    PLACE.merchant,
    PLACE.till,
    41,
    12_345,
    True,
    READ_AT + WINDOW,
)


def check(member, signature, request=REQUEST):
    check_signature(request, Answer(request.serial, member, signature))


def test_a_request_survives_its_way_through_a_code():
    text = REQUEST.text()

    assert request_of(text) == REQUEST
    assert request_of(f" {text.lower()}\n") == REQUEST
    assert request_of(replace(REQUEST, shared=False).text()) == replace(REQUEST, shared=False)
    # A QR code has a mode for these signs alone, in which they take less room.
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:")
    assert len(text) < 220


@pytest.mark.parametrize("phone", [MEMBER, PHONE], ids=["key", "passkey"])
def test_an_answer_survives_its_way_through_a_code(phone):
    given = answer(phone, REQUEST)

    assert answer_of(given.text()) == given


@pytest.mark.parametrize("read", [request_of, answer_of])
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda text: text[:-1], "was cut or mistyped"),
        (lambda text: text[:30], "was cut or mistyped"),
        (lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"), "was cut or mistyped"),
        (lambda text: text[:40] + "1" + text[41:], "was cut or mistyped"),
        (lambda text: "X" + text, "begins with 'XZEGEL"),
        (lambda text: "", "begins with ''"),
        (lambda text: text.partition(":")[2], "begins with"),
    ],
)
def test_a_text_that_was_spoilt_is_refused(read, spoil, reason):
    text = REQUEST.text() if read is request_of else answer(MEMBER, REQUEST).text()

    with pytest.raises(ValueError, match=reason):
        read(spoil(text))


def test_a_text_of_another_length_is_refused():
    short = vouchers.compact("ZEGELPAY", b"short")
    with pytest.raises(ValueError, match="has 5 bytes, not 113"):
        request_of(short)
    with pytest.raises(ValueError, match="has 5 bytes, fewer than"):
        answer_of(vouchers.compact("ZEGELVOUCHER", b"short"))


@pytest.mark.parametrize("phone", [MEMBER, PHONE], ids=["key", "passkey"])
def test_a_member_signs_for_its_sale_and_no_other(phone):
    signature = phone.sign(digest_of(REQUEST, phone.address))

    check(phone.address, signature)
    others = [
        {"chain_id": 1},
        {"desk": TOKEN},
        {"token": PLACE.desk},
        {"merchant": TOKEN},
        {"till": TOKEN},
        {"serial": 42},
        {"amount": 12_346},
        {"shared": False},
        {"valid_before": READ_AT},
    ]
    for changes in others:
        with pytest.raises(Declined, match="ask the member to sign again"):
            check(phone.address, signature, replace(REQUEST, **changes))


def test_the_refusal_says_who_signed():
    signature = FRIEND.sign(digest_of(REQUEST, MEMBER.address))

    with pytest.raises(Declined) as refused:
        check(MEMBER.address, signature)
    assert str(refused.value) == (
        f"the signature is {FRIEND.address}'s, not {MEMBER.address}'s for this sale: "
        "ask the member to sign again"
    )


def test_a_signature_that_is_too_long_is_refused():
    digest = digest_of(REQUEST, PHONE.address)
    longest = replace(PHONE, site="x" * 200)
    signature = longest.sign(digest)
    # What stands behind the assertion does not matter to the desk.
    padded = signature + bytes(1_024 - len(signature))

    check(PHONE.address, padded)
    with pytest.raises(Declined, match="has 1025 bytes, more than 1024"):
        check(PHONE.address, padded + b"\0")
    assert passkeys.is_valid(PHONE.address, digest, padded + b"\0")


@pytest.mark.parametrize("length", [0, 1, 64, 66, 96, 500])
def test_a_contracts_signature_is_refused(length):
    with pytest.raises(Declined, match="a contract's cannot be checked offline"):
        check(MEMBER.address, b"\1" * length)


@cache
def desk():
    """The desk, which says whether a member signed a digest."""
    chain = Chain(READ_AT)
    verifier = Contract.deploy(chain, NOBODY, "PasskeyVerifier")
    return Contract.deploy(chain, NOBODY, "OfflineDesk", NOBODY, NOBODY, verifier.address, WINDOW)


def agree(member, signature, expected=None):
    """Whether the till takes a signature; the desk must say the same."""
    digest = digest_of(REQUEST, member)
    said = desk().call("isSigned", member, digest, signature)
    try:
        check(member, signature)
        taken = True
    except Declined:
        taken = False
    assert taken is said, signature.hex()
    if expected is not None:
        assert taken is expected, signature.hex()
    return taken


def word(number):
    return number.to_bytes(32, "big")


def spoilt_keys():
    """Signatures of a key, and what may be made of them."""
    good = MEMBER.sign(digest_of(REQUEST, MEMBER.address))
    r, s, v = good[:32], int.from_bytes(good[32:64], "big"), good[64]
    yield good, True
    yield r + word(SECP256K1 - s) + bytes([55 - v]), False
    yield r + word(s) + bytes([55 - v]), False
    for other in (0, 1, 2, 26, 29, 30, v - 27, 255):
        yield r + word(s) + bytes([other]), False
    for number in (0, 1, SECP256K1 // 2, SECP256K1 // 2 + 1, SECP256K1, 2**256 - 1):
        yield r + word(number) + bytes([v]), False
        yield word(number) + word(s) + bytes([v]), False
    yield good[:-1], False
    yield good + b"\0", False


def test_the_till_says_of_keys_what_the_desk_says():
    for signature, expected in spoilt_keys():
        agree(MEMBER.address, signature, expected)
    agree(FRIEND.address, next(spoilt_keys())[0], False)


def with_parts(signature, **changes):
    names = ("r", "s", "challenge_at", "type_at", "authenticator", "client")
    given = dict(zip(names, decode([ASSERTION], signature[64:])[0], strict=True))
    return signature[:64] + encode([ASSERTION], [tuple({**given, **changes}.values())])


def signed_over(authenticator, client, signature):
    """The phone's signature over any authenticator data and client data."""
    key = ec.derive_private_key(PHONE.secret, ec.SECP256R1())
    signed = authenticator + sha256(client.encode()).digest()
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    low = min(s, ORDER - s)
    return with_parts(signature, r=word(r), s=word(low), authenticator=authenticator)


def spoilt_passkeys():
    digest = digest_of(REQUEST, PHONE.address)
    good = PHONE.sign(digest)
    yield good, True
    yield good + b"anything", True
    yield b"\0" + good, False
    yield PHONE.sign(digest, low_s=False), False
    yield PHONE.sign(digest[::-1]), False
    yield OTHER_PHONE.sign(digest), False
    yield PHONE.x + PHONE.y + OTHER_PHONE.sign(digest)[64:], False
    for kind in ("webauthn.create", "payment.get", "", "webauthn.get2"):
        yield PHONE.sign(digest, kind=kind), False
    for flags in range(0x20):
        is_good = flags & 5 == 5 and (flags & 0x18) != 0x10
        yield PHONE.sign(digest, flags=flags), is_good
    for part in ("r", "s"):
        for number in (0, ORDER, ORDER + 1, 2**256 - 1):
            yield with_parts(good, **{part: word(number)}), False
    for part in ("challenge_at", "type_at"):
        for place in (0, 2, 50, 10_000, 2**255, 2**256 - 1):
            yield with_parts(good, **{part: place}), False
    *_, authenticator, client = decode([ASSERTION], good[64:])[0]
    for length in (0, 1, 32, 33, 36):
        yield with_parts(good, authenticator=authenticator[:length]), False
        yield signed_over(authenticator[:length], client, good), False
    yield signed_over(authenticator, client, good), True
    yield signed_over(authenticator + b"more", client, good), True
    # The client data ends where the bytes end, and says that it is longer.
    end = good.index(client.encode()) + len(client)
    length = end - len(client) - 32
    yield good[:end], True
    yield good[:length] + word(len(client) + 1) + good[length + 32 : end], False
    for offset in (0, 31, 33, 64, 2**255):
        yield good[:64] + word(offset) + good[96:], False
    for place in (0x80, 0xA0):
        at = 96 + place
        for offset in (0, 1, 0x20, 0xBF, len(good) - 128, len(good) - 96, 2**64, 2**256 - 1):
            yield good[:at] + word(offset) + good[at + 32 :], None
    for length in range(0, len(good), 13):
        yield good[:length], None


def test_the_till_says_of_passkeys_what_the_desk_says():
    taken = [agree(PHONE.address, signature, expected) for signature, expected in spoilt_passkeys()]
    assert sum(taken) > 5


def test_the_till_says_of_any_changed_byte_what_the_desk_says():
    for phone in (MEMBER, PHONE):
        signature = phone.sign(digest_of(REQUEST, phone.address))
        for place in range(0, len(signature), 1 if phone is MEMBER else 5):
            changed = bytearray(signature)
            changed[place] ^= 1
            agree(phone.address, bytes(changed))


@pytest.mark.parametrize("key", [(0, 0), (1, 1), (2**256 - 1, 2**256 - 1)])
def test_points_off_the_curve_sign_nothing(key):
    x, y = map(word, key)
    member = passkeys.member_of(x, y)

    agree(member, x + y + PHONE.sign(digest_of(REQUEST, member))[64:], False)


def test_members_with_passkeys_have_the_addresses_that_the_chain_gives_them():
    assert passkeys.member_of(PHONE.x, PHONE.y) == PHONE.address
    assert to_checksum_address(PHONE.address) == PHONE.address
