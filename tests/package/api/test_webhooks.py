"""Webhooks are told everything once it is in the index, signed, until they take it."""

import hmac
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64decode, b64encode
from contextlib import contextmanager, suppress
from hashlib import sha256

import orjson
import pytest
from sqlalchemy import select
from support.calling import problem, sign_in
from support.listening import Taker

from zegel.api.addressing import NotDelivered, addresses_of, check_url, is_public, post
from zegel.api.delivering import PAUSES, Deliverer
from zegel.api.settings import Settings
from zegel.api.store import deliveries, webhooks
from zegel.errors import ConfigError


@pytest.fixture
def settings(settings):
    from dataclasses import replace

    return replace(settings, private_webhooks=True)


@pytest.fixture
def taker():
    taker = Taker()
    yield taker
    taker.stop()


@pytest.fixture
def clock():
    return [1_000_000]


@pytest.fixture
def deliverer(service, clock):
    """It is called by hand here, and the API's own does nothing in between."""
    deliverer = Deliverer(service, lambda: clock[0])
    deliverer.collect()
    return deliverer


@pytest.fixture
def idle(monkeypatch):
    monkeypatch.setattr(Deliverer, "start", lambda _: None)


@pytest.fixture
def hook(idle, deliverer, api, issuer, suite, taker):
    """A webhook of SHOP's issuer."""
    sign_in(api, issuer)
    token = suite.token("SHOP").address
    done = api.post("/v1/webhooks", json={"url": taker.url, "token": token})
    assert done.status_code == 201, done.text
    return done.json()


@pytest.fixture
def award(suite, awarder, member, indexed, deliverer):
    def send(amount=150):
        awarder.send(
            suite.token("SHOP").functions.award(member.address, amount, b"r".ljust(32, b"\0"))
        )
        indexed()
        deliverer.collect()

    return send


