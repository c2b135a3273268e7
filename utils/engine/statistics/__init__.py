"""LEAN's statistics of a backtest: trades, performance, capacity."""
