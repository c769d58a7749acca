"""The states of a message, and how they follow each other.

    accepted ──▶ sent ──▶ mined ──▶ final
       ▲          │ ▲       │
       └──────────┘ └───────┘ the chain gave its block up
       its nonce is gone

`failed` are messages that a contract refused in a block, and those that ended before they were
sent. They are the end, unless the chain gives that block up.
"""

ACCEPTED = "accepted"
SENT = "sent"
MINED = "mined"
FINAL = "final"
FAILED = "failed"

ALL = (ACCEPTED, SENT, MINED, FINAL, FAILED)

# On their way: the next message of the same signer comes behind them.
OPEN = (ACCEPTED, SENT)
