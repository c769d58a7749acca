"""The gas of every operation beside the rivals, the floors and the budgets: see README.md."""
