"""Creation code that stands on chain (ERC-5202), for contracts that a contract creates."""

# INVALID, so that nobody can call it; the mark of a blueprint; version 0 without extra data.
PREAMBLE = bytes.fromhex("fe7100")

# Returns all that follows these ten bytes: PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY,
# RETURNDATASIZE, RETURN.
_LOADER = "61{length:04x}80600a3d393df3"


def blueprint(creation_code: bytes) -> bytes:
    """What stands on chain."""
    return PREAMBLE + creation_code


def loader(creation_code: bytes) -> bytes:
    """What is sent to put it there."""
    code = blueprint(creation_code)
    return bytes.fromhex(_LOADER.format(length=len(code))) + code