def test_a_movement_is_told_with_a_signature_that_can_be_checked(
    hook, award, deliverer, taker, member, suite
):
    award()
    deliverer.deliver()

    ((headers, body),) = taker.taken
    key = b64decode(hook["secret"].removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signature = b64encode(hmac.new(key, content, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{signature}"
    told = orjson.loads(body)
    assert told["type"] == "movement.awarded"
    assert (told["data"]["member"], told["data"]["amount"]) == (member.address, "150")
    assert told["data"]["token"] == suite.token("SHOP").address
    assert told["data"]["reference"] == "r"


# As `Deliverer` runs in a process of its own, which needs no chain; so many seconds later.
PROCESS = """
import sys, time
from types import SimpleNamespace
from zegel.api.delivering import Deliverer
from zegel.api.settings import Settings
from zegel.api.store import Store
from zegel.index.database import Database

index, store, later = sys.argv[1:]
settings = Settings(origin="http://localhost:8080", private_webhooks=True)
service = SimpleNamespace(settings=settings, index=Database(index), store=Store(store))
deliverer = Deliverer(service, lambda: int(time.time()) + int(later))
while deliverer.collect() or deliverer.deliver():
    pass
"""


@pytest.mark.parametrize(
    ("point", "twice"),
    [("webhooks.collected", 0), ("webhooks.delivered", 1), ("webhooks.delivered:2", 1)],
)
def test_a_process_that_is_killed_leaves_nothing_untold(
    hook, suite, awarder, member, indexed, taker, tmp_path, point, twice
):
    """Who was told just before the kill is told again, under the same id."""

    def run(later: int, **environment: str) -> int:
        paths = str(tmp_path / "index.db"), str(tmp_path / "api.db")
        command = [sys.executable, "-c", PROCESS, *paths, str(later)]
        return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode

    token = suite.token("SHOP").functions
    for number in range(3):
        awarder.send(token.award(member.address, 10 + number, bytes(32)))
    indexed()

    assert run(0, ZEGEL_CRASH_AT=point) == -signal.SIGKILL
    assert run(3_600) == 0

    told = {headers["webhook-id"]: orjson.loads(body)["data"] for headers, body in taker.taken}
    assert sorted(one["amount"] for one in told.values()) == ["10", "11", "12"]
    assert len(taker.taken) == 3 + twice
    assert run(7_200) == 0
    assert len(taker.taken) == 3 + twice


def test_what_is_taken_is_not_told_again(hook, award, deliverer, taker):
    award()
    deliverer.deliver()
    deliverer.collect()
    deliverer.deliver()

    assert len(taker.taken) == 1


def test_what_is_not_taken_is_told_again_later_and_later(hook, award, deliverer, taker, clock, api):
    taker.status = 500
    award()
    for number, pause in enumerate(PAUSES, start=1):
        deliverer.deliver()
        assert len(taker.taken) == number
        clock[0] += pause - 1
        deliverer.deliver()
        assert len(taker.taken) == number
        clock[0] += pause
    (listed,) = api.get("/v1/webhooks").json()
    assert listed["waiting"] == 1
    assert listed["trouble"] == "127.0.0.1 answered 500: answer 200 to 299"
    assert len({headers["webhook-id"] for headers, _ in taker.taken}) == 1

    deliverer.deliver()
    assert api.get("/v1/webhooks").json()[0]["disabled"] == clock[0]
    clock[0] += 10**6
    deliverer.deliver()
    assert len(taker.taken) == len(PAUSES) + 1


def test_a_webhook_where_nobody_listens_is_tried_again_and_named(
    hook, award, deliverer, taker, clock, api
):
    taker.stop()
    award()
    deliverer.deliver()

    (listed,) = api.get("/v1/webhooks").json()
    assert listed["waiting"] == 1
    assert listed["trouble"].startswith("127.0.0.1 did not answer: ConnectionRefusedError")


def test_a_webhook_that_takes_nothing_keeps_no_other_from_being_told(
    hook, award, deliverer, taker, api, suite, service, clock
):
    deaf = Taker()
    token = suite.token("SHOP").address
    assert api.post("/v1/webhooks", json={"url": deaf.url, "token": token}).status_code == 201
    deaf.stop()
    for amount in range(1, 9):
        award(amount)
    while deliverer.deliver():
        pass

    amounts = [orjson.loads(body)["data"]["amount"] for _, body in taker.taken]
    assert sorted(amounts) == [str(amount) for amount in range(1, 9)]
    waiting = {one["url"]: one["waiting"] for one in api.get("/v1/webhooks").json()}
    assert waiting == {taker.url: 0, deaf.url: 8}
    # One was tried of each portion, and the rest left for later.
    with service.store.database.reading() as store:
        assert sum(row.attempts for row in store.execute(select(deliveries))) == 2


def test_several_processes_share_what_is_due(hook, award, deliverer, service, taker, clock):
    for amount in (1, 2, 3):
        award(amount)
    taken = deliverer._take()
    Deliverer(service, lambda: clock[0]).deliver()

    assert (len(taken), taker.taken) == (3, [])


def test_who_takes_it_byte_by_byte_is_left_in_the_end(monkeypatch):
    monkeypatch.setattr("zegel.api.addressing.SECONDS_IN_ALL", 0.3)
    with dripping() as url, pytest.raises(NotDelivered, match="did not answer"):
        post(url, b"{}", {}, private=True)


@contextmanager
def dripping():
    """Somebody who answers for ever, a byte at a time."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            with server.accept()[0] as caller, suppress(OSError):
                while True:
                    caller.sendall(b"H")
                    time.sleep(0.02)

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()


def test_it_goes_on_where_it_was_however_long_it_was_away(
    hook, award, service, taker, suite, awarder, member, indexed, clock
):
    for amount in (1, 2, 3):
        awarder.send(suite.token("SHOP").functions.award(member.address, amount, bytes(32)))
    indexed()
    another = Deliverer(service, lambda: clock[0])

    another.collect()
    another.deliver()

    amounts = [orjson.loads(body)["data"]["amount"] for _, body in taker.taken]
    assert sorted(amounts) == ["1", "2", "3"]


def test_what_takes_the_place_of_blocks_that_were_given_up_is_told(
    hook, award, deliverer, taker, anvil, suite, awarder, member, indexed
):
    snapshot = anvil.snapshot()
    award(7)
    anvil.revert(snapshot)
    # In the block of the same number, so that its number alone would not tell it.
    awarder.send(suite.token("SHOP").functions.award(member.address, 9, bytes(32)))
    anvil.mine()
    indexed()
    deliverer.collect()
    deliverer.deliver()

    amounts = {orjson.loads(body)["data"]["amount"] for _, body in taker.taken}
    assert "9" in amounts


def test_only_chosen_kinds_are_told(idle, deliverer, api, issuer, suite, taker, award):
    sign_in(api, issuer)
    token = suite.token("SHOP").address
    body = {"url": taker.url, "token": token, "kinds": ["redeemed"]}
    assert api.post("/v1/webhooks", json=body).status_code == 201
    award()
    deliverer.deliver()

    assert taker.taken == []


def test_members_are_told_of_their_own_points_only(
    idle, deliverer, api, member, outsider, taker, award
):
    sign_in(api, outsider)
    assert api.post("/v1/webhooks", json={"url": taker.url}).json()["member"] == outsider.address
    award()
    deliverer.deliver()
    assert taker.taken == []

    sign_in(api, member)
    api.post("/v1/webhooks", json={"url": taker.url})
    award()
    deliverer.deliver()
    assert len(taker.taken) == 1


def test_nobody_listens_to_programs_of_others(api, outsider, suite):
    sign_in(api, outsider)
    body = {"url": "https://x.example/", "token": suite.token("SHOP").address}

    problem(api.post("/v1/webhooks", json=body), 403, "no-role")


def test_a_webhook_is_deleted_by_its_owner_with_all_that_waits(
    hook, award, deliverer, api, outsider, issuer, service
):
    award()
    sign_in(api, outsider)
    problem(api.delete(f"/v1/webhooks/{hook['id']}"), 404, "webhook-unknown")
    sign_in(api, issuer)

    assert api.delete(f"/v1/webhooks/{hook['id']}").status_code == 204

    with service.store.database.reading() as store:
        assert store.execute(select(webhooks)).all() == []
        assert store.execute(select(deliveries)).all() == []


def test_the_secret_is_told_once(hook, api):
    assert hook["secret"].startswith("whsec_")
    (listed,) = api.get("/v1/webhooks").json()
    assert "secret" not in listed


def test_unknown_kinds_are_refused(api, member):
    sign_in(api, member)
    body = {"url": "https://x.example/", "kinds": ["stolen"]}

    detail = problem(api.post("/v1/webhooks", json=body), 400, "invalid-request")

    assert detail.startswith("kinds: 'stolen' is none of awarded, ")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://shop.example/", "is not secure: write one with https"),
        ("ftp://shop.example/", "is not secure: write one with https"),
        ("https://user:pass@shop.example/", "names a user or a fragment: leave them out"),
        ("https://shop.example/#x", "names a user or a fragment: leave them out"),
        ("https:///x", "write it like https://shop.example/hook"),
        ("https://shop.example:99999/", "mend it"),
        ("https://shop.example/a b", "write it like https://shop.example/hook"),
        ("https://shop.example/\r\nx", "write it like https://shop.example/hook"),
        ("https://shöp.example/", "write it like https://shop.example/hook"),
    ],
)
def test_only_secure_and_plain_addresses_are_taken(url, words):
    with pytest.raises(ConfigError, match="url") as raised:
        check_url(url, private=False)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_private_addresses_are_known_in_all_their_clothes(address):
    assert not is_public(address)


def test_public_addresses_are_taken():
    for address in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"):
        assert is_public(address)


def test_names_of_private_addresses_are_not_connected_to(taker):
    with pytest.raises(NotDelivered, match=r"localhost is .*, which is not public"):
        addresses_of("localhost", 80, private=False)
    secure = taker.url.replace("http:", "https:")
    with pytest.raises(NotDelivered, match=r"127\.0\.0\.1 is 127\.0\.0\.1, which is not public"):
        post(secure, b"{}", {}, private=False)
    assert taker.taken == []


def test_redirects_are_not_followed(taker):
    taker.status = 302

    with pytest.raises(NotDelivered, match="answered 302: answer 200 to 299"):
        post(taker.url, b"{}", {"content-type": "application/json"}, private=True)
    assert len(taker.taken) == 1


def test_private_addresses_are_off_unless_the_settings_say_otherwise():
    assert Settings().private_webhooks is False
