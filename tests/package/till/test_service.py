"""The till's service, on books that were written by hand: no chain is there
├── a sale from the request to the receipt, and every state that it can have
├── the same reference is the same sale
├── what is declined is a problem: one line for the staff, words for the member
├── what cannot be read or is misspelt is refused with its place
├── receipts on paper, as codes and as files; reports
├── who may call: this device, its own pages, with the token
├── calls and their errors are documented
└── events tell what happens
"""

import asyncio
import json
import os
import random
from dataclasses import replace

import pytest
import segno
import zxingcpp
from fastapi.testclient import TestClient
from package.till.conftest import MEMBER, READ_AT, TOKEN, WINDOW, answer
from PIL import Image
from support.describing import described
from support.listening import at_an_address

from zegel import pages
from zegel.errors import ChainError, FileError
from zegel.till import wordings
from zegel.till.asking import ANSWER_SECONDS
from zegel.till.compact import expand
from zegel.till.counter import Counter, Line
from zegel.till.guarding import token_in
from zegel.till.news import News
from zegel.till.receipts import KIND, proof, svg
from zegel.till.requests import request_of
from zegel.till.service import create_service

SECRET = "s" * 40
HERE = "http://127.0.0.1:8787"


def nowhere():
    raise ChainError("no node answers: start one")


@pytest.fixture
def counter(till):
    return Counter(till, Line(nowhere))


@pytest.fixture
def client(counter):
    app = create_service(counter, SECRET, ("https://pos.example",))
    with TestClient(app, base_url=HERE, headers={"authorization": f"Bearer {SECRET}"}) as one:
        yield one


def opened(client, amount="150", **more):
    done = client.post("/v1/sales", json={"program": "SHOP", "amount": amount, **more})
    assert done.status_code == 201, done.text
    return done.json()


def scanned(sale, phone=MEMBER):
    """What the member's phone shows after it has read the code."""
    return {"text": answer(phone, request_of(sale["request"])).text()}


def paid(client, amount="150", phone=MEMBER, **more):
    done = client.post("/v1/answers", json=scanned(opened(client, amount, **more), phone))
    assert done.status_code == 200, done.text
    return done.json()


def problem(done, status, name):
    assert (done.status_code, done.headers["content-type"]) == (
        status,
        "application/problem+json",
    ), done.text
    told = done.json()
    assert (told["type"], told["status"]) == (f"urn:zegel:{name}", status)
    return told


# A sale.


def test_a_sale_goes_from_the_request_to_the_receipt(client, till):
    sale = opened(client, "150", reference="order-7")
    request = sale.pop("request")
    assert request_of(request).amount == 150
    assert sale == {
        "serial": 0,
        "state": "asked",
        "token": TOKEN,
        "program": "SHOP",
        "decimals": 2,
        "amount": "150",
        "shown": "1.50 SHOP",
        "purse": "merchant",
        "reference": "order-7",
        "asked": READ_AT,
        "answerUntil": READ_AT + ANSWER_SECONDS,
        "member": None,
        "taken": None,
        "receipt": None,
        "paid": "0",
        "guaranteed": "0",
        "lost": "0",
        "reason": None,
        "transaction": None,
        "refunded": "0",
        "refunds": [],
    }
    done = client.post("/v1/answers", json=scanned({"request": request})).json()
    assert (done["state"], done["member"], done["request"]) == ("open", MEMBER.address, None)
    assert done["receipt"] == till.sales.taken[0].receipt == till.queue.records[-1].hash
    assert client.get("/v1/sales/0").json() == done
    # The cash register has not heard, and asks again.
    assert client.post("/v1/answers", json=scanned({"request": request})).json() == done


def test_a_sale_shows_what_has_become_of_it(client, till, clock):
    for _ in range(2):
        opened(client, "1")
    paid(client, "10")
    lost = paid(client, "20")["serial"]
    assert client.delete("/v1/sales/0").json()["state"] == "cancelled"
    clock.now += ANSWER_SECONDS + 1
    till.record("paid", clock.now, serial=2, paid=10, guaranteed=0, transaction="0xaa", block=9)
    till.record("refused", clock.now, serial=lost, reason="it ended", block=9)

    states = {sale["serial"]: sale["state"] for sale in client.get("/v1/sales").json()}
    assert states == {0: "cancelled", 1: "ended", 2: "paid", 3: "refused"}
    found = client.get(f"/v1/sales/{lost}").json()
    assert (found["lost"], found["reason"]) == ("20", "it ended")
    assert client.get("/v1/sales/2").json()["transaction"] == "0xaa"


