"""What any ERC-20 token with ERC-2612 can do, measured in the same way for all of them."""

from web3.contract import Contract

from bench.chain import Chain, Sent
from bench.setting import AMOUNT, FRIEND, MEMBER, NEWCOMER, RELAYER
from bench.signatures import DEADLINE, sign
from zegel.chain.messages import Domain

Figures = dict[str, Sent]


def transfers(chain: Chain, token: Contract) -> Figures:
    """A member with a balance pays someone who has none yet, then someone who has."""
    call = token.functions.transfer(NEWCOMER, AMOUNT)
    return {
        "transfer/new": chain.send(MEMBER.address, call),
        "transfer/holder": chain.send(MEMBER.address, call),
    }


def permits(chain: Chain, token: Contract, name: str) -> Figures:
    """A member's first permit, and a later one for the same spender."""
    return {
        "permit/first": permit(chain, token, name, FRIEND, nonce=0),
        "permit/later": permit(chain, token, name, FRIEND, nonce=1),
    }


def permit(chain: Chain, token: Contract, name: str, spender: str, nonce: int) -> Sent:
    signed = sign(
        MEMBER,
        Domain(name, chain.id, token.address),
        "Permit",
        lambda number: {
            "owner": MEMBER.address,
            "spender": spender,
            "value": AMOUNT,
            "nonce": nonce,
            "deadline": DEADLINE + number,
        },
    )
    call = token.functions.permit(
        MEMBER.address, spender, AMOUNT, signed.values["deadline"], *signed.vrs
    )
    return chain.send(RELAYER, call)
