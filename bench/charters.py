"""What a reward under a charter costs us. No rival does it; the floor stands beside it."""

from web3.contract import Contract

from bench.chain import DAY, Sent, topic
from bench.erc20 import Figures
from bench.setting import AMOUNT, FRIEND, ISSUER, MERCHANT, SHOPPER
from bench.suite import BUDGET, Suite

ATTESTER = MERCHANT
MONTHLY = 1
OFTEN = 1_000


def rewards(suite: Suite, token: Contract) -> Figures:
    """A member's first reward by a rule and a later one, on a day on which others had some."""
    send, contract = suite.chain.send, suite.charter
    rule = (topic("a bottle returned"), AMOUNT, OFTEN, MONTHLY, ATTESTER, 0)
    charter = (token.address, topic("document"), [ISSUER, ATTESTER], [rule], bytes(32))
    charter_id = suite.chain.read(contract.functions.charterIdOf(*charter))
    send(ISSUER, token.functions.setBudget(contract.address, BUDGET, DAY))
    send(ISSUER, contract.functions.propose(*charter))
    for party in (ISSUER, ATTESTER):
        send(party, contract.functions.sign(charter_id))

    def reward(member: str, evidence: str) -> Sent:
        call = contract.functions.reward(charter_id, 0, member, topic(evidence))
        return send(ATTESTER, call)

    reward(FRIEND, "the first of the day")
    return {
        "reward/first": reward(SHOPPER, "bottle 1"),
        "reward/later": reward(SHOPPER, "bottle 2"),
    }
