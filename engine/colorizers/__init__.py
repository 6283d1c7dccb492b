"""How networks are run: what of a request a network sees, on which device, step by step. One file a way of running."""
