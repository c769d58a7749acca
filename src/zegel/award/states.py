"""The states of a row and its batch, and how they follow each other.

    waiting ──▶ planned ──▶ signed ──▶ sent ──▶ mined ──▶ final
       │           │ ▲                  ▲          │
       ▼           ▼ │                  └──────────┘ the chain gave its block up
   cancelled    refused     failed, once that is final ──▶ planned

Only `final` and `cancelled` are the end. What is `refused` is tried again with the next run, and so
is what has `failed` for good.
"""

WAITING = "waiting"
PLANNED = "planned"
SIGNED = "signed"
SENT = "sent"
MINED = "mined"
FINAL = "final"
CANCELLED = "cancelled"
REFUSED = "refused"
FAILED = "failed"

# As reports list them.
ALL = (WAITING, PLANNED, SIGNED, SENT, MINED, FINAL, CANCELLED, REFUSED, FAILED)

# On their way: someone must look after these.
OPEN = (SIGNED, SENT)
ON_CHAIN = (MINED, FINAL)

# What a batch does.
AWARDS = "awards"
CORRECTION = "correction"
