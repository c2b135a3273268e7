"""What exercising an option comes to."""
