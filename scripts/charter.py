"""Agrees on what is rewarded: proposes a charter, signs it, shows it, rewards by it.

    brownie run charter main charter.toml --network local
    brownie run charter sign charter.toml --network local
    brownie run charter signature charter.toml --network local
    brownie run charter deliver charter.toml 0x… 0x… --network local
    brownie run charter show charter.toml --network local
    brownie run charter reward charter.toml 0 0x… receipt.pdf --network local

Input: the charter (see `zegel.admin.charters`). `main` proposes it, as the default admin of the
program; `sign` signs it, as a party. `signature` prints a party's signature, made with a keystore
and sent nowhere; anyone delivers it with the party's address. `reward` takes the rule's number, the
member, and the evidence: a hash, or a file, whose hash it is. Run it as the rule's attester. The
charter contract needs a budget: `brownie run set_limits budget` gives it one.
"""

from pathlib import Path

from scripts._session import Session, session
from zegel.admin.charters import Agreement, load
from zegel.admin.inputs import address, document, units
from zegel.chain.sending import KeySender
from zegel.errors import AccountLocked, ConfigError


def main(charter: str) -> None:
    with session() as here:
        here.carry_out(_agreement(here, charter).propose(here.sender))


def sign(charter: str) -> None:
    with session() as here:
        here.carry_out(_agreement(here, charter).sign(here.sender))


def signature(charter: str) -> None:
    with session() as here:
        if not isinstance(here.sender, KeySender):
            raise AccountLocked("a charter is signed here: set ZEGEL_ACCOUNT to a keystore")
        print("0x" + _agreement(here, charter).signature(here.sender).hex())


def deliver(charter: str, party: str, signed: str) -> None:
    with session() as here:
        who, what = address(party, "party"), _bytes(signed)
        here.carry_out(_agreement(here, charter).deliver(here.sender, who, what))


def show(charter: str) -> None:
    with session() as here:
        for line in _agreement(here, charter).lines():
            print(line)


def reward(charter: str, rule: str, member: str, evidence: str) -> None:
    with session() as here:
        what = document(evidence, Path(), "evidence")
        who, number = address(member, "member"), units(rule, 0, "rule")
        here.carry_out(_agreement(here, charter).reward(here.sender, number, who, what))


def _agreement(here: Session, charter: str) -> Agreement:
    return Agreement(here.suite, load(Path(charter)))


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise ConfigError(
            f"signature: {text!r} is none: copy what `charter signature` prints"
        ) from None
