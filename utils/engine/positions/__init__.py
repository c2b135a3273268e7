"""Positions that share margin: groups of them, and what a group ties up."""
