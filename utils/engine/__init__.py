"""The embedded engine: runs an unmodified LEAN Python algorithm over LEAN-format data, in this process."""
