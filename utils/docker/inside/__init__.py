"""What runs inside a container's process."""
