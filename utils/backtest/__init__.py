"""One backtest of a project: in the embedded engine, in LEAN's Docker image, or in the cloud."""
