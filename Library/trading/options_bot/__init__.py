"""The options trading bot without LEAN: from chains to proposals, from positions to exits, and what is kept."""
