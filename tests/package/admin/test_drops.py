"""Drops, from an award file to the last claim.

opening
  opens the drop until the end of the epoch, or until the second that is said, once
  has the drop contract let distribute, by the default admin, and refuses others
  given a faulty file, or points that never expire and no end, it is refused
claim
  claims a member's awards, or everybody's, once
  given a member without awards or another chain, it is refused
close
  destroys what nobody has claimed, once the drop is over, once
"""

from pathlib import Path

import pytest

from zegel.admin import drops, powers
from zegel.admin.limits import set_budget
from zegel.admin.programs import ProgramSettings, create_program
from zegel.award.drops import read_claims, write_claims
from zegel.award.faults import FaultyFile
from zegel.chain import roles
from zegel.errors import ConfigError, PlanRefused, WrongChain

MEMBER = "0x00000000000000000000000000000000000000AA"
OTHER = "0x00000000000000000000000000000000000000bb"
NOBODY = "0x00000000000000000000000000000000000000Cc"

# 1 April 2026, when the epoch ends in which these tests live.
EPOCH_END = 1_775_001_600


@pytest.fixture
def awards(tmp_path: Path) -> Path:
    path = tmp_path / "awards.csv"
    path.write_text(
        f"member,amount,ref,reason\n{MEMBER},1.50,a,x\n{OTHER},2,b,x\n{MEMBER},0.07,c,x\n"
    )
    return path


@pytest.fixture
def distributing(suite, issuer):
    """The program SHOP lets the drop contract distribute."""
    address = suite.drop.address
    powers.grant(suite, issuer, "SHOP", roles.DISTRIBUTOR, address).apply()


@pytest.fixture
def opened(suite, awarder, distributing, awards, tmp_path):
    """A drop that was opened, as its claims file says."""
    opening = drops.opening(suite, awarder, "SHOP", awards)
    opening.plan().apply()
    path = tmp_path / "claims.json"
    write_claims(path, opening.drop, opening.place())
    return read_claims(path)


def balances(suite):
    token = suite.token("SHOP").functions
    return [token.balanceOf(who).call() for who in (MEMBER, OTHER)]


def test_drop_is_opened_once_until_the_epoch_ends(suite, awarder, distributing, awards):
    opening = drops.opening(suite, awarder, "SHOP", awards)

    assert opening.plan().apply() == [f"drop SHOP 0x{opening.id.hex()}"]

    assert suite.drop.functions.dropOf(opening.id).call() == (
        suite.token("SHOP").address,
        357,
        EPOCH_END,
        1,
    )
    assert opening.place().claimable_until == EPOCH_END
    assert opening.plan().apply() == []


def test_drop_ends_when_it_is_said(suite, awarder, distributing, awards):
    opening = drops.opening(suite, awarder, "SHOP", awards)

    opening.plan(EPOCH_END - 5).apply()

    assert opening.place().claimable_until == EPOCH_END - 5


def test_default_admin_lets_the_contract_distribute(suite, issuer, awards):
    set_budget(suite, issuer, "SHOP", issuer.address, 1_000).apply()

    taken = drops.opening(suite, issuer, "SHOP", awards).plan().apply()

    assert [step.split()[0] for step in taken] == ["grant", "drop"]


def test_awarder_alone_cannot_let_the_contract_distribute(suite, awarder, awards):
    with pytest.raises(PlanRefused, match=f"{awarder.address} is not default admin of 0x"):
        drops.opening(suite, awarder, "SHOP", awards).plan().apply()


def test_drop_beyond_the_epoch_is_refused_beforehand(suite, awarder, distributing, awards):
    opening = drops.opening(suite, awarder, "SHOP", awards)

    with pytest.raises(PlanRefused, match="AwardDrop refused: DropOutlivesEpoch"):
        opening.plan(EPOCH_END + 1).apply()


def test_faulty_file_opens_nothing(suite, awarder, awards):
    awards.write_text(awards.read_text() + f"{OTHER},-1,d,x\n")

    with pytest.raises(FaultyFile, match="line 5, column amount"):
        drops.opening(suite, awarder, "SHOP", awards)


def test_points_that_never_expire_need_an_end(suite, issuer, book, awards):
    settings = ProgramSettings("Ever", "EVER", decimals=2, months_per_epoch=0, lifetime=1)
    create_program(suite, issuer, settings, book).apply()

    with pytest.raises(ConfigError, match="EVER points do not expire: say when the drop ends"):
        drops.opening(suite, issuer, "EVER", awards).plan()


def test_member_is_sent_every_award_once(suite, connection, outsider, opened):
    assert len(drops.claim(connection, outsider, *opened, MEMBER).apply()) == 2

    assert balances(suite) == [157, 0]
    assert drops.claim(connection, outsider, *opened, MEMBER).apply() == []


def test_everybody_is_sent_what_is_left(suite, connection, outsider, opened):
    drops.claim(connection, outsider, *opened, OTHER).apply()

    assert len(drops.claim(connection, outsider, *opened, None).apply()) == 2

    assert balances(suite) == [157, 200]


def test_member_without_awards_is_told(connection, outsider, opened):
    with pytest.raises(ConfigError, match=f"member: {NOBODY} has no award in this drop"):
        drops.claim(connection, outsider, *opened, NOBODY)


def test_claims_of_another_chain_are_told(connection, outsider, awards, opened):
    drop, place = opened
    elsewhere = type(place)(1, place.contract, place.token, place.claimable_until)

    with pytest.raises(WrongChain, match="the drop is on chain 1, and this is 31337"):
        drops.claim(connection, outsider, drop, elsewhere, MEMBER)


def test_drop_is_closed_when_it_is_over(anvil, suite, connection, outsider, opened):
    drops.claim(connection, outsider, *opened, OTHER).apply()
    with pytest.raises(PlanRefused, match="AwardDrop refused: DropNotOver"):
        drops.close(connection, outsider, *opened).apply()
    anvil.set_next_timestamp(EPOCH_END)
    anvil.mine()

    assert len(drops.close(connection, outsider, *opened).apply()) == 1

    assert suite.token("SHOP").functions.balanceOf(suite.drop.address).call() == 0
    assert drops.close(connection, outsider, *opened).apply() == []
