"""Training the network that matches regions with parts: samples computed once, then a head that learns in minutes."""

# What the network that matches parts sees, and an ablation can do without: see `batches.Match`.
KINDS = ("features", "picture", "attention", "guess")
