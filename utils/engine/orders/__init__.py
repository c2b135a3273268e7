"""Orders, the requests about them, and what came of them."""
