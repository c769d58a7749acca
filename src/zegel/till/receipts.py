"""What a till prints and shows: requests and receipts as QR codes, receipts for narrow paper."""

import io

import segno
from eth_utils.address import to_canonical_address

from zegel.report.cells import plain
from zegel.report.sheet import Moment, shown
from zegel.till.compact import compact
from zegel.till.opening import Till
from zegel.till.reporting import state_of
from zegel.till.sales import Place, Sale

KIND = "ZEGELRECEIPT"

# Receipt printers have 42 characters a line, or 48.
_WIDTH = 42
_RULE = "-" * _WIDTH


def svg(text: str) -> str:
    """A text as a QR code, for a page or for paper; it is read from a scratched screen as well."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", border=4, scale=4, xmldecl=False)
    return out.getvalue().decode()


def proof(place: Place, sale: Sale) -> str:
    """The text of a receipt's QR code: which record of which till's queue it stands for."""
    parts = (
        place.chain_id.to_bytes(8, "big"),
        to_canonical_address(place.desk),
        to_canonical_address(place.till),
        sale.serial.to_bytes(8, "big"),
        bytes.fromhex(sale.receipt),
    )
    return compact(KIND, b"".join(parts))


def slip(till: Till, sale: Sale) -> str:
    """A receipt for a receipt printer, as short as customers like it: the file has the rest."""
    name = plain(till.known.name) if till.known else ""
    rows = [
        ("sale", sale.reference),
        ("time", f"{shown(Moment(sale.taken_at))} UTC"),
        ("member", _short(sale.member)),
        ("till", _short(till.place.till)),
        ("serial", str(sale.serial)),
        ("state", state_of(sale)),
        ("paid back", sale.points(sale.refunded) if sale.refunded else ""),
    ]
    return "\n".join(
        [
            *(line.center(_WIDTH).rstrip() for line in (name, sale.points(sale.amount)) if line),
            _RULE,
            *(line for what, value in rows if value for line in _lines(what, value)),
            _RULE,
            *_cut(sale.receipt, _WIDTH),
            "",
        ]
    )


def _lines(what: str, value: str) -> list[str]:
    """What on the left and its value on the right; a long value below, as often as it takes."""
    if len(what) + 1 + len(value) <= _WIDTH:
        return [what + value.rjust(_WIDTH - len(what))]
    return [what, *(line.rjust(_WIDTH) for line in _cut(value, _WIDTH - 2))]


def _cut(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


def _short(address: str) -> str:
    """Enough of an address to find the sale by."""
    return f"{address[:8]}..{address[-6:]}"
