"""The best rows of a sweep or search again, in an engine that trades bar by bar, trade for trade."""
