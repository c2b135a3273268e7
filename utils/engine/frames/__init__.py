"""Tables of pandas that algorithms are given; imported with the first of them, as pandas is slow to import."""
