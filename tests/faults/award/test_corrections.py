"""A correction, which the token takes as often as it comes
├── is made once, wherever its worker is killed: its nonce sees to that
└── would be made twice if its signed bytes were forgotten
"""

import pytest
from faults.award.conftest import supply
from sqlalchemy import delete, update
from support.killing import KILLED

from zegel.award import awarding, states
from zegel.award.schema import batches, outgoing
from zegel.award.signing import sign_planned
from zegel.outbox.broadcasting import broadcast

MEMBER = f"0x{1:040x}"


@pytest.fixture
def correction(job, tmp_path):
    """A file that corrects an award, and the supply before it is run."""
    work = job(3)
    office = work.office()
    awarding.run(office, work.path)
    award = work.path.read_text().splitlines()[1].split(",")[2]
    work.path.write_text(
        f"member,amount,ref,reason,corrects\n{MEMBER},0.40,{award}-c,typo,{award}\n"
    )
    return work, supply(work.town)


@pytest.mark.parametrize(
    "point", ["award.signing", "award.signed", "award.sending", "award.sent", "award.mined"]
)
def test_a_correction_is_made_once_wherever_its_worker_is_killed(correction, point):
    work, before = correction

    assert work.work(point) == KILLED

    assert awarding.run(work.office(), work.path).rows == {"final": 1}
    assert awarding.run(work.office(), work.path).rows == {"final": 1}
    assert supply(work.town) == before - 40


def test_a_journal_that_forgot_signed_bytes_would_correct_twice(correction):
    """The planted bug: what was sent is planned anew, with another nonce."""
    work, before = correction
    anvil = work.town.anvil
    anvil.rpc("evm_setAutomine", False)
    try:
        assert work.work("award.sent") == KILLED
        office = work.office()
        with office.journal.writing() as database:
            number = database.scalar(
                batches.select()
                .with_only_columns(batches.c.id)
                .where(batches.c.kind == states.CORRECTION)
            )
            database.execute(delete(outgoing).where(outgoing.c.job == number))
            database.execute(
                update(batches).where(batches.c.id == number).values(state=states.PLANNED)
            )
        sign_planned(office, 1, None)
        broadcast(office.box)
        anvil.mine()
    finally:
        anvil.rpc("evm_setAutomine", True)

    assert supply(work.town) == before - 80
