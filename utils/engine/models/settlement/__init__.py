"""When the money of a fill is there."""
