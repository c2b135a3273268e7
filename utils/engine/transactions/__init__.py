"""From request to fill: what LEAN's transaction handler and its backtesting brokerage do."""
