"""What orders and positions tie up."""
