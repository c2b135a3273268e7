"""What a share pays a year, as a fraction of its price."""
