"""LEAN's models, one class a file: what happens to an order, what it costs, what it ties up."""
