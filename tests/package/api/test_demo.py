"""Whoever tries a demo is given points; elsewhere nobody is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from eth_utils.address import to_checksum_address
from fastapi.testclient import TestClient
from support.calling import problem, sign_in

from zegel.api.app import create_app


@pytest.fixture
def demo(relayed):
    with TestClient(create_app(relayed), base_url="http://localhost:8080") as client:
        yield client


def member(number):
    return to_checksum_address(f"0x{number:040x}")


def test_points_are_given_once_they_are_on_the_chain(demo, suite):
    told = demo.post("/v1/demo/points", json={"member": member(1)}).json()

    shop = suite.token("SHOP")
    assert told == {"token": shop.address, "amount": "10000", "done": True}
    assert shop.functions.balanceOf(member(1)).call() == 10_000


def test_points_are_given_while_the_same_account_awards_others(demo, suite, awarder):
    sign_in(demo, awarder)
    rows = [
        {"member": member(100 + n), "amount": "1", "reference": f"r-{n}", "reason": "gift"}
        for n in range(300)
    ]
    awards = f"/v1/issuer/programs/{suite.token('SHOP').address}/awards"
    assert demo.post(awards, json={"rows": rows}).is_success

    with ThreadPoolExecutor(6) as people:
        told = list(
            people.map(
                lambda n: demo.post("/v1/demo/points", json={"member": member(n)}), range(1, 7)
            )
        )

    assert [(one.status_code, one.json()["done"]) for one in told] == [(200, True)] * 6
    balance = suite.token("SHOP").functions.balanceOf
    assert [balance(member(n)).call() for n in range(1, 7)] == [10_000] * 6
    assert [balance(member(100 + n)).call() for n in range(300)] == [1] * 300


def test_a_budget_that_is_spent_gives_nothing_more(demo, suite):
    for number in range(1, 11):
        assert demo.post("/v1/demo/points", json={"member": member(number)}).is_success

    detail = problem(demo.post("/v1/demo/points", json={"member": member(11)}), 409, "plan-refused")

    assert "budget" in detail
    assert suite.token("SHOP").functions.balanceOf(member(11)).call() == 0


def test_a_program_that_nobody_awards_here_is_named(demo, suite):
    wish = {"member": member(1), "token": suite.token("AIR").address}

    assert "nobody awards AIR here" in problem(
        demo.post("/v1/demo/points", json=wish), 409, "no-awarder"
    )


def test_only_a_demo_gives_points(relayed):
    relayed.settings = replace(relayed.settings, demo=False)
    with TestClient(create_app(relayed), base_url="http://localhost:8080") as client:
        problem(client.post("/v1/demo/points", json={"member": member(1)}), 404, "no-demo")


def test_nobody_is_given_nothing(demo):
    detail = problem(
        demo.post("/v1/demo/points", json={"member": member(0)}), 422, "invalid-request"
    )

    assert "is the zero address: name a member" in detail
