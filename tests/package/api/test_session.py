"""Who signs in by ERC-4361, and who does not: domain, chain, times, nonce, signature."""

from datetime import datetime, timedelta, timezone

import pytest
from support.calling import digest, personally_signed, problem, sign_in, sign_in_text
from support.passkeys import Passkey


@pytest.fixture
def nonce(api):
    return lambda: api.post("/v1/session/nonce").json()["nonce"]


@pytest.fixture
def attempt(api, nonce, member):
    """Signs in with a message that differs in something."""

    def post(signer=None, **other):
        text = sign_in_text(member.address, nonce(), **other)
        signature = personally_signed(signer or member, text)
        return api.post("/v1/session", json={"message": text, "signature": signature})

    return post


def refused(answer):
    return problem(answer, 401, "not-signed-in").removeprefix("the message does not count: ")


def test_a_key_signs_in_and_out(api, member):
    done = sign_in(api, member)

    assert done.status_code == 200
    assert done.json()["account"] == member.address
    (cookie,) = done.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert api.get("/v1/session").json() == done.json()

    assert api.delete("/v1/session").status_code == 204
    assert problem(api.get("/v1/session"), 401, "not-signed-in") == (
        "nobody is signed in: sign in at /v1/session first"
    )


def test_a_cookie_is_worth_nothing_after_signing_out(api, member):
    sign_in(api, member)
    kept = dict(api.cookies)
    api.delete("/v1/session")
    api.cookies.update(kept)

    problem(api.get("/v1/session"), 401, "not-signed-in")


def test_a_passkey_signs_in(api, nonce):
    passkey = Passkey(7)
    text = sign_in_text(passkey.address, nonce())
    signature = "0x" + passkey.sign(digest(text)).hex()

    done = api.post("/v1/session", json={"message": text, "signature": signature})

    assert done.json()["account"] == passkey.address


def test_another_passkey_does_not(api, nonce):
    text = sign_in_text(Passkey(7).address, nonce())
    signature = "0x" + Passkey(8).sign(digest(text)).hex()

    done = api.post("/v1/session", json={"message": text, "signature": signature})

    assert refused(done).startswith(f"the signature is not that of {Passkey(7).address}")


def test_a_contract_signs_in_by_what_it_says_itself(api, anvil, nonce, member):
    account = "0x" + 39 * "1" + "2"
    # It returns the magic value whatever it is asked, and later zero.
    magic = "1626ba7e" + 56 * "0"
    for code, status in (
        ("7f" + magic + "60005260206000f3", 200),
        ("7f" + 64 * "0" + "60005260206000f3", 401),
        ("60006000fd", 401),
    ):
        anvil.rpc("anvil_setCode", account, "0x" + code)
        text = sign_in_text(account, nonce())
        signature = personally_signed(member, text)
        done = api.post("/v1/session", json={"message": text, "signature": signature})
        assert done.status_code == status


def test_another_key_does_not(attempt, member, outsider):
    words = refused(attempt(signer=outsider))

    assert words == f"the signature is not that of {member.address}: sign it by that account"


def test_a_message_counts_once(api, nonce, member):
    number = nonce()
    text = sign_in_text(member.address, number)
    body = {"message": text, "signature": personally_signed(member, text)}
    assert api.post("/v1/session", json=body).status_code == 200

    assert refused(api.post("/v1/session", json=body)) == (
        f"its nonce {number} is not open: ask for one, and sign it once"
    )


def ago(seconds):
    moment = datetime.now(timezone.utc) - timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (
            {"domain": "evil.example"},
            "it is for evil.example and http://localhost:8080: sign one for http://localhost:8080",
        ),
        (
            {"uri": "http://evil.example/x"},
            "it is for localhost:8080 and http://evil.example: sign one for http://localhost:8080",
        ),
        ({"chain": 1}, "it is for chain 1: sign one for chain 31337"),
        ({"issued": ago(3_600)}, "sign a new one"),
        ({"issued": ago(-3_600)}, "sign a new one"),
        ({"issued": "yesterday"}, "'yesterday' is no time: write it like 2026-12-31T18:00:00Z"),
        ({"rest": f"\nExpiration Time: {ago(1)}"}, "sign a new one"),
        ({"rest": f"\nNot Before: {ago(-3_600)}"}, "come back then"),
        ({"rest": "\nMore: words"}, "it is not written as ERC-4361 has it"),
    ],
)
def test_a_message_for_something_else_does_not_count(attempt, other, words):
    assert words in refused(attempt(**other))


def test_a_session_ends_with_its_message(attempt):
    soon = ago(-60)

    done = attempt(rest=f"\nExpiration Time: {soon}").json()

    assert done["expires"] == int(datetime.fromisoformat(soon.replace("Z", "+00:00")).timestamp())


def test_other_sites_can_do_nothing_with_a_session(api, member):
    sign_in(api, member)

    answer = api.post(
        "/v1/webhooks",
        json={"url": "https://x.example"},
        headers={"origin": "https://evil.example"},
    )

    assert problem(answer, 403, "other-origin") == (
        "origin: https://evil.example may not do this: use our own pages"
    )
