"""Deploys what is missing of the suite: settlement token, blueprint, registry, exchange, roles.

    brownie run deploy --network local
    brownie run deploy main network.toml --network local

Input: a settings file with a [suite] table (see `zegel.admin.state`). Without one, a local chain
gets a suite with a test euro, whose admin, operator and only issuer is the account that deploys.
"""

from pathlib import Path

from scripts._session import session
from zegel.admin.state import load
from zegel.deploy.suite import SuiteSettings, plan_suite


def main(settings: str = "") -> None:
    with session() as here:
        default = SuiteSettings(issuers=(here.sender.address,))
        suite = (load(Path(settings)).suite if settings else None) or default
        here.carry_out(plan_suite(here.connection, here.sender, suite, here.book))
