"""What an algorithm subscribes to: configurations, securities, consolidators."""
