"""When exchanges are open."""
