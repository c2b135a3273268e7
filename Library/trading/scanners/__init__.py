"""What is worth a trade: pure functions from arrays to ranked findings, each with its reason."""
