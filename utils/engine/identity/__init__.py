"""What securities are called: symbols, identifiers, markets, and how their exchanges quote them."""
