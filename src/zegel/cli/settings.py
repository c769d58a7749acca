"""The options of every command: where the chain is, and who sends. Nothing heavy is imported."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer


@dataclass(frozen=True)
class Settings:
    """As given on the command line, in the environment or in `.env`."""

    rpc: str
    deployments: Path
    index: str
    account: str
    yes: bool


Rpc = Annotated[str, typer.Option("--rpc", envvar="ZEGEL_RPC_URL", help="The node.", metavar="URL")]
Deployments = Annotated[
    Path,
    typer.Option(
        "--deployments", envvar="ZEGEL_DEPLOYMENTS", help="The folder of the address books."
    ),
]
Index = Annotated[
    str,
    typer.Option(
        "--index",
        envvar="ZEGEL_INDEX",
        help="The database of the index: a file, or postgresql://…",
        metavar="DATABASE",
    ),
]
Account = Annotated[
    str,
    typer.Option(
        "--account",
        envvar="ZEGEL_ACCOUNT",
        help="Who sends: a keystore file, an account of Brownie, or an address of a local chain.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Send without asking.")]

# What several commands take.
Program = Annotated[str, typer.Argument(help="The program, by its symbol.", metavar="PROGRAM")]
Since = Annotated[
    str, typer.Option("--from", help="The first day; that of the network if left out.")
]
Until = Annotated[
    str, typer.Option("--until", help="The day after the last; the index's end if left out.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
