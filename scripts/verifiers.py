"""Announces a verifier of issuers, adds it when it is due, or dismisses it at once.

    brownie run verifiers main 0x… --network local
    brownie run verifiers add 0x… --network local
    brownie run verifiers remove 0x… --network local

Input: the verifier. Run `main` and `remove` as the default admin of the registry; two days after
`main`, anyone may `add`.
"""

from scripts._session import session
from zegel.admin import verifiers
from zegel.admin.inputs import address


def main(verifier: str) -> None:
    with session() as here:
        who = address(verifier, "verifier")
        here.carry_out(verifiers.schedule(here.suite, here.sender, who))


def add(verifier: str) -> None:
    with session() as here:
        who = address(verifier, "verifier")
        here.carry_out(verifiers.add(here.suite, here.sender, who))


def remove(verifier: str) -> None:
    with session() as here:
        who = address(verifier, "verifier")
        here.carry_out(verifiers.remove(here.suite, here.sender, who))
