"""What a backtest leaves: samples, charts, LEAN's result files, the hash of its orders."""
