"""Passkeys sign for members, by WebAuthn.

memberOf
  it tells whose address a public key is
isValid
  given an assertion by the member's passkey, of this digest
    it is valid, wherever the passkey was made, and with any more flags set
  given another digest, or another passkey, with its own key or the member's
    it is not
  given another kind of ceremony, or a user who was not there or not verified
    it is not
  given a signature with the high s, or r or s out of range
    it is not
  given client data in which the places are wrong, or the challenge is longer, padded or in hex
    it is not
  given authenticator data cut short
    it is not
  given a public key that is not on the curve, or whose coordinates are swapped
    it is not
  given bytes cut short anywhere, or with something else in front or behind
    it is not, and nothing reverts

Spec: S1, S2, S3
"""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from eth_abi.abi import decode, encode
from eth_utils import keccak, to_checksum_address
from support.passkeys import ASSERTION, ORDER, USER_PRESENT, USER_VERIFIED, Passkey

DIGEST = keccak(text="a message")
PHONE, OTHER_PHONE = Passkey(1), Passkey(2)

# Further flags of authenticator data: eligible for backup, backed up, extensions.
BACKED_UP, EXTENDED = 0x18, 0x80


@pytest.fixture
def is_valid(passkeys):
    def asking(signature, digest=DIGEST, member=PHONE.address):
        return passkeys.isValid(member, digest, signature)

    return asking


def parts(signature):
    """The assertion in a signature: r, s, two places, authenticator data and client data."""
    return list(decode([ASSERTION], signature[64:])[0])


def with_parts(signature, **changes):
    """The same signature with other parts of the assertion."""
    names = ("r", "s", "challenge_at", "type_at", "authenticator", "client")
    chosen = {**dict(zip(names, parts(signature), strict=True)), **changes}
    return signature[:64] + encode([ASSERTION], [tuple(chosen.values())])


def signed_over(client, authenticator=None):
    """A signature by the phone over any client data."""
    given = parts(PHONE.sign(DIGEST))
    authenticator = given[4] if authenticator is None else authenticator
    key = ec.derive_private_key(PHONE.secret, ec.SECP256R1())
    hashed = hashes.Hash(hashes.SHA256())
    hashed.update(client.encode())
    signed = authenticator + hashed.finalize()
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    s = min(s, ORDER - s)
    places = client.find('"challenge"'), client.find('"type"')
    values = (*(n.to_bytes(32, "big") for n in (r, s)), *(max(p, 0) for p in places))
    return PHONE.x + PHONE.y + encode([ASSERTION], [(*values, authenticator, client)])


def client_data(challenge, kind="webauthn.get"):
    return json.dumps({"type": kind, "challenge": challenge}, separators=(",", ":"))


def challenge_of(digest):
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_member_of_a_key_is_a_hash_of_it(passkeys):
    domain = keccak(text="Zegel passkey member")
    expected = keccak(domain + PHONE.x + PHONE.y)[12:]

    assert passkeys.DOMAIN() == "0x" + domain.hex()
    assert passkeys.memberOf(PHONE.x, PHONE.y) == to_checksum_address(expected) == PHONE.address
    assert passkeys.memberOf(PHONE.y, PHONE.x) != PHONE.address


def test_passkey_signs_for_its_member(is_valid):
    assert is_valid(PHONE.sign(DIGEST)) is True


def test_client_data_may_come_in_another_order(is_valid):
    client = json.dumps(
        {"challenge": challenge_of(DIGEST), "crossOrigin": False, "type": "webauthn.get"},
        separators=(",", ":"),
    )

    assert is_valid(signed_over(client)) is True


@pytest.mark.parametrize("site", ["wallet.example", "shop.example", ""])
def test_site_is_left_to_browsers(is_valid, site):
    assert is_valid(replace(PHONE, site=site).sign(DIGEST)) is True


@pytest.mark.parametrize("more", [0, BACKED_UP, EXTENDED])
def test_further_flags_do_no_harm(is_valid, more):
    assert is_valid(PHONE.sign(DIGEST, flags=USER_PRESENT | USER_VERIFIED | more)) is True


@pytest.mark.parametrize(
    "flags", [0, USER_PRESENT, USER_VERIFIED, BACKED_UP | USER_PRESENT, EXTENDED], ids=hex
)
def test_user_must_be_there_and_verified(is_valid, flags):
    assert is_valid(PHONE.sign(DIGEST, flags=flags)) is False


@pytest.mark.parametrize("kind", ["webauthn.create", "payment.get", "", "webauthn.get2"])
def test_other_ceremonies_do_not_count(is_valid, kind):
    assert is_valid(PHONE.sign(DIGEST, kind=kind)) is False


