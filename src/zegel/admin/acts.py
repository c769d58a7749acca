"""What all acts have in common: a transaction that is sent unless the chain is so already."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from eth_typing import ChecksumAddress
from web3.contract import Contract
from web3.contract.contract import ContractFunction
from web3.exceptions import ContractLogicError

from zegel.chain import roles
from zegel.chain.refusals import refusal
from zegel.chain.sending import Sender, name_of
from zegel.deploy.plan import AbsentError, Finding, Plan, Step, done, needed
from zegel.deploy.suite import NOBODY, Suite

# What an act says of the chain: None if it is so already, else what is there instead.
Difference = Callable[[], str | None]


@dataclass(frozen=True)
class Program:
    """A program, by its symbol. Plans are made before the chain is asked, so it is found late."""

    suite: Suite
    symbol: str

    def token(self) -> Contract:
        return self.suite.token(self.symbol)

    def is_there(self) -> bool:
        return bool(self.suite.registry.functions.tokenOf(self.symbol).call() != NOBODY)


@dataclass(frozen=True)
class Act:
    """One transaction. `role` is the one it takes, of the contract that `keeper` gives."""

    name: str
    description: str
    differs: Difference
    call: Callable[[], ContractFunction]
    role: bytes | None = None
    keeper: Callable[[], Contract] | None = None
    # Whether the chain is asked beforehand if it would accept the transaction.
    rehearse: bool = True


def plan(sender: Sender, *acts: Act) -> Plan:
    return Plan(tuple(step(sender, act) for act in acts))


def of_registry(
    suite: Suite,
    sender: Sender,
    wanted: str,
    is_so: Callable[[], bool],
    call: Callable[[], ContractFunction],
    role: bytes | None = None,
) -> Plan:
    """One transaction to the registry that brings about what is wanted."""
    return plan(
        sender,
        Act(
            name=wanted,
            description=wanted,
            differs=lambda: None if is_so() else "",
            call=call,
            role=role,
            keeper=lambda: suite.registry,
        ),
    )


def step(sender: Sender, act: Act) -> Step:
    def check() -> Finding:
        difference = act.differs()
        return done() if difference is None else needed(difference)

    def hindrance() -> str | None:
        if act.role is not None and act.keeper is not None:
            lack = lacking(act.keeper(), act.role, sender.address)
            if lack:
                return lack
        return rehearsed(act.call(), sender.address) if act.rehearse else None

    return Step(act.name, act.description, check, lambda: sender.send(act.call()), hindrance)


def lacking(contract: Contract, role: bytes, account: ChecksumAddress) -> str | None:
    """What to say to an account that lacks a role."""
    if contract.functions.hasRole(role, account).call():
        return None
    return (
        f"{account} is not {roles.NAMES[role]} of {contract.address}: "
        "run it with an account that is"
    )


def rehearsed(call: ContractFunction, account: ChecksumAddress) -> str | None:
    """Why the chain would refuse a call now."""
    try:
        call.call({"from": account})
    except ContractLogicError as error:
        return str(refusal(error, name_of(call)))
    return None


def after_creation(program: Program, of_program: Plan) -> Plan:
    """A plan for a program that an earlier step of the same plan may create."""

    def put_off(of_it: Step) -> Step:
        def check() -> Finding:
            later(program.is_there())
            return of_it.check()

        return replace(of_it, check=check)

    return Plan(tuple(put_off(of_it) for of_it in of_program.steps))


def later(found: bool) -> None:
    """Puts a check off until an earlier step has done its part."""
    if not found:
        raise AbsentError