def test_sales_are_listed_the_newest_first(client):
    for _ in range(5):
        opened(client, "1")

    def serials(**query):
        return [sale["serial"] for sale in client.get("/v1/sales", params=query).json()]

    assert serials() == [4, 3, 2, 1, 0]
    assert serials(limit=2) == [4, 3]
    assert serials(before=2, limit=9) == [1, 0]


def test_a_reference_makes_one_sale(client):
    first = opened(client, "150", reference="order-7")
    assert opened(client, "150", reference="order-7") == first
    told = problem(
        client.post("/v1/sales", json={"program": "SHOP", "amount": "151", "reference": "order-7"}),
        409,
        "other-sale",
    )
    assert "was asked for with other terms, as serial 0: cancel that one" in told["detail"]
    client.delete("/v1/sales/0")
    assert opened(client, "151", reference="order-7")["serial"] == 1
    # Without one, every sale is another.
    assert opened(client)["serial"] != opened(client)["serial"]


def test_a_reference_is_known_again_when_the_till_opens(opening):
    for _ in range(2):
        with opening() as till:
            app = create_service(Counter(till, Line(nowhere)), SECRET)
            headers = {"authorization": f"Bearer {SECRET}"}
            with TestClient(app, base_url=HERE, headers=headers) as client:
                assert opened(client, reference="order-7")["serial"] == 0


def test_only_what_nobody_paid_is_cancelled(client):
    sale = opened(client)
    client.delete(f"/v1/sales/{sale['serial']}")
    told = problem(client.post("/v1/answers", json=scanned(sale)), 409, "cancelled")
    assert told["detail"] == "serial 0 was cancelled: ask again"
    taken = paid(client)
    told = problem(client.delete(f"/v1/sales/{taken['serial']}"), 409, "paid-already")
    assert told["detail"] == "serial 1 was paid: pay it back instead"
    problem(client.delete("/v1/sales/99"), 404, "no-such-sale")


def test_the_request_is_a_code_that_phones_read(client, tmp_path):
    sale = opened(client)
    drawn = client.get("/v1/sales/0/request.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.text == svg(sale["request"])
    assert read(sale["request"], tmp_path) == sale["request"]
    client.post("/v1/answers", json=scanned(sale))
    problem(client.get("/v1/sales/0/request.svg"), 409, "answered")


def read(text, folder):
    """What a camera reads from the code that stands for a text."""
    path = folder / "code.png"
    segno.make_qr(text, error="m").save(str(path), scale=4)
    return zxingcpp.read_barcodes(Image.open(path))[0].text


# What is declined.


@pytest.mark.parametrize(
    ("body", "name", "detail"),
    [
        ({"amount": "401"}, "too-much", "4.01 SHOP is more than the floor limit of 4.00 SHOP"),
        ({"amount": "0"}, "no-amount", "amount: 0 is nothing to pay"),
        ({"program": "XYZ"}, "unknown-program", "takes no 'XYZ': use one of its programs (SHOP, A"),
    ],
)
def test_what_is_not_asked_for_is_said(client, body, name, detail):
    given = {"program": "SHOP", "amount": "1", **body}
    told = problem(client.post("/v1/sales", json=given), 409, name)
    assert detail in told["detail"]
    assert told["member"] == wordings.FOR_MEMBERS[name]


def test_a_purse_that_is_short_is_said(client):
    paid(client, "300")
    told = problem(
        client.post("/v1/answers", json=scanned(opened(client, "201"))), 409, "purse-short"
    )
    assert told["detail"].startswith("2.01 SHOP is more than the 2.00 SHOP that are left of the pu")
    assert told["member"].startswith("You have not set enough points aside.")


def test_every_reason_has_words_for_members():
    constants = ((name, value) for name, value in vars(wordings).items() if name.isupper())
    assert {value for _, value in constants if isinstance(value, str)} == set(wordings.FOR_MEMBERS)
    for words in wordings.FOR_MEMBERS.values():
        assert words.endswith((".", "?"))
        assert len(words) < 90


def test_a_disk_that_is_full_is_said(client, monkeypatch):
    sale = opened(client)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    told = problem(client.post("/v1/answers", json=scanned(sale)), 507, "till-cannot-write")
    assert "nothing was taken: make room" in told["detail"]
    monkeypatch.undo()
    assert client.post("/v1/answers", json=scanned(sale)).status_code == 200


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "begins with ''"),
        ("HELLO", "begins with 'HELLO', not with 'ZEGELVOUCHER:'"),
        ("ZEGELVOUCHER:AAAA", "was cut or mistyped"),
        ("ZEGELPAY:AAAAAAAA", "begins with 'ZEGELPAY:AAA', not with"),
    ],
)
def test_a_code_that_cannot_be_read_is_said(client, text, why):
    told = problem(client.post("/v1/answers", json={"text": text}), 422, "unreadable-code")
    assert why in told["detail"]
    assert told["detail"].endswith("scan the member's phone again")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "body.program"),
        ({"program": "SHOP", "amount": 1}, "body.amount"),
        ({"program": "SHOP", "amount": "1.5"}, "body.amount"),
        ({"program": "SHOP", "amount": "-1"}, "body.amount"),
        ({"program": "SHOP", "amount": "1" * 16}, "body.amount"),
        ({"program": "", "amount": "1"}, "body.program"),
        ({"program": "SHOP", "amount": "1", "purse": "other"}, "body.purse"),
        ({"program": "SHOP", "amount": "1", "reference": "a\nb"}, "body.reference"),
        ({"program": "SHOP", "amount": "1", "price": "1"}, "body.price"),
    ],
)
def test_what_is_misspelt_is_refused_with_its_place(client, body, place):
    told = problem(client.post("/v1/sales", json=body), 422, "invalid-request")
    assert told["detail"].startswith(f"{place}: ")


