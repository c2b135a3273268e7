"""Command lines, thin over `utils`."""
