"""`python -m bench`: measures, compares, and fails when a figure is over its budget."""

import argparse
import sys
from pathlib import Path

from bench import artifacts, ours
from bench.chain import Chain
from bench.operations import OPERATIONS
from zegel.errors import ZegelError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--ours", action="store_true", help="leave the rivals out")
    parser.add_argument(
        "--artifacts",
        type=Path,
        metavar="FILE",
        help="measure these of our contracts: a JSON object of `abi` and `bytecode` by name",
    )
    options = parser.parse_args()
    try:
        contracts = artifacts.read(options.artifacts) if options.artifacts else artifacts.packaged()
        with Chain() as chain:
            figures, sizes = ours.measure(chain, contracts)
    except ZegelError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    for operation in OPERATIONS:
        sent = figures[operation.key]
        floor = operation.floor(sent.data) or 0
        print(f"{operation.title:48}{operation.each(sent.gas):>12,} {floor:>12,}")
    print(sizes)
    return 0


sys.exit(main())
