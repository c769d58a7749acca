"""Transactions that were signed and written down, on their way until they are final."""
