"""How orders are filled."""
