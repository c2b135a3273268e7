"""How far an order moves the price."""
