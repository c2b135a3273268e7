"""Endpoints of the API by their paths."""
