"""Figures from the chain: events, balances by generation, money, and checks that they agree."""
