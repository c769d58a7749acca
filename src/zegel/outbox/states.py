"""The states of a transaction, and how they follow each other.

    signed ──▶ sent ──▶ mined ──▶ final
      ▲          │ ▲       │
      │          │ └───────┘ the chain gave its block up
      │          ├──▶ replaced    another one with its nonce stands in a block
      │          └──▶ lost        something else has used its nonce, for good

Whether a transaction in a block did what it should or failed there, its column `ok` says.
"""

SIGNED = "signed"
SENT = "sent"
MINED = "mined"
FINAL = "final"
REPLACED = "replaced"
LOST = "lost"

# On their way: someone must look after these.
OPEN = (SIGNED, SENT)
