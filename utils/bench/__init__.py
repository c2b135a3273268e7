"""Benchmarks: figures that anyone can measure again, one JSON line each."""
