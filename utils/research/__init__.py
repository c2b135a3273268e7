"""Research notebooks: their local data, and running them for the docs."""
