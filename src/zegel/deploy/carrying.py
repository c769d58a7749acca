"""Carries a plan out before somebody's eyes: shows it, asks, does what is missing."""

from collections.abc import Callable

from zegel.chain.sending import Sender, settle
from zegel.deploy.plan import Plan, Verdict, line


def carry_out(
    plan: Plan, sender: Sender, confirm: Callable[[], None], say: Callable[[str], None] = print
) -> None:
    """`confirm` is called before anything is sent, and raises to prevent it."""
    say(f"chain {sender.connection.chain_id}, as {sender.address}:")
    settle(sender.connection, sender.address)
    findings = plan.findings()
    for step, finding in findings:
        say(f"  {line(step, finding)}")
    verdicts = {finding.verdict for _, finding in findings}
    if verdicts <= {Verdict.SKIP}:
        say("[ok] nothing to do")
        return
    if Verdict.REFUSE not in verdicts:
        confirm()
    taken = plan.apply(lambda text: say(f"  {text}"))
    say(f"[ok] {len(taken)} of {len(plan.steps)} steps taken")