def test_without_a_network_the_chain_is_not_asked(client, till):
    for path in ("/v1/sync", "/v1/settlements"):
        told = problem(client.post(path), 503, "node-away")
        assert told["detail"] == "no node answers: start one"
    standing = client.get("/v1/till").json()
    assert (standing["online"], standing["trouble"]) == (False, "no node answers: start one")
    assert standing["programs"][0]["ready"] is True


# The till's standing.


def test_the_standing_says_what_can_still_be_taken(client, till, clock):
    paid(client, "150")
    clock.now += 5
    found = client.get("/v1/till").json()

    assert (found["merchant"], found["till"]) == (till.place.merchant, till.place.till)
    assert (found["synced"], found["block"]) == (READ_AT, 100)
    assert found["takesUntil"] == READ_AT + WINDOW
    assert (found["open"], found["oldest"]) == (1, READ_AT)
    assert found["settleBefore"] == READ_AT + WINDOW
    assert (found["records"], found["hash"]) == (3, till.queue.records[-1].hash)
    shop = next(one for one in found["programs"] if one["program"] == "SHOP")
    assert shop == {
        "token": TOKEN,
        "program": "SHOP",
        "decimals": 2,
        "floorLimit": "400",
        "totalLimit": "900",
        "unsettled": "150",
        "left": "750",
        "ready": True,
        "refusal": None,
        "payout": None,
    }
    clock.now = READ_AT + WINDOW
    late = client.get("/v1/till").json()["programs"][0]
    assert late["ready"] is False
    assert "the last sync is 172800 s old" in late["refusal"]


# Receipts and reports.


def test_receipts_are_printed(client, till, tmp_path):
    paid(client, "150", reference="order-7")
    till.replace_books(replace(till.books, name="Corner Shop"))
    receipt, member, own = till.sales.taken[0].receipt, MEMBER.address, till.place.till
    assert client.get("/v1/sales/0/receipt").text.splitlines() == [
        "               Corner Shop",
        "                1.50 SHOP",
        "-" * 42,
        "sale                               order-7",
        "time               2026-01-01 00:00:00 UTC",
        f"member                    {member[:8]}..{member[-6:]}",
        f"till                      {own[:8]}..{own[-6:]}",
        "serial                                   0",
        "state       taken offline, not settled yet",
        "-" * 42,
        receipt[:42],
        receipt[42:],
    ]
    drawn = client.get("/v1/sales/0/receipt", params={"form": "svg"}).text
    text = proof(till.place, till.sales.taken[0])
    assert drawn == svg(text)
    assert read(text, tmp_path) == text
    assert expand(KIND, text).endswith(bytes.fromhex(till.sales.taken[0].receipt))
    page = client.get("/v1/sales/0/receipt", params={"form": "pdf"})
    assert page.headers["content-type"] == "application/pdf"
    assert page.content.startswith(b"%PDF")


def test_there_is_no_receipt_of_what_was_not_paid(client):
    opened(client)
    told = problem(client.get("/v1/sales/0/receipt"), 404, "not-paid")
    assert told["detail"] == "serial 0 was not paid here: see its state"
    problem(client.get("/v1/sales/7/receipt"), 404, "no-such-sale")
    problem(client.get("/v1/sales/0/receipt", params={"form": "doc"}), 422, "invalid-request")


