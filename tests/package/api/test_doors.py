"""What holds for every call: limits, headers, origins, and the door to the node."""

import json
import logging

import pytest
from fastapi.testclient import TestClient
from support.calling import problem

from zegel.api.app import create_app
from zegel.api.guarding import JsonLines
from zegel.api.limiting import Buckets
from zegel.api.pictures import about
from zegel.api.rpc import ALLOWED, AT_ONCE
from zegel.api.settings import Limits, Settings
from zegel.errors import ConfigError


@pytest.fixture
def rpc(api):
    def call(method="eth_chainId", params=(), **other):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params), **other}
        return api.post("/rpc", json=body)

    return call


def test_questions_go_to_the_node_and_sending_does_not(rpc):
    assert rpc().json() == {"jsonrpc": "2.0", "id": 1, "result": "0x7a69"}
    for method in ("eth_sendRawTransaction", "eth_accounts", "anvil_setBalance", "debug_traceCall"):
        error = rpc(method).json()["error"]
        assert error["code"] == -32601
        assert error["message"] == f"{method!r} is not answered here: use a node of your own"


def test_the_list_of_methods_is_short_and_reads_only():
    assert len(ALLOWED) == 14
    assert not any("send" in name.lower() or "sign" in name.lower() for name in ALLOWED)


def test_a_demo_signs_by_the_accounts_of_its_chain(service, settings):
    from dataclasses import replace

    service.settings = replace(settings, demo=True)
    with TestClient(create_app(service)) as api:
        body = {"jsonrpc": "2.0", "id": 1, "method": "eth_accounts", "params": []}
        assert len(api.post("/rpc", json=body).json()["result"]) == 10


def test_batches_are_answered_in_their_order_with_their_ids(api):
    calls = [
        {"jsonrpc": "2.0", "id": "b", "method": "eth_blockNumber"},
        {"jsonrpc": "2.0", "id": 7, "method": "nothing"},
        "no call",
        {"jsonrpc": "2.0", "id": "a", "method": "eth_chainId"},
    ]

    told = api.post("/rpc", json=calls).json()

    assert [one["id"] for one in told] == ["b", 7, None, "a"]
    assert [("result" in one) for one in told] == [True, False, False, True]


def test_a_batch_has_an_end(api):
    call = {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}

    assert len(api.post("/rpc", json=[call] * AT_ONCE).json()) == AT_ONCE
    detail = problem(api.post("/rpc", json=[call] * (AT_ONCE + 1)), 400, "batch-too-large")
    assert detail == "51 calls at once: send 1 to 50, then more"
    problem(api.post("/rpc", json=[]), 400, "batch-too-large")


def test_pages_of_others_cannot_call_the_node_without_being_asked_about(api):
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "eth_chainId"}'

    answer = api.post("/rpc", content=body, headers={"content-type": "text/plain"})

    assert problem(answer, 415, "json-needed").startswith("content-type: name application/json")


def test_logs_are_told_of_a_bounded_range(rpc):
    assert rpc("eth_getLogs", [{"fromBlock": "earliest", "toBlock": "latest"}]).json()["result"]
    error = rpc("eth_getLogs", [{"fromBlock": "0x0", "toBlock": "0xffffff"}]).json()["error"]
    assert error["message"] == "16777216 blocks of logs: ask for 10000 at a time"


def test_what_the_node_refuses_is_told_as_the_node_says_it(rpc, suite):
    call = {"to": suite.token("SHOP").address, "data": "0xa9059cbb" + 128 * "f"}

    error = rpc("eth_call", [call, "latest"]).json()["error"]

    assert error["code"] == 3
    assert error["data"].startswith("0x")


def test_headers_let_pages_do_what_they_need_and_no_more(api):
    for path in ("/v1/network", "/rpc", "/nothing", "/v1/members/0x1"):
        headers = api.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=(self)" in headers["permissions-policy"]
        assert len(headers["x-request-id"]) == 16
    assert api.get("/v1/network").headers["cache-control"] == "no-store"
    assert "server" not in api.get("/v1/network").headers


