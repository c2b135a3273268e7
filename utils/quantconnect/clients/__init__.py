"""One client a group of endpoints. Each method is one thing the API does, with its records as results."""
