"""A report as data: all its figures, for JSON.

Points are in base units of their program, money in base units of the settlement token; `decimals`
says how many of them are decimals. Times are Unix seconds; points that never expire have no time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from zegel.ledger.epochs import NEVER
from zegel.report.compile import Report
from zegel.report.figures import Month, ProgramFigures


def as_data(report: Report, title: str, notes: Sequence[str] = ()) -> dict[str, Any]:
    figures = report.figures
    symbols = {p.token: p.symbol for p in report.programs} | {figures.money.token: "money"}
    return {
        "title": title,
        "notes": list(notes),
        "ok": report.ok,
        "chain_id": report.chain_id,
        "block": report.block,
        "time": figures.end,
        "money": asdict(figures.money),
        "fees": {
            "charged": figures.accounts.fees,
            "paid_out": figures.accounts.fees_paid_out,
        },
        "held": report.state.held,
        "programs": [_program(program) for program in figures.programs.values()],
        "flows": [
            {"from": symbols[source], "to": symbols[target], **asdict(flow)}
            for (source, target), flow in figures.flows.items()
        ],
        "checks": [{**asdict(check), "ok": check.ok} for check in report.checks],
    }


def _program(figures: ProgramFigures) -> dict[str, Any]:
    program, account = figures.program, figures.account
    return {
        "token": program.token,
        "symbol": program.symbol,
        "name": program.name,
        "decimals": program.decimals,
        "months_per_epoch": program.epochs.months,
        "lifetime": program.epochs.lifetime,
        "created": program.epochs.created,
        "members": len(list(figures.ledger.members)),
        "awards": figures.awards,
        "redemptions": figures.redemptions,
        "sent": figures.sent,
        "recovered": figures.recovered,
        "claimed": figures.claimed,
        "held": figures.held,
        "returned": figures.returned,
        "paid": figures.paid,
        **asdict(figures.total),
        "closing": figures.closing,
        "outstanding": _by_expiry(figures.outstanding),
        "account": {**asdict(account), "balance": account.balance},
        "months": [_month(month) for month in figures.months],
    }


def _month(month: Month) -> dict[str, Any]:
    return {
        "start": month.start,
        "end": month.end,
        "opening": month.opening,
        **asdict(month.movements),
        "closing": month.closing,
        "outstanding": _by_expiry(month.outstanding),
    }


def _by_expiry(outstanding: Mapping[int, int]) -> list[dict[str, int | None]]:
    return [
        {"expires": None if expires == NEVER else expires, "amount": amount}
        for expires, amount in outstanding.items()
    ]
