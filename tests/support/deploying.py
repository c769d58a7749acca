"""Deploys what Brownie has no word for, and makes the settings of programs."""

from typing import Any

from brownie.network.account import LocalAccount

from support.clock import DAY

ADMIN_DELAY = 2 * DAY
OFFLINE_WINDOW = 3 * DAY
# What one awarder may create in a day; a twentieth of what a generation can hold.
BUDGET = 10**13

# Of an ERC-5202 blueprint, version 0 without data.
PREAMBLE = bytes.fromhex("fe7100")


def deploy_blueprint(container: Any, sender: LocalAccount) -> str:
    """Stores a contract's creation code on the chain; returns where."""
    return deploy_code(PREAMBLE + bytes.fromhex(container.bytecode), sender)


def deploy_code(code: bytes, sender: LocalAccount) -> str:
    """Makes a contract of any code; returns its address."""
    # PUSH2 length, RETURNDATASIZE, DUP2, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURN
    creation = bytes.fromhex(f"61{len(code):04x}3d81600a3d39f3") + code
    return str(sender.transfer(data="0x" + creation.hex(), amount=0).contract_address)


def program_settings(
    admin: Any,
    symbol: str = "AIR",
    *,
    name: str | None = None,
    contract_uri: str = "https://points.example/program.json",
    admin_delay: int = ADMIN_DELAY,
    decimals: int = 2,
    months: int = 3,
    lifetime: int = 4,
    transferable: bool = True,
) -> tuple[Any, ...]:
    """The `Settings` of a program, in the order of the struct."""
    return (
        name or f"{symbol} points",
        symbol,
        contract_uri,
        admin,
        admin_delay,
        decimals,
        months,
        lifetime,
        transferable,
    )
