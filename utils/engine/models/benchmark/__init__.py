"""What a portfolio is compared with."""
