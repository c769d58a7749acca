"""Awards: from a file, through batches that prove every row, to the chain, exactly once."""
