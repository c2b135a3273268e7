"""What borrowed money costs."""
