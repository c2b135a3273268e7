"""Other machines: what they are, how they are reached, prepared, started and watched over SSH."""
