"""A member has a purse back without paying for it.

a purse that nobody asked back, or whose wait is not over
  is refused, with what to do
a purse whose wait is over
  comes back by the relay, once, to its member
"""

import time

import pytest
from fastapi.testclient import TestClient
from support.calling import problem
from support.messages import person

from zegel.api.app import create_app
from zegel.chain.sending import KeySender
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay
from zegel.relay.working import Worker


@pytest.fixture
def relay(service, suite, tmp_path):
    service.relay = Relay(suite, open_queue(f"sqlite:///{tmp_path / 'r.db'}", suite.connection))
    return service.relay


@pytest.fixture
def purse(suite, awarder, member):
    """The name of a purse of the member's with 1,000 SHOP, for the awarder's shop."""
    token = suite.token("SHOP")
    awarder.send(token.functions.award(member.address, 1_000, bytes(32)))
    member.send(suite.desk.functions.hold(token.address, awarder.address, 1_000))
    return {"token": token.address, "member": member.address, "merchant": awarder.address}


def test_a_purse_comes_back_when_its_wait_is_over_and_not_before(
    relay, service, anvil, suite, purse, member
):
    payer = person("payer")
    anvil.set_balance(payer.address, 10**20)
    worker = Worker(suite, relay.queue, [KeySender(suite.connection, payer)], depth=0)
    balance = suite.token("SHOP").functions.balanceOf(member.address)
    with TestClient(create_app(service), base_url="http://localhost:8080") as api:
        detail = problem(api.post("/v1/returns", json=purse), 422, "not-released")
        nobody = f"nobody asked for this purse of {member.address}: release it first"
        assert detail == f"NotReleased: {nobody}"

        member.send(suite.desk.functions.release(purse["token"], purse["merchant"]))
        detail = problem(api.post("/v1/returns", json=purse), 422, "not-releasable")
        assert detail.startswith("NotReleasable: ")

        anvil.rpc("evm_increaseTime", 2 * suite.desk.functions.offlineWindow().call())
        anvil.rpc("evm_mine")
        # The relay looks at the chain's clock twice a second.
        end = time.monotonic() + 10
        while (told := api.post("/v1/returns", json=purse)).status_code == 422:
            assert time.monotonic() < end, told.text
            time.sleep(0.1)
        assert (told.status_code, told.json()["state"]) == (202, "accepted")
        assert api.post("/v1/returns", json=purse).json() == told.json()
        before = balance.call()
        for _ in range(20):
            worker.step()
        found = api.get(f"/v1/messages/{told.json()['id']}").json()
        assert found["state"] in ("mined", "final")
        assert balance.call() == before + 1_000
        problem(api.post("/v1/returns", json=purse), 422, "not-released")


def test_of_what_is_no_program_nothing_comes_back(relay, api, purse):
    answer = api.post("/v1/returns", json={**purse, "token": purse["member"]})
    assert problem(answer, 404, "program-unknown").startswith(f"token: {purse['member']} is no ")


def test_an_api_without_a_relay_says_so(api, purse):
    detail = problem(api.post("/v1/returns", json=purse), 409, "no-relay")
    assert detail == "this API has no relay: send it yourself, or ask another one"