def test_reports_are_of_a_time_and_in_every_format(client, till, clock):
    paid(client, "150")
    clock.now += 10
    paid(client, "50")
    till.record("refused", clock.now, serial=1, reason="it ended", block=9)

    def rows(path, **query):
        return client.get(f"/v1/reports/{path}", params=query).json()["rows"]

    assert [row["points"] for row in rows("day")] == ["2.00"]
    assert [row["points"] for row in rows("day", **{"from": READ_AT + 1})] == ["0.50"]
    assert [row["points"] for row in rows("day", until=READ_AT + 1)] == ["1.50"]
    assert [row["why"] for row in rows("losses")] == ["it ended"]
    for form, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"program"), ("html", b"<!")):
        found = client.get("/v1/reports/day", params={"form": form}).content
        assert found.startswith(begins)


# Who may call.


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": ""},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {SECRET}"},
    ],
)
def test_nobody_calls_without_the_token(client, headers):
    for method, path in (("GET", "/v1/till"), ("POST", "/v1/sales"), ("GET", "/v1/events")):
        done = client.request(method, path, headers=headers)
        told = problem(done, 401, "no-token")
        assert "send the one in the file 'token'" in told["detail"]
        assert done.headers["www-authenticate"] == "Bearer"
    assert client.get("/health", headers=headers).json()["status"] == "ok"


