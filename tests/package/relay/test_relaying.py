"""A relay carries out what members signed
├── and says at every step where it stands
├── takes the same message once, however often it comes
├── from many threads at once: each is written once, and no quota is exceeded
├── one that counts behind another is played and sent behind it
└── any signer may be one with a key, a contract or a passkey
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from support.messages import person, sign, to_token, transfer
from support.passkeys import Passkey

from zegel.chain.messages import sequential
from zegel.errors import RelayRefused
from zegel.relay.limits import Limits
from zegel.relay.queue import open_queue
from zegel.relay.relay import Relay
from zegel.relay.schema import messages, outgoing, spent
from zegel.relay.working import Worker

OTHER = person("other").address


def balance(suite, who):
    return suite.token("SHOP").functions.balanceOf(who).call()


def test_a_message_is_accepted_sent_mined_and_final(
    suite, relay, queue, payer, shopper, give, until
):
    give(shopper, 1000)
    message = transfer(suite, shopper, OTHER, 250)

    receipt = relay.accept(message, sign(shopper, message))
    assert (receipt.state, receipt.transaction, receipt.block) == ("accepted", None, None)
    assert receipt.id == "0x" + message.digest().hex()
    assert balance(suite, OTHER) == 0

    patient = Worker(suite, queue, [payer], depth=2, watches=0)
    mined = until(receipt, "mined", patient)
    told = suite.connection.web3.eth.get_transaction_receipt(mined.transaction)
    assert (told["blockNumber"], told["status"], told["from"]) == (mined.block, 1, payer.address)
    assert balance(suite, OTHER) == 250

    suite.connection.web3.provider.make_request("anvil_mine", [2])
    until(receipt, "final", patient)
    assert [change.receipt.state for change in relay.changes(0)] == ["final"]


def test_the_same_message_again_gives_the_same_answer(
    suite, relay, queue, worker, shopper, give, until
):
    give(shopper, 1000)
    message = transfer(suite, shopper, OTHER, 250)
    first = relay.accept(message, sign(shopper, message))

    assert relay.accept(message, sign(shopper, message)) == first
    done = until(first)
    assert relay.accept(message, sign(shopper, message)) == done
    worker.step()

    with queue.reading() as database:
        assert len(database.execute(select(outgoing)).all()) == 1
    assert balance(suite, OTHER) == 250


def test_unknown_messages_have_no_receipt(relay):
    assert relay.receipt("0x" + "00" * 32) is None


def test_every_kind_of_database_keeps_the_queue(suite, queue_url, payer, shopper, give):
    give(shopper, 1000)
    queue = open_queue(queue_url, suite.connection)
    relay, worker = Relay(suite, queue), Worker(suite, queue, [payer], depth=0, watches=0)
    message = transfer(suite, shopper, OTHER, 250)

    receipt = relay.accept(message, sign(shopper, message))
    for _ in range(20):
        worker.step()

    assert relay.receipt(receipt.id).state == "final"
    assert balance(suite, OTHER) == 250


def test_threads_that_come_together_are_written_together(suite, queue_url, shopper, give):
    give(shopper, 1000)
    queue = open_queue(queue_url, suite.connection)
    relay = Relay(suite, queue, Limits(signer=1_500_000))
    signed = []
    for number in range(24):
        message = transfer(suite, shopper, OTHER, 1, nonce=number)
        # Every one comes twice.
        signed += [(message, sign(shopper, message))] * 2

    def accept(pair):
        try:
            return relay.accept(*pair).id
        except RelayRefused as refused:
            return refused.reason

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(accept, signed))

    with queue.reading() as database:
        held = database.execute(select(messages)).all()
        used = database.scalar(select(spent.c.gas).where(spent.c.whose == shopper.address.lower()))
    ids = {one.id for one in held}
    assert set(told) - ids == {"QuotaUsedUp"}
    assert set(told) - {"QuotaUsedUp"} == ids
    assert used == sum(one.gas for one in held) <= 1_500_000
    assert 10 < len(held) < 24


def test_messages_that_count_in_order_are_played_and_sent_in_order(
    suite, relay, shopper, give, until
):
    give(shopper, 1000)
    receipts = []
    for number in range(3):
        message = transfer(suite, shopper, OTHER, 100, nonce=0)
        message.values["nonce"] = sequential(number)
        receipts.append(relay.accept(message, sign(shopper, message)))

    for receipt in receipts:
        until(receipt)

    assert balance(suite, OTHER) == 300


def test_two_messages_that_together_spend_too_much_are_one_too_many(suite, relay, shopper, give):
    give(shopper, 1000)
    first, second = (transfer(suite, shopper, OTHER, 600, nonce=n) for n in (1, 2))
    relay.accept(first, sign(shopper, first))

    with pytest.raises(RelayRefused, match=r"PointToken refused: ERC20InsufficientBalance") as told:
        relay.accept(second, sign(shopper, second))

    assert told.value.reason == "ERC20InsufficientBalance"


def test_a_passkey_redeems(suite, relay, give, until):
    phone = Passkey(77)
    give(phone, 1000)
    values = {
        "member": phone.address,
        "amount": 300,
        "ref": b"order-7".ljust(32, b"\0"),
        "validAfter": 0,
        "validBefore": 4_000_000_000,
        "nonce": sequential(0),
    }
    message = to_token(suite, "RedeemWithAuthorization", **values)

    receipt = relay.accept(message, phone.sign(message.digest()))
    until(receipt)

    assert balance(suite, phone.address) == 700
