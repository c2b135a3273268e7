"""LEAN's indicators."""
