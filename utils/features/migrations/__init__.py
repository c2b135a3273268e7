"""Versions of the feature tables in PostgreSQL."""
