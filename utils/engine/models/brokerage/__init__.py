"""Brokerages: their terms and models."""