@pytest.mark.parametrize(
    "host", ["shop.example", "evil.example:8787", "127.0.0.1.evil.example", ""]
)
def test_a_name_that_somebody_points_at_the_device_is_refused(client, host):
    told = problem(client.get("/v1/till", headers={"host": host}), 403, "foreign-host")
    assert "is not this device: use 127.0.0.1" in told["detail"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9"])
def test_pages_from_elsewhere_are_refused(client, origin):
    told = problem(client.get("/v1/till", headers={"origin": origin}), 403, "foreign-origin")
    assert "start it with --origin for them" in told["detail"]


def test_own_pages_and_named_ones_may_call(client):
    assert client.get("/v1/till", headers={"origin": HERE}).status_code == 200
    done = client.get("/v1/till", headers={"origin": "https://pos.example"})
    assert done.headers["access-control-allow-origin"] == "https://pos.example"
    asked = client.options(
        "/v1/sales",
        headers={
            "origin": "https://pos.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization",
            "authorization": "",
        },
    )
    assert asked.status_code == 200
    assert "access-control-allow-origin" not in client.get("/v1/till").headers


def test_a_body_that_is_too_large_is_refused(client):
    told = problem(client.post("/v1/answers", content=b"x" * 70_000), 413, "too-large")
    assert "more than 65536 bytes" in told["detail"]

    def parts():
        for _ in range(80):
            yield b"x" * 1_000

    problem(client.post("/v1/answers", content=parts()), 413, "too-large")


def test_headers_are_strict(client):
    headers = client.get("/v1/till").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_the_token_is_its_users_alone(tmp_path):
    token = token_in(tmp_path)
    path = tmp_path / "token"
    assert path.stat().st_mode & 0o777 == 0o600
    assert token_in(tmp_path) == token
    assert len(token) >= 40
    path.chmod(0o644)
    with pytest.raises(FileError, match="others on this device can read it: delete it"):
        token_in(tmp_path)
    path.unlink()
    assert token_in(tmp_path) != token
    path.write_text("short\n")
    with pytest.raises(FileError, match="is no token: delete it"):
        token_in(tmp_path)


@pytest.mark.deep
def test_what_it_answers_is_what_it_describes(counter, client, tmp_path):
    """Schemathesis finds no answer that the description leaves out."""
    paid(client)
    # What needs the chain cannot be had here.
    may_be_away = 'checks.not_a_server_error.expected-statuses = ["2xx", "4xx", 503]\n'

    with at_an_address(create_service(counter, SECRET)) as url:
        header = f"Authorization: Bearer {SECRET}"
        calls, told = described(url, tmp_path, header=header, settings=may_be_away)

    assert not told, told
    assert calls > 500


def test_what_is_not_there_is_not_found(client):
    for path in ("/nowhere", "/%00", "/" + 5_000 * "a"):
        problem(client.get(path), 404, "not-found")
    for method in ("GET", "PUT"):
        problem(client.request(method, "/v1/settlements"), 405, "no-such-method")


def test_the_till_page_is_served_where_it_was_built(client, monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    problem(client.get("/till"), 404, "not-found")
    (tmp_path / "till.html").write_text("<!doctype html>till")
    (tmp_path / "app.js").write_text("1")
    (tmp_path / "console.html").write_text("console")
    for path in ("/till", "/"):
        page = client.get(path, headers={"authorization": ""})
        assert page.text == "<!doctype html>till"
        assert page.headers["x-content-type-options"] == "nosniff"
    assert client.get("/app.js").text == "1"
    # The console and the wallet are at the network's own address.
    problem(client.get("/console"), 404, "not-found")


HOSTILE = (
    "",
    "0",
    "-1",
    "1e9",
    "9" * 400,
    "SHOP",
    "\x00",
    "\ud800",
    "\u202eSHOP",
    "é" * 9,
    "'; --",
    "../../token",
    "ZEGELVOUCHER:" + "A" * 64,
    "ZEGELVOUCHER:é",
    "ZEGELVOUCHER:" + "AAAAAAAA" * 500,
)


def hostile(chance, deep=2):
    """Anything that JSON can say."""
    kind = chance.randrange(7 if deep else 5)
    if kind < 3:
        return chance.choice(HOSTILE)
    if kind == 3:
        return chance.choice((None, True, 0, -1, 10**30, 1.5))
    if kind == 4:
        return str(chance.randrange(10**6))
    if kind == 5:
        return [hostile(chance, deep - 1) for _ in range(chance.randrange(3))]
    return {chance.choice(HOSTILE): hostile(chance, deep - 1) for _ in range(chance.randrange(3))}


def test_no_request_makes_it_fail(client):
    chance = random.Random(1)
    paths = client.get("/openapi.json").json()["paths"]
    calls = [(method, path) for path in paths for method in paths[path] if path != "/v1/events"]
    fields = ("program", "amount", "purse", "reference", "text", "members")
    codes = set()
    for _ in range(500):
        method, path = chance.choice(calls)
        path = path.replace("{serial}", chance.choice(("0", "1", "-1", "9" * 30, "é", "%ff", "..")))
        body = {name: hostile(chance) for name in fields if chance.random() < 0.4}
        body = body if chance.random() < 0.9 else hostile(chance)
        if chance.random() < 0.5 and path == "/v1/sales":
            body = {"program": "SHOP", "amount": str(chance.randrange(400))}
        done = client.request(
            method,
            path,
            content=json.dumps(body),
            params={"form": chance.choice(HOSTILE[:6]), "from": chance.choice(HOSTILE[:6])},
            headers={"content-type": "application/json"},
        )
        codes.add(done.status_code)
        # Without a network, that is what two calls must answer.
        assert done.status_code < 500 or done.status_code == 503, (method, path, body, done.text)
        if done.status_code >= 400:
            assert done.json()["detail"]
    assert {200, 201, 404, 409, 422, 503} <= codes


# What is documented.


def test_calls_and_their_errors_are_documented(client):
    found = client.get("/openapi.json", headers={"authorization": ""}).json()
    calls = [
        (method, path, call)
        for path, methods in found["paths"].items()
        for method, call in methods.items()
    ]
    assert len(calls) == 15
    for method, path, call in calls:
        assert call.get("description") or call.get("summary"), path
        if path != "/health":
            assert "application/problem+json" in call["responses"]["401"]["content"], (method, path)
    declined = found["paths"]["/v1/answers"]["post"]["responses"]["409"]["content"]
    assert declined["application/problem+json"]["schema"] == {
        "$ref": "#/components/schemas/ProblemBody"
    }


# Events.


def test_events_tell_what_happens(client, till):
    news: News = client.app.state.news

    async def heard():
        reader = news.read()
        assert (await anext(reader)).startswith(":")
        sale = await asyncio.to_thread(paid, client)
        told = [await anext(reader) for _ in range(2)]
        await reader.aclose()
        return sale, told

    sale, told = asyncio.run(heard())
    events = [dict(line.split(": ", 1) for line in one.strip().splitlines()) for one in told]
    assert [event["event"] for event in events] == ["sale", "sale"]
    kinds = [json.loads(event["data"]) for event in events]
    assert [(one["kind"], one["serial"]) for one in kinds] == [("asked", 0), ("taken", 0)]
    assert sale["state"] == "open"
    assert news._readers == []


def test_a_reader_that_does_not_read_is_let_go(till):
    news = News()
    till.listeners.append(news.tell)

    async def slow():
        reader = news.read()
        await anext(reader)
        for _ in range(1_001):
            news.tell(till.queue.records[0])
        await asyncio.sleep(0)
        return [one async for one in reader]

    assert len(asyncio.run(slow())) <= 1_000
    assert news._readers == []
