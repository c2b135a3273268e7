"""Universes: what decides, at moments of its own, which securities are followed."""
