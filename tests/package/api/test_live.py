"""Signed messages go through the API into a block, and whoever listens hears of it."""

import pytest
from fastapi.testclient import TestClient
from support.calling import problem
from support.listening import at_an_address, listening
from support.messages import person, sign, transfer

from zegel.api.app import create_app
from zegel.chain.sending import KeySender
from zegel.relay.limits import Limits
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay
from zegel.relay.working import Worker


@pytest.fixture
def relay(service, suite, tmp_path):
    service.relay = Relay(suite, open_queue(f"sqlite:///{tmp_path / 'r.db'}", suite.connection))
    return service.relay


@pytest.fixture
def worker(anvil, suite, relay):
    payer = person("payer")
    anvil.set_balance(payer.address, 10**20)
    return Worker(suite, relay.queue, [KeySender(suite.connection, payer)], depth=0)


@pytest.fixture
def shopper(suite, awarder):
    who = person("shopper")
    awarder.send(suite.token("SHOP").functions.award(who.address, 1_000, bytes(32)))
    return who


@pytest.fixture
def handed(suite, shopper, outsider):
    """A signed transfer as a wallet hands it in: numbers are text there."""

    def body(nonce=1, amount=100):
        message = transfer(suite, shopper, outsider.address, amount, nonce)
        signature = "0x" + sign(shopper, message).hex()
        typed = message.typed_data()
        typed["message"] = {
            name: str(value) if isinstance(value, int) else value
            for name, value in typed["message"].items()
        }
        return {"typedData": typed, "signature": signature}

    return body


def test_a_message_is_taken_once_and_arrives(relay, api, worker, handed, suite, outsider):
    body = handed()

    first = api.post("/v1/messages", json=body)
    assert first.status_code == 202
    told = first.json()
    assert (told["state"], told["transaction"], told["block"], told["reason"]) == (
        "accepted",
        None,
        None,
        None,
    )
    again = api.post("/v1/messages", json=body)
    assert (again.status_code, again.json()) == (200, told)

    for _ in range(20):
        worker.step()
    found = api.get(f"/v1/messages/{told['id']}").json()
    assert found["state"] in ("mined", "final")
    assert found["block"] == suite.connection.web3.eth.block_number
    assert suite.token("SHOP").functions.balanceOf(outsider.address).call() == 100


def test_a_refusal_bears_the_name_of_its_reason(relay, api, handed):
    body = handed()
    body["signature"] = "0x" + 64 * "11" + "1b"

    detail = problem(api.post("/v1/messages", json=body), 422, "invalid-signature")

    assert detail.startswith("InvalidSignature: the signature ")


def test_what_a_contract_would_refuse_is_refused_with_its_error(relay, api, handed):
    answer = api.post("/v1/messages", json=handed(amount=100_000))

    detail = answer.json()["detail"]
    assert answer.status_code == 422
    assert detail.startswith("ERC20InsufficientBalance: ")


@pytest.mark.parametrize(
    ("bound", "status", "name", "again"),
    [
        ({"waiting": 1}, 503, "queue-full", (30, 30)),
        ({"underway": 1}, 429, "too-many-underway", (30, 30)),
        ({"signer": 190_000}, 429, "quota-used-up", (1, 86_400)),
    ],
)
def test_what_comes_too_early_is_told_when_to_come_again(
    service, suite, relay, api, handed, bound, status, name, again
):
    service.relay = Relay(suite, relay.queue, Limits(**bound))
    assert api.post("/v1/messages", json=handed(nonce=1)).status_code == 202

    answer = api.post("/v1/messages", json=handed(nonce=2))

    problem(answer, status, name)
    assert again[0] <= int(answer.headers["Retry-After"]) <= again[1]


def test_what_is_no_message_is_refused(relay, api, handed):
    body = handed()
    body["typedData"]["primaryType"] = "Everything"

    problem(api.post("/v1/messages", json=body), 422, "unknown-message")


def test_an_unknown_message_is_a_problem(relay, api):
    name = "0x" + 64 * "a"

    assert problem(api.get(f"/v1/messages/{name}"), 404, "message-unknown") == (
        f"id: no message {name} was handed in here"
    )


def test_an_api_without_a_relay_says_so(api, handed):
    detail = problem(api.post("/v1/messages", json=handed()), 409, "no-relay")

    assert detail.endswith("send it yourself, or ask another one")


def test_whoever_listens_hears_of_blocks_movements_and_messages(
    service, relay, worker, handed, shopper, suite, awarder, indexed
):
    with (
        at_an_address(create_app(service)) as url,
        listening(url, shopper.address) as stream,
    ):
        head = service.snapshots.current().head
        assert stream.next("block")[1] == {"block": head.number, "time": head.timestamp}

        awarder.send(suite.token("SHOP").functions.award(shopper.address, 5, bytes(32)))
        indexed()
        # What came before the listener is the history's; what comes now is told.
        name, movement = stream.next("movement")
        while movement["amount"] != "5":
            name, movement = stream.next("movement")
        assert (movement["kind"], movement["block"]) == ("awarded", int(name))

        with TestClient(create_app(service)) as api:
            sent = api.post("/v1/messages", json=handed()).json()
        assert stream.next("message")[1]["id"] == sent["id"]
        for _ in range(20):
            worker.step()
        states = []
        while not states or states[-1] not in ("mined", "final"):
            states.append(stream.next("message")[1]["state"])
        indexed()
        assert stream.next("movement")[1]["kind"] == "sent"


def test_whoever_comes_back_misses_nothing(service, suite, awarder, shopper, indexed):
    indexed()
    before = service.snapshots.current().head.number
    for amount in (7, 8):
        awarder.send(suite.token("SHOP").functions.award(shopper.address, amount, bytes(32)))
    indexed()

    with (
        at_an_address(create_app(service)) as url,
        listening(url, shopper.address, last=str(before)) as stream,
    ):
        told = [stream.next("movement") for _ in range(2)]

    assert [(name, entry["amount"]) for name, entry in told] == [
        (str(before + 1), "7"),
        (str(before + 2), "8"),
    ]


def test_listeners_are_told_when_the_chain_gives_blocks_up(
    service, anvil, suite, awarder, shopper, indexed
):
    indexed()
    kept = service.snapshots.current().head.number
    snapshot = anvil.snapshot()
    awarder.send(suite.token("SHOP").functions.award(shopper.address, 7, bytes(32)))
    indexed()
    with (
        at_an_address(create_app(service)) as url,
        listening(url, shopper.address) as stream,
    ):
        stream.next("block")
        anvil.revert(snapshot)
        anvil.mine(3)
        indexed()
        name, told = stream.next("reset")
        head = service.snapshots.current().head
        # The index goes back first, and reads on then: either may be looked at.
        assert told["block"] in (kept, head.number)
        assert name == str(told["block"])
        block = stream.next("block")[1]
        while block["block"] != head.number:
            block = stream.next("block")[1]

    assert block["time"] == head.timestamp


def test_a_caller_has_so_many_streams(service, settings, shopper):
    from dataclasses import replace

    import httpx

    service.settings = replace(settings, limits=replace(settings.limits, streams=1))
    with at_an_address(create_app(service)) as url, listening(url, shopper.address) as stream:
        stream.next("block")
        answer = httpx.get(f"{url}/v1/events")

    assert problem(answer, 429, "too-many-streams") == (
        "127.0.0.1 has 1 streams: close one, then try again"
    )
