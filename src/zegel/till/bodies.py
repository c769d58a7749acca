"""What the till's service takes and answers, for OpenAPI: amounts are decimal strings of base
units, times are Unix seconds."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Amount = Annotated[str, Field(pattern=r"^[0-9]{1,15}$", examples=["1250"])]
Address = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
Purse = Literal["merchant", "shared"]
State = Literal["asked", "ended", "cancelled", "open", "paid", "overspent", "refused"]
Form = Literal["json", "csv", "xlsx", "pdf", "html"]


class _Body(BaseModel):
    """Named in JSON as the network's API names things."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class _Given(_Body):
    """What is misspelt is refused, not overlooked."""

    model_config = ConfigDict(extra="forbid")


class NewSale(_Given):
    """A sale to be paid in points."""

    program: str = Field(
        description="The program, by its symbol or its token's address.",
        min_length=1,
        max_length=42,
        examples=["SHOP"],
    )
    amount: Amount
    purse: Purse = Field(
        "merchant", description="Which purse pays: the merchant's own, or the shared one."
    )
    reference: str = Field(
        "",
        description="Your own number for the sale; the same one again is the same sale.",
        max_length=64,
        pattern=r"^[ -~]*$",
    )


class NewAnswer(_Given):
    """What a member's phone showed."""

    text: str = Field(max_length=4_096, examples=["ZEGELVOUCHER:AAAA…"])


class NewRefund(_Given):
    amount: Amount


class Members(_Given):
    """Members whose purses the till shall know, beside those it has met."""

    members: list[Address] = Field(default_factory=list, max_length=500)


class RefundBody(_Body):
    part: int
    amount: str
    at: int
    transaction: str | None = Field(description="The transfer; none until it is made.")


class SaleBody(_Body):
    """A sale, from the request to the transfer."""

    serial: int
    state: State = Field(
        description="asked: waits for the member. ended: the member answered too late, or not. "
        "open: accepted, and not settled yet. overspent: settled, but the purse was short. "
        "refused: accepted, and lost."
    )
    token: str
    program: str
    decimals: int
    amount: str
    shown: str = Field(description="The amount for people.", examples=["12.50 SHOP"])
    purse: Purse
    reference: str
    asked: int
    answer_until: int = Field(description="The second from which on an answer is too late.")
    request: str | None = Field(description="What the member's phone scans; none once answered.")
    member: str | None = None
    taken: int | None = None
    receipt: str | None = Field(
        default=None, description="The hash of the record in the till's queue."
    )
    paid: str = "0"
    guaranteed: str = "0"
    lost: str = "0"
    reason: str | None = None
    transaction: str | None = None
    refunded: str = "0"
    refunds: list[RefundBody] = Field(default_factory=list)


class PayoutBody(_Body):
    """What `amount` gives in `program`; other prices are announced `notice` seconds ahead."""

    program: str
    decimals: int
    amount: str
    out: str
    notice: int


class ProgramBody(_Body):
    token: str
    program: str
    decimals: int
    floor_limit: str
    total_limit: str
    unsettled: str
    left: str
    ready: bool
    refusal: str | None = Field(description="Why the till takes none of these points now.")
    payout: PayoutBody | None


class StatusBody(_Body):
    """How the till is. `name` is the merchant's, in the registry."""

    merchant: str
    name: str
    till: str
    now: int
    programs: list[ProgramBody]
    synced: int | None
    block: int | None
    takes_until: int | None = Field(
        description="The second from which on it takes nothing more unless it syncs."
    )
    records: int
    hash: str
    open: int
    oldest: int | None
    settle_before: int | None
    online: bool
    reached: int | None
    trouble: str | None = Field(description="Why the network was not reached the last time.")
    not_settled: str | None = Field(
        description="Why not everything was settled the last time: the till may lack gas money."
    )


class SettlementBody(_Body):
    """What a settlement did."""

    done: list[SaleBody]
    open: int
    troubles: list[str]