@pytest.mark.parametrize("bit", [0, 1, 255])
def test_other_digest_is_not_signed(is_valid, bit):
    other = (int.from_bytes(DIGEST, "big") ^ 1 << bit).to_bytes(32, "big")

    assert is_valid(PHONE.sign(DIGEST), digest=other) is False


def test_other_passkey_does_not_sign(is_valid):
    signature = OTHER_PHONE.sign(DIGEST)

    assert is_valid(signature) is False
    # Neither under the member's key.
    assert is_valid(PHONE.x + PHONE.y + signature[64:]) is False
    assert is_valid(signature, member=OTHER_PHONE.address) is True


def test_coordinates_in_the_other_order_are_another_key(is_valid, passkeys):
    signature = PHONE.y + PHONE.x + PHONE.sign(DIGEST)[64:]

    assert is_valid(signature) is False
    assert is_valid(signature, member=passkeys.memberOf(PHONE.y, PHONE.x)) is False


@pytest.mark.parametrize("key", [(0, 0), (1, 1), (2**256 - 1, 2**256 - 1)])
def test_point_off_the_curve_signs_nothing(is_valid, passkeys, key):
    x, y = (coordinate.to_bytes(32, "big") for coordinate in key)

    signature = x + y + PHONE.sign(DIGEST)[64:]

    assert is_valid(signature, member=passkeys.memberOf(x, y)) is False


def test_high_s_is_no_signature(is_valid):
    assert is_valid(PHONE.sign(DIGEST, low_s=False)) is False


@pytest.mark.parametrize("number", [0, ORDER, ORDER + 1, 2**256 - 1])
@pytest.mark.parametrize("part", ["r", "s"])
def test_numbers_out_of_range_are_no_signature(is_valid, part, number):
    signature = with_parts(PHONE.sign(DIGEST), **{part: number.to_bytes(32, "big")})

    assert is_valid(signature) is False


@pytest.mark.parametrize("place", ["challenge_at", "type_at"])
@pytest.mark.parametrize("at", [0, 2, 50, 10_000, 2**255, 2**256 - 1])
def test_wrong_places_are_refused(is_valid, place, at):
    assert is_valid(with_parts(PHONE.sign(DIGEST), **{place: at})) is False


@pytest.mark.parametrize(
    "challenge",
    [
        DIGEST.hex(),
        challenge_of(DIGEST) + "=",
        challenge_of(DIGEST) + "AAAA",
        challenge_of(DIGEST)[:-1],
        challenge_of(b"\0" + DIGEST),
        "",
    ],
)
def test_challenge_is_the_digest_and_nothing_else(is_valid, challenge):
    assert is_valid(signed_over(client_data(challenge))) is False


def test_digest_elsewhere_in_the_client_data_does_not_count(is_valid):
    other = client_data(challenge_of(bytes(32)))
    client = other[:-1] + f',"origin":"{challenge_of(DIGEST)}"}}'

    assert is_valid(signed_over(client)) is False


@pytest.mark.parametrize("length", [0, 1, 32, 33, 36])
def test_authenticator_data_cut_short_is_refused(is_valid, length):
    authenticator = parts(PHONE.sign(DIGEST))[4][:length]

    assert is_valid(signed_over(client_data(challenge_of(DIGEST)), authenticator)) is False


def test_authenticator_data_is_signed(is_valid):
    signature = PHONE.sign(DIGEST, flags=USER_PRESENT)
    authenticator = bytearray(parts(signature)[4])
    authenticator[32] = USER_PRESENT | USER_VERIFIED

    assert is_valid(with_parts(signature, authenticator=bytes(authenticator))) is False


def test_signature_cut_short_is_refused_without_a_revert(is_valid):
    signature = PHONE.sign(DIGEST)
    # What stands behind the client data is padding, which may be missing.
    needed = len(signature) - 32

    for length in [*range(65), *range(65, needed, 31), needed]:
        assert is_valid(signature[:length]) is False, length


@pytest.mark.parametrize("offset", [0, 31, 33, 64, 2**255])
def test_assertion_begins_where_it_must(is_valid, offset):
    signature = PHONE.sign(DIGEST)

    assert is_valid(signature[:64] + offset.to_bytes(32, "big") + signature[96:]) is False


def test_something_in_front_is_refused(is_valid):
    assert is_valid(b"\0" + PHONE.sign(DIGEST)) is False
    assert is_valid(bytes(32) + PHONE.sign(DIGEST)) is False
