"""What orders cost."""
