"""Deploys what is missing of the suite: settlement token, registry, exchange, desk, first roles.

    brownie run deploy --network local
    brownie run deploy main network.toml --network local

Input: a settings file with a [suite] table (see `zegel.admin.state`). Without one, a local chain
gets a suite with a test euro, whose admin, operator, verifier and only issuer is the account that
deploys. The file's issuers are accredited if that account is a verifier; if it is not, a verifier
runs `brownie run accredit`.
"""

from functools import partial
from pathlib import Path

from scripts._session import session
from zegel.admin.credentials import Identity
from zegel.admin.network import plan_issuers
from zegel.admin.state import State, load
from zegel.deploy.suite import SuiteSettings, plan_suite, registry_in

# Made up, for local chains.
TEST_ISSUER = Identity("Test Issuer", "9999ZEGELTEST0000176", "localhost")


def main(settings: str = "") -> None:
    with session() as here:
        own = here.sender.address
        state = load(Path(settings)) if settings else State(issuers={own: TEST_ISSUER})
        suite = state.suite or SuiteSettings()
        plan = plan_suite(here.connection, here.sender, suite, here.book)
        if own in (suite.verifiers or (own,)):
            registry = partial(registry_in, here.connection, here.book)
            plan += plan_issuers(here.sender, registry, state)
        here.carry_out(plan)
