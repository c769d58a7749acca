"""Awarding a file
├── plans without entering or sending anything
├── runs: every row on the chain once, whatever is run again
│   ├── the same bytes, the same rows in another file, the same ref with other content
│   ├── rows that wait, are cancelled, and come due
│   └── corrections
└── refuses whole what the token would refuse
"""

import pytest
from sqlalchemy import select
from web3 import Web3

from zegel.admin import powers, safety
from zegel.award import awarding
from zegel.award.faults import FaultyFile
from zegel.award.journal import open_journal
from zegel.award.schema import batches, files, outgoing, rows
from zegel.errors import ConfigError, PlanRefused

MEMBER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
OTHER = "0x" + "0b" * 20
WAITING = "member,amount,ref,reason,pending_until"
CORRECTING = "member,amount,ref,reason,corrects"


def balance(office, member=MEMBER):
    return office.contract.functions.balanceOf(Web3.to_checksum_address(member)).call()


def height(office):
    return office.suite.connection.web3.eth.block_number


def test_a_plan_says_what_would_happen_and_does_nothing(office, award_file):
    path = award_file(
        f"{MEMBER},1.50,a,x,", f"{MEMBER},2,b,x,", f"{OTHER},3,c,x,2099-01-01", header=WAITING
    )
    before = height(office)

    plan = awarding.plan(office, path)

    assert (plan.awards, plan.members, plan.total, plan.batches) == (2, 1, 350, 1)
    assert (plan.corrections, plan.corrected, plan.pending, plan.repeated) == (0, 0, 1, 0)
    assert (plan.gas, plan.budget_left) == (152_000, 100_000)
    assert plan.money >= plan.gas
    assert plan.refusals == ()
    assert height(office) == before
    with office.journal.reading() as database:
        assert database.execute(select(files)).all() == []


def test_a_file_is_awarded_once_however_often_it_is_run(office, award_file):
    path = award_file(f"{MEMBER},1.50,a,x", f"{OTHER},2,b,x")

    first = awarding.run(office, path)
    before = height(office)
    again = [awarding.run(office, path) for _ in range(9)]

    assert (first.rows, first.points, first.troubles) == ({"final": 2}, 350, ())
    assert again == [first] * 9
    assert height(office) == before
    assert (balance(office), balance(office, OTHER)) == (150, 200)
    plan = awarding.plan(office, path)
    assert (plan.awards, plan.batches, plan.repeated) == (0, 0, 2)


def test_rows_that_stood_in_an_earlier_file_are_left_out(office, award_file):
    awarding.run(office, award_file(f"{MEMBER},1,a,x", name="monday.csv"))
    path = award_file(f"{MEMBER},1,a,x", f"{MEMBER},2,b,x", name="tuesday.csv")

    assert awarding.plan(office, path).repeated == 1
    status = awarding.run(office, path)

    assert (status.rows, status.repeated) == ({"final": 1}, 1)
    assert balance(office) == 300


def test_a_ref_that_was_awarded_for_something_else_is_a_fault(office, award_file):
    awarding.run(office, award_file(f"{MEMBER},1,a,x", name="monday.csv"))
    path = award_file(f"{MEMBER},2,b,x", f"{MEMBER},1.01,a,x", name="tuesday.csv")

    with pytest.raises(FaultyFile) as refused:
        awarding.run(office, path)

    (fault,) = refused.value.faults
    assert (fault.line, fault.column, fault.value) == (3, "ref", "a")
    assert fault.reason == "stands in monday.csv, line 2, for something else"
    assert balance(office) == 100


