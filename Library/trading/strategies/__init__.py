"""Strategies: parameters, sparse events over whole arrays, and the same events bar by bar."""
