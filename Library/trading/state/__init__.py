"""What outlives a run: a repository over LEAN's Object Store, and the saved state of trading."""
