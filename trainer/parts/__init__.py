"""Training the network that matches regions with parts: samples computed once, then a head that learns in minutes."""
