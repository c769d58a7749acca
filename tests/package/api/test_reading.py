"""What the API tells of a network and its members is what the chain has."""

import pytest
from support.calling import problem

from zegel.admin.safety import freeze, pause
from zegel.award.rows import packed_text


@pytest.fixture
def tokens(api):
    return {one["symbol"]: one["token"] for one in api.get("/v1/programs").json()}


def test_the_network_is_told_with_its_contracts_and_the_last_block(api, suite, connection):
    told = api.get("/v1/network").json()

    assert told["chainId"] == 31337
    assert told["block"] == connection.web3.eth.block_number
    assert told["time"] == connection.timestamp()
    assert told["development"] is True
    assert told["rpc"] == "/rpc"
    assert told["contracts"] == {
        "registry": suite.registry.address,
        "exchange": suite.exchange.address,
        "desk": suite.desk.address,
        "drop": suite.drop.address,
        "charter": suite.charter.address,
        "verifier": suite.registry.functions.passkeys().call(),
        "settlementToken": suite.settlement_token.address,
    }
    assert told["settlement"] == {"symbol": "tEUR", "decimals": 6}


def test_programs_are_told_with_issuers_that_a_verifier_vouches_for(api, suite, issuer):
    air, shop = api.get("/v1/programs").json()

    assert [air["symbol"], shop["symbol"]] == ["AIR", "SHOP"]
    assert shop["token"] == suite.token("SHOP").address
    assert shop["issuer"] == issuer.address
    assert (shop["legalName"], shop["lei"], shop["domain"]) == (
        "Corner Shop B.V.",
        "9999ZEGELSHOP0000131",
        "shop.example",
    )
    assert (shop["verified"], shop["suspended"], shop["paused"]) == (True, False, False)
    assert (shop["bid"], shop["ask"], shop["version"]) == ("9000000000", "10000000000", 2)
    assert (shop["monthsPerEpoch"], shop["lifetime"], shop["decimals"]) == (3, 4, 2)
    assert shop["topUp"] is True
    assert shop["cashOut"] is False
    assert api.get(f"/v1/programs/{shop['token']}").json() == shop


def test_a_program_of_an_issuer_without_a_credential_is_not_verified(
    api, suite, verifier, issuer, tokens, indexed, service
):
    verifier.send(suite.registry.functions.revokeCredential(issuer.address, packed_text("left")))
    indexed()
    service.programs._standing.clear()

    told = api.get(f"/v1/programs/{tokens['SHOP']}").json()

    assert told["verified"] is False
    hidden = ("legalName", "lei", "domain", "termsHash", "validUntil")
    assert [told[name] for name in hidden] == [None] * 5
    assert api.get("/v1/tokenlist.json").json()["tokens"] == []


def test_a_paused_program_is_told_so_from_the_next_block_on(api, suite, guardian, tokens, indexed):
    pause(suite, guardian, "SHOP").apply()
    indexed()

    assert api.get(f"/v1/programs/{tokens['SHOP']}").json()["paused"] is True


def test_the_token_list_has_the_verified_programs(api, tokens):
    told = api.get("/v1/tokenlist.json").json()

    assert {one["symbol"]: one["address"] for one in told["tokens"]} == tokens
    assert {one["chainId"] for one in told["tokens"]} == {31337}
    assert set(told) == {"name", "timestamp", "version", "keywords", "tokens"}


def test_an_unknown_program_is_a_problem_that_says_where_to_look(api, outsider):
    detail = problem(api.get(f"/v1/programs/{outsider.address}"), 404, "program-unknown")

    assert detail == (f"token: {outsider.address} is no program of this network: see /v1/programs")


