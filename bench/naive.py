"""The naive exchange in use."""

from web3.contract import Contract

from bench.chain import topic
from bench.setting import ADMIN, AMOUNT, AWARDER, BALANCE, FRIEND, LEAST, MEMBER
from bench.signatures import DEADLINE
from bench.trial import Trial

# What remains of an amount after a conversion, for the rivals as for us: four fifths.
RATE = 8 * 10**17


def naive_programs(trial: Trial, exchange: Contract) -> tuple[Contract, Contract]:
    """Two tokens that a naive exchange converts; the member has points of the first one."""
    source, target = (
        trial.deploy("OpenZeppelinRoleToken", ADMIN, label=label) for label in ("source", "target")
    )
    minter, burner = topic("MINTER_ROLE"), topic("BURNER_ROLE")
    for token in (source, target):
        for role in (minter, burner):
            trial.chain.send(ADMIN, token.functions.grantRole(role, exchange.address))
        trial.chain.send(ADMIN, token.functions.grantRole(minter, AWARDER))
    for holder in (FRIEND, MEMBER.address):
        trial.chain.send(AWARDER, source.functions.mint(holder, BALANCE))
    pair = source.address, target.address
    trial.chain.send(ADMIN, exchange.functions.setRate(*pair, RATE))
    # Someone has converted before, so that the issuers' slots are in use.
    convert = exchange.functions.convert
    trial.chain.send(FRIEND, convert(*pair, AMOUNT, LEAST, FRIEND, DEADLINE))
    return source, target