def test_a_row_waits_until_its_time(office, award_file):
    clock = [1_767_225_600]
    timed = type(office)(
        office.suite, office.sender, "SHOP", office.journal, depth=0, now=lambda: clock[0]
    )
    path = award_file(
        f"{MEMBER},1,a,x,2026-02-01", f"{MEMBER},2,b,x,2026-02-01T00:00+01:00", header=WAITING
    )

    assert awarding.run(timed, path).rows == {"waiting": 2}
    clock[0] = 1_769_904_000 - 3600
    assert awarding.run(timed, path).rows == {"waiting": 1, "final": 1}
    assert balance(office) == 200
    clock[0] = 1_769_904_000 - 1
    assert awarding.run(timed).rows == {"waiting": 1, "final": 1}
    clock[0] = 1_769_904_000
    assert awarding.run(timed).rows == {"final": 2}
    assert balance(office) == 300


def test_a_row_that_waits_can_be_cancelled_and_its_ref_is_used_up(office, award_file):
    path = award_file(f"{MEMBER},1,a,x,2099-01-01", f"{MEMBER},2,b,x,", header=WAITING)
    awarding.run(office, path)

    awarding.cancel(office.journal, office.token, ["a"])
    awarding.cancel(office.journal, office.token, ["a"])

    assert awarding.run(office, path).rows == {"final": 1, "cancelled": 1}
    with pytest.raises(FaultyFile, match="and was cancelled: give the award a new ref"):
        awarding.run(office, award_file(f"{MEMBER},1,a,x", name="more.csv"))


def test_what_waits_no_more_cannot_be_cancelled_nor_what_comes_with_it(office, award_file):
    path = award_file(f"{MEMBER},1,a,x,2099-01-01", f"{MEMBER},2,b,x,", header=WAITING)
    awarding.run(office, path)

    with pytest.raises(ConfigError, match="ref: 'b' does not wait any more, it is final"):
        awarding.cancel(office.journal, office.token, ["a", "b"])
    with pytest.raises(ConfigError, match="ref: 'c' is in no file of the journal: check it"):
        awarding.cancel(office.journal, office.token, ["a", "c"])
    assert awarding.run(office, path).rows == {"waiting": 1, "final": 1}


@pytest.fixture
def correcting(office, suite, issuer):
    """The awarder may correct too."""
    powers.grant(suite, issuer, "SHOP", powers.roles.CORRECTOR, office.sender.address).apply()
    return office


def test_a_correction_takes_points_back_once(correcting, award_file):
    awarding.run(correcting, award_file(f"{MEMBER},10,a,x", name="first.csv"))
    path = award_file(f"{MEMBER},2.50,a-1,typo,a", f"{MEMBER},1,b,x,", header=CORRECTING)

    plan = awarding.plan(correcting, path)
    status = awarding.run(correcting, path)
    awarding.run(correcting, path)

    assert (plan.awards, plan.corrections, plan.corrected, plan.batches) == (1, 1, 250, 2)
    assert status.rows == {"final": 2}
    assert balance(correcting) == 1000 + 100 - 250
    (event,) = correcting.contract.events.Corrected().get_logs(from_block=0)
    assert event["args"]["ref"].rstrip(b"\0") == b"a"
    assert event["args"]["reason"].rstrip(b"\0") == b"typo"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{MEMBER},1,c,x,nothing", "is the ref of no award in the journal"),
        (f"{OTHER},1,c,x,a", f"was awarded to {MEMBER.lower()}"),
        (f"{MEMBER},10.01,c,x,a", "was awarded less than that"),
        (f"{MEMBER},1,c,x,later", "is not awarded: it is waiting"),
        (f"{MEMBER},1,c,x,b", "was corrected before"),
    ],
)
def test_a_correction_of_what_cannot_be_corrected_is_a_fault(correcting, award_file, line, reason):
    awarding.run(
        correcting,
        award_file(
            f"{MEMBER},10,a,x,",
            f"{MEMBER},10,b,x,",
            f"{MEMBER},10,later,x,2099-01-01",
            header=WAITING,
            name="first.csv",
        ),
    )
    awarding.run(
        correcting, award_file(f"{MEMBER},1,b-1,x,b", header=CORRECTING, name="second.csv")
    )

    with pytest.raises(FaultyFile) as refused:
        awarding.run(correcting, award_file(line, header=CORRECTING))

    (fault,) = refused.value.faults
    assert (fault.line, fault.column, fault.reason) == (2, "corrects", reason)


