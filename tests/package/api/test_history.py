"""A member's history says what every event did to it, newest first, page by page."""

from support.calling import problem

from zegel.chain.anvil import Anvil


def told(api, who, **query):
    return api.get(f"/v1/members/{who.address}/history", params=query).json()


def brief(entry):
    return entry["kind"], int(entry["amount"]), int(entry["aside"] or 0)


def test_everything_that_happened_is_told_newest_first(lived, api, member):
    entries = told(api, member)["entries"]

    assert [brief(entry) for entry in entries] == [
        # A purse of the second quarter comes back; the first quarter's points are gone by then.
        ("released", 0, -50),
        ("expired", -1_210, 0),
        ("paid", -40, -40),
        ("held", 0, 1_000),
        ("awarded", 100, 0),
        ("held", 0, 300),
        ("awarded", 1_000, 0),
        ("awarded", 50, 0),
        ("claimed", 200, 0),
    ]
    assert sum(int(entry["amount"]) for entry in entries) == int(
        api.get(f"/v1/members/{member.address}").json()["programs"][0]["balance"]
    )


def test_pages_follow_each_other_without_gap_or_repetition(lived, api, member):
    whole = told(api, member)["entries"]
    for limit in range(1, len(whole) + 1):
        found, before = [], None
        while True:
            page = told(api, member, limit=limit, **({"before": before} if before else {}))
            found += page["entries"]
            before = page["next"]
            assert len(page["entries"]) <= limit
            if before is None:
                break
        assert found == whole


def test_points_expire_when_the_calendar_says_so(
    suite, anvil: Anvil, api, awarder, member, indexed
):
    awarder.send(suite.token("SHOP").functions.award(member.address, 1_000, bytes(32)))
    ((expires, _),) = suite.token("SHOP").functions.expiries(member.address).call()
    anvil.move_to(expires + 1_000)
    indexed()

    gone, awarded = told(api, member)["entries"]

    assert (gone["kind"], gone["amount"], gone["time"]) == ("expired", "-1000", expires)
    assert (gone["transaction"], gone["block"]) == (None, None)
    assert awarded["kind"] == "awarded"


def test_a_conversion_is_told_on_both_sides(suite, api, awarder, operator, member, indexed):
    from zegel.admin import funds

    shop, air = suite.token("SHOP"), suite.token("AIR")
    funds.fund(suite, operator, "SHOP", 10**8).apply()
    awarder.send(shop.functions.award(member.address, 1_000, bytes(32)))
    sides = shop.address, air.address
    member.send(suite.exchange.functions.convert(*sides, 1_000, 0, member.address, 2**40))
    indexed()

    into, out, _ = told(api, member)["entries"]

    assert (out["kind"], out["token"], out["amount"]) == ("converted out", sides[0], "-1000")
    assert out["conversion"] == {
        "token": sides[1],
        "amount": "36",
        "value": "90000",
        "fee": "0",
        "versions": [2, 1],
    }
    assert (into["kind"], into["token"], into["amount"]) == ("converted in", sides[1], "36")
    assert into["conversion"]["amount"] == "1000"
    assert into["transaction"] == out["transaction"]


def test_a_reference_is_told_as_its_text(suite, api, awarder, member, indexed):
    ref = b"receipt-2041".ljust(32, b"\0")
    awarder.send(suite.token("SHOP").functions.award(member.address, 5, ref))
    indexed()

    assert told(api, member)["entries"][0]["reference"] == "receipt-2041"


def test_points_that_come_back_from_a_purse_are_told_once(
    suite, api, issuer, awarder, member, anvil, indexed
):
    shop, nobody = suite.token("SHOP"), "0x" + 40 * "0"
    issuer.send(suite.desk.functions.setGuarantee(shop.address, 100, 2))
    awarder.send(shop.functions.award(member.address, 1_000, bytes(32)))
    member.send(suite.desk.functions.hold(shop.address, nobody, 400))
    member.send(suite.desk.functions.release(shop.address, nobody))
    window = suite.desk.functions.offlineWindow().call()
    anvil.move_to(suite.connection.timestamp() + 4 * window)
    member.send(suite.desk.functions.returnPurse(shop.address, member.address, nobody))
    indexed()

    assert [brief(entry) for entry in told(api, member)["entries"]] == [
        ("released", 0, -400),
        ("held", 0, 400),
        ("awarded", 1_000, 0),
    ]


def test_what_is_no_cursor_is_refused(api, member):
    address = f"/v1/members/{member.address}/history"

    for wrong in ("x", "WzFd", "ä", "W10"):
        detail = problem(api.get(address, params={"before": wrong}), 400, "cursor-unknown")
        assert detail == f"before: {wrong!r} is no `next` of a page: leave it out"