def test_only_named_origins_may_read_answers(service, settings):
    from dataclasses import replace

    service.settings = replace(settings, allowed_origins=("https://wallet.example",))
    with TestClient(create_app(service)) as api:
        for origin, allowed in (("https://wallet.example", True), ("https://evil.example", False)):
            headers = api.get("/v1/network", headers={"origin": origin}).headers
            assert ("access-control-allow-origin" in headers) is allowed
            assert "access-control-allow-credentials" not in headers


def test_a_body_that_is_too_large_is_refused_as_announced_and_as_it_comes(api):
    most = Limits().body
    json_type = {"content-type": "application/json"}

    detail = problem(
        api.post("/rpc", content=b" " * (most + 1), headers=json_type), 413, "too-large"
    )
    assert detail == f"the body has more than {most} bytes: send it in parts"

    def pieces():
        for _ in range(most // 1_024 + 2):
            yield b" " * 1_024

    problem(api.post("/rpc", content=pieces(), headers=json_type), 413, "too-large")


def test_whoever_asks_too_much_is_told_when_to_come_back(service, settings):
    from dataclasses import replace

    service.settings = replace(settings, limits=Limits(reads=0.001, reads_at_once=3))
    with TestClient(create_app(service)) as api:
        for _ in range(3):
            assert api.get("/v1/network").status_code == 200
        answer = api.get("/v1/network")

    detail = problem(answer, 429, "too-many-requests")
    assert 990 < int(answer.headers["retry-after"]) <= 1_000
    assert detail.startswith("too many requests of testclient: wait")


def test_a_bucket_fills_again_with_time():
    now = [0.0]
    bucket = Buckets(2, 4, lambda: now[0])
    assert [bucket.take("a") for _ in range(4)] == [0, 0, 0, 0]
    assert bucket.take("a") == 0.5
    assert bucket.take("b") == 0

    now[0] = 0.5
    assert bucket.take("a") == 0
    assert bucket.take("a") == 0.5
    # A batch larger than the bucket takes all of it, once it is full.
    now[0] = 100
    assert bucket.take("a", 10) == 0
    assert bucket.take("a") > 0


def test_the_log_has_what_happened_and_no_secret(api, caplog, member):
    with caplog.at_level(logging.INFO, "zegel.api"):
        api.get(
            f"/v1/members/{member.address}?secret=hunter2",
            headers={"cookie": "zegel_session=hunter2"},
        )

    (record,) = [r for r in caplog.records if r.name == "zegel.api"]
    told = json.loads(JsonLines().format(record))
    assert (told["method"], told["route"], told["status"]) == ("GET", "/v1/members/{address}", 200)
    assert set(told) == {
        "time",
        "level",
        "event",
        "request",
        "caller",
        "method",
        "route",
        "status",
        "ms",
    }
    assert "hunter2" not in json.dumps(told)


def test_an_origin_is_a_scheme_and_a_host(settings):
    for wrong in ("points.example", "https://points.example/", "ftp://x", "https://x?y"):
        with pytest.raises(ConfigError, match="write it like https"):
            Settings(origin=wrong)


PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        (PNG, PNG),
        ("data:image/jpeg;base64,/9j/4AAQ", "data:image/jpeg;base64,/9j/4AAQ"),
        ("https://shop.example/logo.png", "https://shop.example/logo.png"),
        # What says that it is one type, and is another.
        ("data:image/png;base64,/9j/4AAQ", None),
        ("data:image/svg+xml;base64,PHN2Zy8+", None),
        ("data:image/svg+xml,<svg onload='alert(1)'/>", None),
        ("data:text/html,<script>", None),
        ("http://shop.example/logo.png", None),
        ("javascript:alert(1)", None),
        ("data:image/png;base64," + 400_000 * "A", None),
        ("https://x.example/" + 3_000 * "a", None),
        (7, None),
    ],
)
def test_pictures_are_what_they_say_or_are_not_shown(image, shown):
    uri = "data:application/json," + json.dumps({"image": image}).replace("%", "%25")

    assert about(uri).image == shown


@pytest.mark.parametrize(
    "uri", ["", "https://shop.example/about.json", "data:application/json,{", "data:;base64,%%%"]
)
def test_what_cannot_be_read_says_nothing(uri):
    assert about(uri).image is None
    assert about(uri).description is None
