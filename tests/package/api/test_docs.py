"""What docs/api.md shows is what the API does: every example is called, in its order."""

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from support.calling import personally_signed, sign_in_text
from support.messages import person, sign, transfer

from zegel.admin import funds, merchants
from zegel.api.app import create_app
from zegel.api.awarding import Awards
from zegel.award.journal import open_journal
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay

DOCS = Path(__file__).parents[3] / "docs" / "api.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)

# Answers that are no success, on purpose.
REFUSED = {"$API/v1/members/0x12": 422, "$API/v1/returns": 422}


def examples():
    """The calls with the lines that they are said to answer."""
    for block in BLOCK.findall(DOCS.read_text()):
        for part in block.split("$ ")[1:]:
            command, *answer = part.splitlines()
            # A variable of the shell may stand in an answer, too.
            yield command, "\n".join(answer)


class Curl:
    """As much of curl as the page uses."""

    def __init__(self, client: httpx.Client, variables: dict[str, str], folder: Path) -> None:
        self.client, self.variables, self.folder = client, variables, folder

    def __call__(self, command: str) -> httpx.Response:
        words = iter(shlex.split(self._filled(command))[1:])
        url, method, headers, body = "", "GET", {}, None
        for word in words:
            if word == "-X":
                method = next(words)
            elif word == "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            elif word in ("-d", "--data-binary"):
                given, method = next(words), "POST"
                body = (self.folder / given[1:]).read_bytes() if given[0] == "@" else given
            elif word != "-N":
                url = word
        return self.client.request(method, url, headers=headers, content=body)

    def _filled(self, command: str) -> str:
        return re.sub(r"\$([A-Z]+)", lambda match: self.variables[match[1]], command)


@pytest.fixture
def world(
    service, suite, settings, issuer, operator, awarder, member, new_admin, tmp_path, indexed
):
    """A member with points, a merchant, a relay, an account that awards."""
    merchants.register(suite, operator, awarder.address, "Bakery").apply()
    funds.fund(suite, operator, "SHOP", 10**8).apply()
    shopper = person("shopper")
    awarder.send(suite.token("SHOP").functions.award(shopper.address, 2_000, bytes(32)))
    indexed()
    service.settings = replace(settings, demo=True)
    service.relay = Relay(suite, open_queue(f"sqlite:///{tmp_path / 'r.db'}", suite.connection))
    journal = open_journal(f"sqlite:///{tmp_path / 'j.db'}", suite.connection)
    shop = suite.token("SHOP").address.lower()
    service.awards = Awards(suite, journal, {shop: awarder}, tmp_path / "awards")
    return shopper


def files(folder, suite, shopper, awarder, member, nonce):
    """The files that the page names."""
    message = transfer(suite, shopper, member.address, 100)
    text = sign_in_text(awarder.address, nonce)
    row = {"member": member.address, "amount": "150", "reference": "r-1", "reason": "purchase"}
    contents = {
        "message.json": {
            "typedData": message.typed_data(),
            "signature": "0x" + sign(shopper, message).hex(),
        },
        "sign-in.json": {"message": text, "signature": personally_signed(awarder, text)},
        "rows.json": {"rows": [row]},
        "webhook.json": {"url": "https://shop.example/hook"},
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content))
    (folder / "may.csv").write_text(f"member,amount,ref,reason\n{member.address},1.50,m-1,x\n")


def test_every_example_does_what_it_says(world, service, suite, awarder, member, tmp_path):
    with TestClient(create_app(service), base_url="http://localhost:8080") as client:
        nonce = client.post("/v1/session/nonce").json()["nonce"]
        files(tmp_path, suite, world, awarder, member, nonce)
        variables = {
            "API": "",
            "SHOP": suite.token("SHOP").address,
            "AIR": suite.token("AIR").address,
            "MEMBER": world.address,
        }
        curl = Curl(client, variables, tmp_path)
        called = 0
        for command, shown in examples():
            if "/v1/events" in command:
                # It goes on for ever; test_live listens to it.
                continue
            answer = curl(command)
            wanted = next((code for url, code in REFUSED.items() if url in command), None)
            good = answer.status_code == wanted if wanted else answer.status_code < 300
            assert good, (command, answer.status_code, answer.text)
            if shown and wanted:
                assert answer.json() == json.loads(shown)
            if "@message.json" in command:
                variables["MESSAGE"] = answer.json()["id"]
            if "@webhook.json" in command:
                variables["WEBHOOK"] = answer.json()["id"]
            called += 1

    assert called == len(list(examples())) - 1 > 30


def test_every_call_of_the_api_is_on_the_page(api):
    page = DOCS.read_text()
    for path, methods in api.get("/openapi.json").json()["paths"].items():
        told = re.sub(r"\{[a-z]+\}", "", path).rstrip("/").split("//")
        assert all(part in page for part in told), (path, list(methods))


def test_the_page_of_the_api_needs_nothing_from_elsewhere(api):
    page = api.get("/docs")

    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", page.text) == ["/docs.css", "/openapi.json"]
    for path in api.get("/openapi.json").json()["paths"]:
        assert path in page.text
    assert api.get("/docs.css").headers["content-type"].startswith("text/css")
