"""How volatility is estimated."""
