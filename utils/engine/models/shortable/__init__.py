"""How much can be sold short."""
