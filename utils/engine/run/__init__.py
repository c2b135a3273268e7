"""Running an algorithm: its import, the loop over the time line, the results."""
