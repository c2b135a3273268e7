"""LEAN's own regression algorithms, run unmodified, against the statistics LEAN expects of them."""
