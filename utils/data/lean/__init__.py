"""LEAN data folders: bars and quotes, market hours, symbol properties, map and factor files."""
