"""Thousands of calls that nobody would make: none is answered with a fault of ours.

Calls are made from the API's own description: values that are right, nearly right, and hostile, in
every place that an operation has. `make test` makes two thousand of them, the deep run fifty
thousand.
"""

import json
import os
import random
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from support.calling import sign_in

CALLS = 2_000
DEEP_CALLS = 50_000

# It never ends.
SKIPPED = {("get", "/v1/events")}

HOSTILE = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "0x",
    "0x" + 40 * "g",
    "0x" + 39 * "1",
    "0x" + 40 * "0",
    "0x" + 40 * "f",
    "0X" + 40 * "1",
    "0x" + 64 * "0",
    "0x" + 64 * "f",
    "9" * 78,
    "9" * 5_000,
    str(2**63),
    str(2**64),
    str(2**255),
    str(2**256 - 1),
    "1.5",
    "NaN",
    "null",
    "true",
    "\x00",
    "a\x00b",
    "é" * 50,
    "\ud83d\ude00",
    "٣",
    "../../etc/passwd",
    "%2e%2e%2f",
    "'; DROP TABLE balances; --",
    "<script>alert(1)</script>",
    "http://169.254.169.254/latest",
    "https://user:pass@x.example/",
    "https://x.example:99999/",
    "data:image/svg+xml,<svg/>",
    "WzFd",
    "x" * 10_000,
]
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**53,
    2**64,
    10**400,
    1.5,
    [],
    [[]],
    {},
    {"a": {}},
    [None] * 60,
    *HOSTILE,
]


class Maker:
    """Makes calls; the same from the same seed."""

    def __init__(self, openapi: Any, known: list[str], seed: int) -> None:
        self.operations = [
            (method, path, operation)
            for path, methods in openapi["paths"].items()
            for method, operation in methods.items()
            if (method, path) not in SKIPPED
        ]
        self._schemas = openapi["components"]["schemas"]
        self._known, self._chance = known, random.Random(seed)

    def call(self, number: int) -> tuple[str, str, dict[str, Any]]:
        method, path, operation = self.operations[number % len(self.operations)]
        query, headers = {}, {}
        for parameter in operation.get("parameters", []):
            name = parameter["name"]
            if parameter["in"] == "path":
                path = path.replace("{" + name + "}", self._quoted(self._text(parameter)))
            elif self._chance.random() < (0.9 if parameter.get("required") else 0.4):
                into = query if parameter["in"] == "query" else headers
                into[name] = self._text(parameter)
        options: dict[str, Any] = {"params": query} if query else {}
        body = operation.get("requestBody")
        if body:
            kind = self._chance.choice(list(body["content"]))
            options["content"] = self._body(body["content"][kind]["schema"])
            headers["content-type"] = self._chance.choice([kind, kind, kind, "text/plain", ""])
        latin = {name: text.encode("latin-1", "ignore") for name, text in headers.items()}
        options["headers"] = {name: text for name, text in latin.items() if b"\x00" not in text}
        return method, path, options

    def _body(self, schema: Any) -> bytes:
        if self._chance.random() < 0.1:
            wrong = [b"", b"{", b"\xff\xfe", b"[" * 2_000, b'{"a":' * 2_000, b"1", b"null"]
            return self._chance.choice(wrong)
        try:
            return json.dumps(self._value(schema, 0)).encode()
        except (TypeError, RecursionError):
            return b"{}"

    def _value(self, schema: Any, depth: int) -> Any:
        """A value of a schema, or now and then another one."""
        if depth > 5 or self._chance.random() < 0.12:
            return self._chance.choice(VALUES)
        if "$ref" in schema:
            return self._value(self._schemas[schema["$ref"].rsplit("/")[-1]], depth)
        if "anyOf" in schema:
            return self._value(self._chance.choice(schema["anyOf"]), depth)
        kind = schema.get("type")
        kind = self._chance.choice(kind) if isinstance(kind, list) else kind
        if kind == "object":
            if "properties" not in schema:
                return self._chance.choice([{}, self._typed_data(), self._rpc()])
            return {
                name: self._value(inner, depth + 1)
                for name, inner in schema["properties"].items()
                if name in schema.get("required", ()) or self._chance.random() < 0.6
            }
        if kind == "array":
            inner = schema.get("items", {"type": "object"})
            return [self._value(inner, depth + 1) for _ in range(self._chance.randint(0, 4))]
        return self._plain(schema)

    def _plain(self, schema: Any) -> Any:
        kind = schema.get("type", "string")
        if kind == "integer":
            return self._chance.choice([0, 1, 50, schema.get("maximum", 7), -1, 2**63])
        if kind == "boolean":
            return self._chance.choice([True, False])
        if kind == "null":
            return None
        pattern = schema.get("pattern", "")
        if "{40}" in pattern:
            return self._chance.choice(self._known)
        if "{64}" in pattern or "{2}" in pattern:
            return "0x" + self._chance.randbytes(self._chance.choice([32, 64, 65])).hex()
        if "[0-9]" in pattern:
            return str(self._chance.choice([0, 1, 100, 2**48, 2**64, 2**256 - 1]))
        return self._chance.choice(["words", *HOSTILE])

    def _text(self, parameter: Any) -> str:
        schema = parameter["schema"]
        schema = schema["anyOf"][0] if "anyOf" in schema else schema
        if self._chance.random() < 0.85:
            return str(self._plain(schema))
        return str(self._chance.choice(HOSTILE))

    def _typed_data(self) -> dict[str, Any]:
        kinds = ["TransferWithAuthorization", "Permit", "Voucher", "Settlement", "ClaimTo", "x"]
        names = ["from", "to", "value", "nonce", "owner", "validBefore", "vouchers"]
        return {
            "primaryType": self._chance.choice(kinds),
            "types": self._chance.choice([{}, {"Permit": []}, None]),
            "domain": {
                "name": "Corner Shop",
                "version": "1",
                "chainId": self._chance.choice([31337, "31337", -1, 10**400]),
                "verifyingContract": self._chance.choice([*self._known, *VALUES]),
            },
            "message": {name: self._chance.choice([*self._known, *VALUES]) for name in names},
        }

    def _rpc(self) -> dict[str, Any]:
        methods = ["eth_call", "eth_getLogs", "eth_getBlockByNumber", "eth_feeHistory", "eth_x"]
        frames = [
            [{"to": self._chance.choice(self._known), "data": "0x06fdde03"}, "latest"],
            [{"fromBlock": "0x0", "toBlock": self._chance.choice(["latest", "0x" + 60 * "f", 1])}],
            [self._chance.choice(VALUES)],
            self._chance.choice(VALUES),
        ]
        return {
            "jsonrpc": "2.0",
            "id": self._chance.choice(VALUES),
            "method": self._chance.choice([*methods, *VALUES]),
            "params": self._chance.choice(frames),
        }

    def _quoted(self, text: str) -> str:
        return quote(text.encode("utf-8", "surrogatepass"), safe="")


