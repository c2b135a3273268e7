"""The options trading bot without LEAN: proposals from chains, exits of positions, and what is kept."""
