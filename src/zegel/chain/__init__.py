"""The chain: nodes, contracts, transactions."""
