"""PostgreSQL and SQLite give the same answers."""

import pytest
from fastapi.testclient import TestClient
from support.calling import sign_in
from support.indexing import BRISK
from support.postgres import postgres, postgres_url  # noqa: F401 -- fixtures

from zegel.api.app import create_app
from zegel.api.service import Service
from zegel.api.store import Store
from zegel.index.database import Database
from zegel.index.following import catch_up
from zegel.index.network import about


@pytest.fixture
def other(suite, settings, postgres_url, lived):  # noqa: F811
    """The API on PostgreSQL, for its index and its own."""
    index = Database(postgres_url)
    catch_up(suite.connection.url, about(suite), index, patience=BRISK)
    service = Service(settings, suite, index, Store(postgres_url))
    with TestClient(create_app(service), base_url="http://localhost:8080") as client:
        yield client


def test_both_answer_the_same(lived, api, other, member, outsider, issuer, new_admin, suite):
    shop = f"/v1/issuer/programs/{suite.token('SHOP').address}"
    paths = ["/v1/network", "/v1/programs", "/v1/tokenlist.json"]
    for who in (member, outsider, new_admin):
        own = f"/v1/members/{who.address}"
        paths += [own, f"{own}/history", f"{own}/history?limit=3"]
    signed_in = [f"{shop}/{what}" for what in ("liability", "generations", "flows", "partners")]
    merchants = ["/v1/merchant/vouchers", "/v1/merchant/settlements?days=366"]
    for account, wanted in ((issuer, signed_in), (new_admin, merchants)):
        sign_in(api, account)
        sign_in(other, account)
        for path in [*paths, *wanted]:
            answers = api.get(path), other.get(path)
            assert [answer.status_code for answer in answers] == [200, 200], path
            assert answers[0].json() == answers[1].json(), path


def test_webhooks_and_sessions_are_kept_in_either(other, member):
    sign_in(other, member)
    made = other.post("/v1/webhooks", json={"url": "https://shop.example/hook"})
    assert made.status_code == 201
    (listed,) = other.get("/v1/webhooks").json()
    assert listed["id"] == made.json()["id"]
    assert other.delete(f"/v1/webhooks/{listed['id']}").status_code == 204
    assert other.delete("/v1/session").status_code == 204
    assert other.get("/v1/session").status_code == 401
