"""Accredits issuers: signs who they are as a verifier, and gives that to the registry.

    brownie run accredit main network.toml 0x… --network local
    brownie run accredit sign network.toml 0x… credential.json --network local
    brownie run accredit submit credential.json --network local
    brownie run accredit revoke 0x… "fraud" --network local

Input: a settings file with a table [issuers."0x…"] (see `zegel.admin.state`), and the issuer. Run
`main` and `sign` as a verifier; `sign` sends nothing and writes a file that anyone may `submit`. To
renew a credential, mend the settings and run it again. Run `revoke` as an operator, or as the
verifier that signed.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin import credentials
from zegel.admin.inputs import address, word
from zegel.admin.state import load


def main(settings: str, issuer: str) -> None:
    with session() as here:
        who = address(issuer, "issuer")
        identity = load(Path(settings)).issuer(who)
        here.carry_out(
            credentials.accredit(here.sender, lambda: here.suite.registry, who, identity)
        )


def sign(settings: str, issuer: str, file: str) -> None:
    with session() as here:
        who = address(issuer, "issuer")
        identity = load(Path(settings)).issuer(who)
        credential = credentials.signed(here.sender, here.suite.registry, who, identity)
        credential.save(Path(file))
        print(f"[ok] {file}: {who} is {identity.legal_name}, signed by {here.sender.address}")


def submit(file: str) -> None:
    with session() as here:
        credential = credentials.Credential.read(Path(file))
        here.carry_out(credentials.submit(here.sender, lambda: here.suite.registry, credential))


def revoke(issuer: str, reason: str) -> None:
    with session() as here:
        who, why = address(issuer, "issuer"), word(reason)
        here.carry_out(credentials.revoke(here.sender, lambda: here.suite.registry, who, why))
