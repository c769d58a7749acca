"""What follows from events, in plain Python: points by generation, money, prices."""
