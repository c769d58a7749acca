"""A message that could not be sent at once
├── is given up when it has ended, or when its contract refuses it by now, and costs no quota
├── waits while nobody can pay for it, and that is written down
└── is played on nodes of the older kind by what waits in their pools
"""

import pytest
from sqlalchemy import select
from support.messages import person, sign, transfer

from zegel.chain.messages import sequential
from zegel.chain.sending import KeySender
from zegel.errors import RelayRefused
from zegel.relay.relay import Relay
from zegel.relay.schema import senders, spent
from zegel.relay.status import Account, status
from zegel.relay.working import Worker

OTHER = person("other").address


def charged(queue):
    with queue.reading() as database:
        return set(database.scalars(select(spent.c.gas)))


def test_what_has_ended_is_not_sent(suite, anvil, relay, queue, worker, shopper, give):
    give(shopper, 100)
    end = suite.connection.timestamp() + 100
    message = transfer(suite, shopper, OTHER, 1, validBefore=end)
    receipt = relay.accept(message, sign(shopper, message))
    anvil.move_to(end)

    worker.step()

    failed = relay.receipt(receipt.id)
    assert (failed.state, failed.transaction) == ("failed", None)
    assert failed.reason == f"it ended at {end}, before it could be sent"
    assert charged(queue) == {0}


def test_what_would_be_refused_by_now_is_not_sent(
    suite, relay, queue, payer, shopper, give, issuer
):
    give(shopper, 100)
    message = transfer(suite, shopper, OTHER, 100)
    receipt = relay.accept(message, sign(shopper, message))
    freeze = suite.token("SHOP").functions.freeze(shopper.address, b"lost".ljust(32, b"\0"))
    issuer.send(freeze)

    late = Worker(suite, queue, [payer], depth=0, now=lambda: relay.now() + 30)
    late.step()

    failed = relay.receipt(receipt.id)
    assert failed.state == "failed"
    assert failed.reason == f"PointToken refused: MemberFrozen(member={shopper.address})"
    assert charged(queue) == {0}


def test_what_waits_is_not_played_behind_itself(suite, relay, queue, payer, shopper, give):
    """It would look used up, and each would look so that spends the last points."""
    give(shopper, 100)
    message = transfer(suite, shopper, OTHER, 100)
    receipt = relay.accept(message, sign(shopper, message))

    late = Worker(suite, queue, [payer], depth=0, now=lambda: relay.now() + 30)
    for _ in range(20):
        late.step()

    assert relay.receipt(receipt.id).state in ("mined", "final")


def test_a_worker_without_gas_money_says_so_and_loses_nothing(
    suite, anvil, relay, queue, shopper, give
):
    give(shopper, 100)
    message = transfer(suite, shopper, OTHER, 1)
    receipt = relay.accept(message, sign(shopper, message))
    poor = KeySender(suite.connection, person("poor"))
    worker = Worker(suite, queue, [poor], depth=0, watches=0)
    told = []

    worker.step(told.append)
    worker.step(told.append)

    assert len(told) == 1
    assert told[0].startswith(f"{poor.address} has 0 wei and may need ")
    assert relay.receipt(receipt.id).state == "accepted"
    with queue.reading() as database:
        assert database.scalar(select(senders.c.trouble)) == told[0]
    anvil.set_balance(poor.address, 10**20)
    for _ in range(20):
        worker.step(told.append)
    assert told[1:] == [f"[ok] {poor.address.lower()} sends again"]
    assert relay.receipt(receipt.id).state == "final"


def test_the_status_counts_messages_and_names_who_sends(suite, relay, queue, worker, shopper, give):
    give(shopper, 100)
    now = relay.now()
    message = transfer(suite, shopper, OTHER, 1)
    relay.accept(message, sign(shopper, message))
    before = status(queue, now)
    assert (before.messages["accepted"], before.accounts) == (1, ())
    assert now <= before.waiting_since <= relay.now()

    for _ in range(20):
        worker.step()

    after = status(queue, relay.now())
    assert {state: count for state, count in after.messages.items() if count} == {"final": 1}
    account = worker._boxes[0].account
    assert after.accounts == (Account(account, worker.leases.holder, 0, None),)
    worker.leases.resign()
    assert status(queue, relay.now()).accounts[0].holder is None


@pytest.fixture
def older(suite, queue):
    """A relay at a node that plays one call at a time."""
    relay = Relay(suite, queue)
    asked = []
    node = relay._rehearsal.node
    answers = node.answers

    def answer(questions):
        asked.extend(method for method, _ in questions)
        if questions[0][0] == "eth_simulateV1":
            unknown = {"error": {"code": -32601, "message": "Method not found"}}
            return [unknown, *answers(questions[1:])] if questions[1:] else [unknown]
        return answers(questions)

    node.answers = answer
    relay.asked = asked
    return relay


def test_an_older_node_estimates_instead(suite, older, shopper, give):
    give(shopper, 100)
    first, second = (transfer(suite, shopper, OTHER, amount, nonce=9) for amount in (1, 101))

    with pytest.raises(RelayRefused, match=r"ERC20InsufficientBalance\(") as told:
        older.accept(second, sign(shopper, second))
    assert told.value.reason == "ERC20InsufficientBalance"
    assert older.accept(first, sign(shopper, first)).state == "accepted"
    assert older.asked.count("eth_simulateV1") == 1


def test_an_older_node_plays_its_pool_first(suite, anvil, older, queue, payer, shopper, give):
    give(shopper, 100)
    signed = []
    for number in range(2):
        message = transfer(suite, shopper, OTHER, 1, nonce=0)
        message.values["nonce"] = sequential(number)
        signed.append((message, sign(shopper, message)))
    older.accept(*signed[0])
    anvil.rpc("evm_setAutomine", False)
    try:
        Worker(suite, queue, [payer], depth=0).step()
        assert older.accept(*signed[1]).state == "accepted"
    finally:
        anvil.rpc("anvil_dropAllTransactions")
        anvil.rpc("evm_setAutomine", True)
