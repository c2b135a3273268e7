"""`QCAlgorithm`, a part of its surface a file."""
