"""From a project on disk to a backtest, a research session or live trading on a chosen node."""
