"""A random life of a whole network, on the chain and in the model at the same time."""