def run(api, member, issuer, suite, count: int, seed: int) -> dict[int, int]:
    """Makes calls, signed in and not; how many had which status."""
    openapi = api.get("/openapi.json").json()
    known = [member.address, issuer.address.lower(), suite.token("SHOP").address]
    maker = Maker(openapi, [*known, suite.token("AIR").address], seed)
    statuses: dict[int, int] = {}
    signed_out = True
    for number in range(count):
        if signed_out:
            sign_in(api, issuer)
        method, path, options = maker.call(number)
        signed_out = (method, path) == ("delete", "/v1/session")
        try:
            answer = api.request(method, path, **options)
        except (httpx.InvalidURL, UnicodeEncodeError):
            # What the client itself does not send.
            continue
        assert answer.status_code < 500, (method, path, options, answer.text)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", answer.text
            assert answer.json()["detail"]
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
    return statuses


def test_no_call_is_answered_with_a_fault_of_ours(relayed, lived, api, member, issuer, suite):
    statuses = run(api, member, issuer, suite, CALLS, seed=1)

    # Not all are refused: many calls do what they ask for.
    assert statuses[200] > CALLS // 4
    assert statuses[422] > CALLS // 20
    assert statuses[401] < CALLS // 20


@pytest.mark.deep
def test_no_call_of_many_more_is(relayed, lived, api, member, issuer, suite):
    seed = int(os.environ.get("ZEGEL_SEED", "2"))

    statuses = run(api, member, issuer, suite, DEEP_CALLS, seed)

    assert sum(statuses.values()) > DEEP_CALLS * 9 // 10
