"""Issuers see the figures of their programs and award points; nobody else does."""

import itertools
import time
from dataclasses import replace

import pytest
from support.calling import problem, sign_in

from zegel.admin import funds
from zegel.api.awarding import Awards
from zegel.award.journal import open_journal


@pytest.fixture
def awards(service, suite, awarder, tmp_path):
    """The server's own account may award points of SHOP."""
    service.awards = Awards(
        suite,
        open_journal(f"sqlite:///{tmp_path / 'awards.db'}", suite.connection),
        {suite.token("SHOP").address.lower(): awarder},
        tmp_path / "awards",
    )
    return service.awards


@pytest.fixture
def shop(suite):
    return f"/v1/issuer/programs/{suite.token('SHOP').address}"


def test_an_account_sees_its_programs_with_its_powers(api, suite, issuer, awarder):
    sign_in(api, issuer)
    own = {one["program"]["symbol"]: one for one in api.get("/v1/issuer/programs").json()}
    assert set(own) == {"AIR", "SHOP"}
    assert "default admin" in own["SHOP"]["roles"]
    assert own["SHOP"]["budget"] is None

    sign_in(api, awarder)
    (one,) = api.get("/v1/issuer/programs").json()
    assert (one["program"]["symbol"], one["roles"]) == ("SHOP", [])
    assert one["budget"] == {"limit": "100000", "used": "0", "period": 86_400}


FIGURES = ("liability", "generations", "flows", "partners", "awards", "preview?bid=1&ask=1")


@pytest.mark.parametrize("what", FIGURES)
def test_nobody_sees_figures_without_signing_in(api, shop, awards, what):
    problem(api.get(f"{shop}/{what}"), 401, "not-signed-in")


@pytest.mark.parametrize("what", FIGURES)
def test_nobody_sees_figures_without_a_role_on_the_chain(api, suite, shop, awards, outsider, what):
    sign_in(api, outsider)

    assert problem(api.get(f"{shop}/{what}"), 403, "no-role") == (
        f"{outsider.address} is none who has a role in {suite.token('SHOP').address.lower()}: "
        "sign in as one who is"
    )


def test_the_liability_is_the_supply_by_expiry(lived, api, suite, shop, issuer):
    sign_in(api, issuer)

    told = api.get(f"{shop}/liability").json()

    token = suite.token("SHOP").functions
    assert told["supply"] == str(token.totalSupply().call())
    alive = {
        line["expires"]: int(line["closing"]) for line in told["lines"] if line["closing"] != "0"
    }
    assert alive == dict(token.supplyByExpiry().call())
    raised = sum(
        int(told["moved"][name]) for name in ("awarded", "guaranteed", "refunded", "convertedIn")
    )
    lowered = sum(
        int(told["moved"][name]) for name in ("redeemed", "convertedOut", "corrected", "expired")
    )
    assert int(told["closing"]) == int(told["opening"]) + raised - lowered


def test_generations_end_each_month_with_what_is_outstanding(lived, api, shop, issuer):
    sign_in(api, issuer)

    months = api.get(f"{shop}/generations").json()

    assert len(months) == 13
    for earlier, later in itertools.pairwise(months):
        assert earlier["closing"] == later["opening"]
    for month in months:
        assert sum(int(one["amount"]) for one in month["outstanding"]) == int(month["closing"])


@pytest.fixture
def converted(suite, operator, awarder, member, api, indexed):
    """A member has converted 10.00 points of SHOP into 36 of AIR, for 0.09 euros."""
    shop, air = suite.token("SHOP"), suite.token("AIR")
    funds.fund(suite, operator, "SHOP", 10**8).apply()
    awarder.send(shop.functions.award(member.address, 1_000, bytes(32)))
    sides = shop.address, air.address
    member.send(suite.exchange.functions.convert(*sides, 1_000, 0, member.address, 2**40))
    indexed()


def test_flows_and_the_partner_statement_agree(converted, api, suite, shop, issuer):
    sign_in(api, issuer)

    (flow,) = api.get(f"{shop}/flows").json()
    statement = api.get(f"{shop}/partners").json()

    assert (flow["count"], flow["amount"], flow["out"], flow["value"]) == (1, "1000", "36", "90000")
    (partner,) = statement["partners"]
    assert (partner["symbol"], partner["paid"], partner["earned"]) == ("AIR", "90000", "0")
    assert partner["net"] == "-90000"
    account = suite.exchange.functions.programOf(suite.token("SHOP").address).call()[2]
    assert statement["closing"] == str(account)
    assert [one["kind"] for one in statement["postings"]] == ["funded", "paid"]


def test_a_preview_says_what_other_prices_would_have_done(converted, api, shop, issuer):
    sign_in(api, issuer)

    told = api.get(f"{shop}/preview?bid=4500000000&ask=20000000000").json()

    assert (told["conversionsOut"], told["pointsOut"]) == (1, "1000")
    assert told["now"] == {
        "bid": "9000000000",
        "ask": "10000000000",
        "paid": "90000",
        "issued": "0",
    }
    assert told["then"]["paid"] == "45000"


def test_a_period_that_ends_before_it_begins_is_refused(api, shop, issuer):
    sign_in(api, issuer)

    detail = problem(api.get(f"{shop}/liability?from=2000&until=1000"), 400, "invalid-request")

    assert detail == "the period ends at 1970-01-01 00:16:40, not after 1970-01-01 00:33:20"


def rows(*members, amount="150"):
    return {
        "rows": [
            {"member": one, "amount": amount, "reference": f"r-{number}", "reason": "purchase"}
            for number, one in enumerate(members)
        ]
    }


