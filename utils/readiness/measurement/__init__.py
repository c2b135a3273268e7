"""The figures of this host."""
