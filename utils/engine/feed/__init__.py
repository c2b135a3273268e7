"""Market data of a run: subscriptions, their rows, the time line, history."""