def wait_until_done(api, shop, file):
    for _ in range(200):
        told = api.get(f"{shop}/awards", params={"file": file}).json()
        if told["done"] and told["rows"]:
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def test_rows_are_planned_first_and_awarded_then(
    awards, api, suite, shop, awarder, member, outsider
):
    sign_in(api, awarder)
    wanted = rows(member.address, outsider.address)

    planned = api.post(f"{shop}/awards?plan=true", json=wanted)
    assert planned.status_code == 200
    assert planned.json()["plan"]["awards"] == 2
    assert planned.json()["plan"]["total"] == "300"
    assert planned.json()["status"] is None
    assert suite.token("SHOP").functions.balanceOf(member.address).call() == 0

    done = api.post(f"{shop}/awards", json=wanted)
    assert done.status_code == 202
    told = wait_until_done(api, shop, done.json()["file"])
    assert sum(told["rows"].values()) == 2
    assert told["points"] == "300"
    assert suite.token("SHOP").functions.balanceOf(member.address).call() == 150

    again = api.post(f"{shop}/awards", json=wanted).json()
    wait_until_done(api, shop, again["file"])
    assert again["plan"]["transactions"] == 0
    assert suite.token("SHOP").functions.balanceOf(member.address).call() == 150


def test_a_program_that_the_server_did_not_know_is_awarded_by_its_newer_account(
    awards, service, api, suite, shop, awarder, member
):
    service.awards = replace(awards, senders={}, newer=awarder)
    sign_in(api, awarder)

    done = api.post(f"{shop}/awards", json=rows(member.address))

    wait_until_done(api, shop, done.json()["file"])
    assert suite.token("SHOP").functions.balanceOf(member.address).call() == 150


def test_a_program_that_nobody_awards_here_is_refused(awards, service, api, shop, awarder, member):
    service.awards = replace(awards, senders={})
    sign_in(api, awarder)

    detail = problem(api.post(f"{shop}/awards", json=rows(member.address)), 409, "no-awarder")

    assert detail == "this server has no account that awards SHOP: give it one"


def test_a_file_is_awarded_as_it_is(awards, api, suite, shop, awarder, member):
    sign_in(api, awarder)
    content = f"member,amount,ref,reason\n{member.address},12.50,a-1,purchase\n"

    done = api.post(
        f"{shop}/awards",
        content=content,
        headers={"content-type": "text/csv"},
        params={"name": "../May 2026.csv"},
    )

    assert done.json()["file"].endswith("-May-2026.csv")
    wait_until_done(api, shop, done.json()["file"])
    assert suite.token("SHOP").functions.balanceOf(member.address).call() == 1_250


def test_a_faulty_file_is_refused_with_its_faults_and_no_folder_of_ours(
    awards, api, shop, awarder, member
):
    sign_in(api, awarder)
    content = f"member,amount,ref,reason\n{member.address},12.505,a-1,purchase\n"

    answer = api.post(f"{shop}/awards", content=content, headers={"content-type": "text/csv"})

    detail = problem(answer, 400, "invalid-request")
    assert "line 2, column amount: '12.505'" in detail
    assert "/" not in detail.split(",")[0]


def test_more_than_the_budget_is_refused_before_anything_is_sent(
    awards, api, suite, shop, awarder, member
):
    sign_in(api, awarder)
    wanted = rows(member.address, amount="100001")

    assert api.post(f"{shop}/awards?plan=true", json=wanted).json()["plan"]["refusals"]
    detail = problem(api.post(f"{shop}/awards", json=wanted), 409, "plan-refused")

    assert "1000.00" in detail


def test_whoever_has_a_role_but_no_budget_awards_nothing(awards, api, shop, guardian, member):
    sign_in(api, guardian)

    detail = problem(api.post(f"{shop}/awards", json=rows(member.address)), 403, "no-role")

    assert detail.startswith(f"{guardian.address} is none who may award points")


def test_other_media_types_are_refused(awards, api, shop, awarder):
    sign_in(api, awarder)

    answer = api.post(f"{shop}/awards", content=b"x", headers={"content-type": "image/png"})

    assert problem(answer, 415, "media-type-unknown").startswith("content-type: 'image/png'")


def test_a_server_without_an_account_awards_nothing(api, shop, awarder, member):
    sign_in(api, awarder)

    detail = problem(api.post(f"{shop}/awards", json=rows(member.address)), 409, "no-awarder")

    assert detail == "this server awards nothing: use `zegel award run`, or another one"


def test_merchants_see_their_tills_and_what_was_settled(
    lived, api, suite, new_admin, outsider, indexed
):
    new_admin.send(suite.registry.functions.registerTill(outsider.address))
    indexed()
    sign_in(api, new_admin)

    told = api.get("/v1/merchant").json()
    assert (told["merchant"], told["name"]) == (new_admin.address, "Bakery")
    assert [(one["till"], one["revoked"]) for one in told["tills"]] == [(outsider.address, False)]

    vouchers = api.get("/v1/merchant/vouchers").json()
    assert [one["amount"] for one in vouchers] == ["300", "200", "40", "150"]
    assert [(one["guaranteed"], one["unpaid"]) for one in vouchers[:1]] == [("100", "50")]
    days = api.get("/v1/merchant/settlements?days=366").json()
    assert sum(int(one["amount"]) for one in days) == 690
    assert sum(one["vouchers"] for one in days) == 4


def test_who_is_no_merchant_sees_nothing(api, outsider):
    sign_in(api, outsider)

    problem(api.get("/v1/merchant"), 403, "no-merchant")
    assert api.get("/v1/merchant/vouchers").json() == []
