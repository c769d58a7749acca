"""A till that takes points without a network, and is paid for all that it took."""
