"""Evidence for auditors: a signed pack of everything that happened, and its check."""

from pathlib import Path
from typing import Annotated

import typer

from zegel.cli.settings import AsJson

Pack = Annotated[Path, typer.Argument(help="The pack, a zip.")]


def evidence(
    context: typer.Context,
    pack: Pack,
    block: Annotated[
        int | None, typer.Option(help="The last block; the newest if left out.")
    ] = None,
) -> None:
    """Pack all events, the hashes of the code and the figures, signed with the account's key."""
    from zegel.cli.output import tell
    from zegel.cli.session import session
    from zegel.evidence.pack import write_pack

    here = session(context)
    last = here.connection.web3.eth.block_number if block is None else block
    write_pack(pack, here.suite, last, here.key)
    tell(f"[ok] {pack}: up to block {last}, signed by {here.key.address}")


def verify(
    context: typer.Context,
    pack: Pack,
    signer: Annotated[str, typer.Option(help="Whose signature it must bear.")] = "",
    as_json: AsJson = False,
) -> None:
    """Find everything that a pack says again on the node; 1 if anything is not so."""
    from zegel.admin.inputs import address
    from zegel.cli.output import show
    from zegel.cli.session import session
    from zegel.evidence.checking import failed, verify_pack
    from zegel.report.sheet import Column, Sheet

    here = session(context)
    who = address(signer, "signer") if signer else None
    findings = verify_pack(pack, here.connection, who)
    rows = [("ok" if each.ok else "wrong", each.subject, each.reason) for each in findings]
    columns = Column("result"), Column("what"), Column("why")
    show(Sheet(f"Evidence in {pack.name}", columns, rows), as_json)
    if failed(findings):
        raise typer.Exit(1)
