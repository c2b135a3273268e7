"""What happens when margin runs out."""
