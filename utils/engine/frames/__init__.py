"""Tables of pandas that algorithms are given; imported with the first, as pandas takes long to import."""
