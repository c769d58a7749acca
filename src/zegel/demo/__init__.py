"""Eighteen months of a real record shop, on a chain that starts in 1997."""
