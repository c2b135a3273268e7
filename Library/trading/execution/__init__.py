"""Events turned into orders inside LEAN."""
