"""Exhaustive parameter sweeps: grids, the store of results, runners, selection."""
