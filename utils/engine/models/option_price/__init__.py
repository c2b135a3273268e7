"""What an option is worth in theory, its implied volatility and its Greeks."""
