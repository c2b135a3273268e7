"""Features of rates: three tracks over many windows, stored in a database."""
