"""Option strategies: what they are made of, how to order them, how to find them among positions."""
