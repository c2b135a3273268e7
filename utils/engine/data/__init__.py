"""Market data as algorithms see it: bars, ticks, corporate events, and the slice that holds them."""