def test_a_correction_that_the_token_refuses_is_named_and_tried_again(correcting, award_file):
    awarding.run(correcting, award_file(f"{MEMBER},10,a,x", name="first.csv"))
    freezing = safety.freeze(correcting.suite, _issuer(correcting), "SHOP", MEMBER, b"x".ljust(32))
    freezing.apply()
    path = award_file(f"{MEMBER},2,c,x,a", f"{MEMBER},1,b,x,", header=CORRECTING)

    status = awarding.run(correcting, path)

    assert (status.rows, status.is_done) == ({"final": 1, "refused": 1}, False)
    (trouble,) = status.troubles
    assert f"from line 2: PointToken refused: MemberFrozen(member={MEMBER})" in trouble
    safety.unfreeze(correcting.suite, _issuer(correcting), "SHOP", MEMBER, b"x".ljust(32)).apply()
    assert awarding.run(correcting, path).rows == {"final": 2}
    assert balance(correcting) == 1000 + 100 - 200


def _issuer(office):
    accounts = office.suite.connection.web3.eth.accounts
    return type(office.sender)(office.suite.connection, accounts[2])


def test_what_the_token_would_refuse_is_refused_before_anything_is_sent(
    office, guardian, award_file
):
    path = award_file(f"{MEMBER},1000.01,a,x")
    before = height(office)

    refusal = (
        f"1000.00 points are left in the budget of {office.sender.address}, 1000.01 are needed: "
        "raise it, or wait for the next period"
    )
    assert awarding.plan(office, path).refusals == (refusal,)
    with pytest.raises(PlanRefused, match=r"1000\.00 points are left"):
        awarding.run(office, path)
    assert height(office) == before

    safety.pause(office.suite, guardian, "SHOP").apply()
    assert awarding.plan(office, path).refusals[0] == "SHOP is paused: unpause it first"


def test_corrections_need_the_role(office, award_file):
    awarding.run(office, award_file(f"{MEMBER},10,a,x", name="first.csv"))

    with pytest.raises(PlanRefused, match="is not corrector of SHOP"):
        awarding.run(office, award_file(f"{MEMBER},2,c,x,a", header=CORRECTING))
    assert balance(office) == 1000


def test_a_faulty_file_enters_nothing(office, award_file):
    path = award_file(f"{MEMBER},1.50,a,x", f"{MEMBER},2.001,b,x")

    with pytest.raises(FaultyFile, match=r"awards\.csv, line 3, column amount: '2\.001'"):
        awarding.run(office, path)

    with office.journal.reading() as database:
        assert database.execute(select(rows)).all() == []
    assert balance(office) == 0


def test_the_signed_bytes_are_what_the_chain_took(office, award_file):
    awarding.run(office, award_file(f"{MEMBER},1.50,a,x"))

    with office.journal.reading() as database:
        (one,) = database.execute(select(outgoing)).all()
        (batch,) = database.execute(select(batches)).all()
    receipt = office.node.ask("eth_getTransactionReceipt", one.hash)
    assert (one.state, one.block, one.gas_used) == (
        "final",
        int(receipt["blockNumber"], 16),
        int(receipt["gasUsed"], 16),
    )
    assert (batch.transaction, batch.block_hash) == (one.hash, receipt["blockHash"])
    assert Web3.keccak(one.raw).to_0x_hex() == one.hash
    assert office.contract.functions.isAwarded(batch.root).call()


def test_what_stands_on_the_chain_already_is_found_there(office, award_file, tmp_path):
    path = award_file(f"{MEMBER},1.50,a,x")
    awarding.run(office, path)
    new = open_journal(f"sqlite:///{tmp_path / 'new.db'}", office.suite.connection)
    anew = type(office)(office.suite, office.sender, "SHOP", new, depth=0)
    before = height(office)

    assert awarding.run(anew, path).rows == {"final": 1}
    assert height(office) == before
    assert balance(office) == 150