def test_a_members_points_are_those_of_the_chain(lived, api, member, suite):
    told = api.get(f"/v1/members/{member.address}").json()

    shop = suite.token("SHOP").functions
    (holding,) = told["programs"]
    assert holding["token"] == suite.token("SHOP").address
    assert holding["balance"] == str(shop.balanceOf(member.address).call())
    assert holding["generations"] == [
        {"amount": str(amount), "expires": expires}
        for expires, amount in shop.expiries(member.address).call()
    ]
    assert holding["value"] == str(int(holding["balance"]) * 9 * 10**9 * 10**6 // 10**14)


@pytest.fixture
def set_aside(suite, issuer, awarder, member, new_admin):
    """Of 10.00 points, 3.00 are set aside for a merchant and 1.00 for any."""
    shop = suite.token("SHOP")
    issuer.send(suite.desk.functions.setGuarantee(shop.address, 100, 2))
    awarder.send(shop.functions.award(member.address, 1_000, bytes(32)))
    nobody = "0x" + 40 * "0"
    for merchant, amount in ((new_admin.address, 300), (nobody, 100)):
        member.send(suite.desk.functions.hold(shop.address, merchant, amount))


def test_a_portfolio_is_as_it_is_described(set_aside, api, member, indexed):
    from zegel.api.members import Portfolio

    indexed()
    told = api.get(f"/v1/members/{member.address}").json()

    assert Portfolio.model_validate(told).model_dump(by_alias=True) == told


def test_points_that_are_set_aside_are_told_by_merchant(set_aside, api, member, new_admin, indexed):
    indexed()
    (holding,) = api.get(f"/v1/members/{member.address}").json()["programs"]

    assert (holding["balance"], holding["spendable"]) == ("1000", "600")
    assert holding["held"] == [
        {"merchant": None, "amount": "100"},
        {"merchant": new_admin.address, "amount": "300"},
    ]


def test_a_frozen_member_can_spend_nothing(set_aside, api, suite, issuer, member, indexed):
    freeze(suite, issuer, "SHOP", member.address, packed_text("lost phone")).apply()
    indexed()

    (holding,) = api.get(f"/v1/members/{member.address}").json()["programs"]

    assert holding["frozen"] is True
    assert (holding["balance"], holding["spendable"]) == ("1000", "0")


def test_who_is_frozen_follows_the_chain_back(
    set_aside, api, anvil, suite, issuer, member, indexed
):
    before = anvil.snapshot()
    freeze(suite, issuer, "SHOP", member.address, packed_text("lost phone")).apply()
    indexed()
    assert api.get(f"/v1/members/{member.address}").json()["programs"][0]["frozen"] is True

    anvil.revert(before)
    anvil.mine(2)
    indexed()

    assert api.get(f"/v1/members/{member.address}").json()["programs"][0]["frozen"] is False


def test_somebody_without_points_has_none(api, outsider):
    told = api.get(f"/v1/members/{outsider.address.lower()}").json()

    assert (told["member"], told["programs"]) == (outsider.address, [])


def test_an_address_with_a_wrong_checksum_is_refused(api, member):
    wrong = member.address.swapcase().replace("0X", "0x")

    detail = problem(api.get(f"/v1/members/{wrong}"), 422, "invalid-request")

    assert detail == f"address: has a wrong checksum: copy the address again, not {wrong!r}"


def test_all_that_is_no_address_is_refused_in_the_same_words(api):
    detail = problem(api.get("/v1/members/0x12"), 422, "invalid-request")

    assert detail == ("address: is no address: write 0x and 40 hexadecimal digits, not '0x12'")


def test_an_index_without_blocks_is_not_ready(suite, tmp_path, settings):
    from fastapi.testclient import TestClient

    from zegel.api.app import create_app
    from zegel.api.service import Service
    from zegel.api.store import Store
    from zegel.index.database import Database
    from zegel.index.network import about

    empty = Database(str(tmp_path / "empty.db"))
    empty.prepare(about(suite))
    service = Service(settings, suite, empty, Store(str(tmp_path / "other.db")))
    with TestClient(create_app(service)) as api:
        detail = problem(api.get("/v1/programs"), 503, "index-empty")

    assert detail == "the index has no block yet: let it follow the chain first"


def test_a_node_that_is_away_is_a_problem_and_the_rest_goes_on(api, service, member, monkeypatch):
    monkeypatch.setattr(service.nodes, "url", "http://127.0.0.1:9")

    detail = problem(api.get("/ready"), 503, "node-away")

    assert detail.startswith("http://127.0.0.1:9 failed 2 times at eth_blockNumber")
    assert detail.endswith("Start it, or name another node")
    assert api.get(f"/v1/members/{member.address}").status_code == 200


def test_it_says_how_far_it_is_and_how_it_does(api, connection):
    block = connection.web3.eth.block_number

    assert api.get("/health").json() == {"status": "ok"}
    assert api.get("/ready").json() == {"status": "ok", "node": block, "index": block}
    told = api.get("/metrics").text
    assert 'zegel_requests_total{method="GET",route="/ready",status="200"} 1' in told
    assert f"zegel_index_block {block}" in told
