"""Brownie with the project's own home, and one line for a network that it does not know.

Brownie itself answers that with a traceback, before any script of ours runs.
"""

import sys
from typing import Any

from dotenv import load_dotenv
from zegel_env import ROOT, apply


def main() -> None:
    # Both decide what Brownie finds, so they go before the import.
    load_dotenv(ROOT / ".env")
    apply()
    from brownie import network
    from brownie._cli.__main__ import main as brownie
    from brownie._config import CONFIG

    connect: Any = network.connect

    def connect_or_tell(name: str | None = None, *options: Any, **more: Any) -> None:
        if name is not None and name not in CONFIG.networks:
            sys.exit(
                f"error: no network {name}: there are {', '.join(CONFIG.networks)}; "
                "add one with `brownie networks add`"
            )
        connect(name, *options, **more)

    vars(network)["connect"] = connect_or_tell
    brownie()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
