"""A mirror of the contracts in plain Python, written from the reference manual in interfaces/.

It shares no idea of representation with the Solidity: points are lots in dictionaries, periods come
from `datetime`, money is computed in fractions, prices have a history. What both must agree on is
what anyone can see: balances, events, and whether an action is refused.

An action that is refused raises `Refused` with *every* reason that applies. The contracts name one
of them; which one, when there are several, is nobody's promise.
"""
