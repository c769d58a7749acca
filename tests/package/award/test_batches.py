"""Batches
├── cut: as many rows as fit, in order
└── on the chain: awarded once, every row provable, within the gas that was promised
"""

import pytest
from eth_utils import keccak
from web3.logs import DISCARD

from zegel.award.batches import MAX_ROWS, Batch, cut
from zegel.award.rows import Award, packed_text
from zegel.chain.sending import MAX_GAS
from zegel.errors import Refused


def awards(count: int, amount: int = 7) -> list[Award]:
    return [
        Award(
            keccak(text=f"member {n}")[12:],
            amount,
            packed_text(f"receipt-{n}"),
            packed_text("purchase"),
        )
        for n in range(count)
    ]


def test_awards_are_cut_in_order():
    rows = awards(7)

    assert [batch.awards for batch in cut(rows, 3)] == [
        tuple(rows[:3]),
        tuple(rows[3:6]),
        tuple(rows[6:]),
    ]
    assert cut([]) == ()


@pytest.mark.parametrize("rows", [0, MAX_ROWS + 1])
def test_a_batch_that_no_transaction_can_hold_is_refused(rows):
    with pytest.raises(ValueError, match=f"a batch has 1 to {MAX_ROWS} rows, not {rows}"):
        cut(awards(1), rows)


def test_the_largest_batch_fits_into_a_transaction():
    assert Batch(tuple(awards(MAX_ROWS))).gas <= MAX_GAS


def test_the_same_awards_have_the_same_id():
    assert Batch(tuple(awards(5))).id == Batch(tuple(awards(5))).id
    assert Batch(tuple(awards(5))).id != Batch(tuple(awards(5, amount=8))).id


def test_words_hold_member_and_amount():
    (award,) = awards(1, amount=1250)
    (word,) = Batch((award,)).words

    assert word.to_bytes(32, "big") == award.member + (1250).to_bytes(12, "big")


def test_a_full_batch_of_new_members_is_awarded_within_its_gas(suite, awarder):
    token = suite.token("SHOP")
    (batch,) = cut(awards(MAX_ROWS))

    receipt = awarder.send(token.functions.awardBatch(batch.id, batch.words))

    assert receipt["gasUsed"] <= batch.gas
    assert token.functions.isAwarded(batch.id).call()
    assert token.functions.totalSupply().call() == batch.total == 7 * MAX_ROWS
    announced = token.events.BatchAwarded().process_receipt(receipt, errors=DISCARD)
    assert [dict(event["args"]) for event in announced] == [
        {
            "awarder": awarder.address,
            "batchId": batch.id,
            "count": MAX_ROWS,
            "total": batch.total,
        }
    ]


def test_the_token_proves_the_rows_of_a_batch_and_no_others(suite, awarder):
    token = suite.token("SHOP")
    (batch,) = cut(awards(9))
    awarder.send(token.functions.awardBatch(batch.id, batch.words))

    def is_in_batch(award: Award, amount: int, reason: bytes) -> bool:
        member = "0x" + award.member.hex()
        return token.functions.isInBatch(
            batch.id,
            suite.connection.web3.to_checksum_address(member),
            amount,
            award.ref,
            reason,
            batch.proof(award),
        ).call()

    for award in batch.awards:
        assert is_in_batch(award, award.amount, award.reason)
        assert not is_in_batch(award, award.amount + 1, award.reason)
        assert not is_in_batch(award, award.amount, packed_text("gift"))


def test_a_batch_is_refused_the_second_time(suite, awarder):
    token = suite.token("SHOP")
    (batch,) = cut(awards(3))
    awarder.send(token.functions.awardBatch(batch.id, batch.words))

    with pytest.raises(Refused) as refused:
        awarder.send(token.functions.awardBatch(batch.id, batch.words))

    assert refused.value.error == "BatchAlreadyAwarded"
    assert refused.value.arguments == {"batchId": batch.id}
    assert token.functions.totalSupply().call() == batch.total
