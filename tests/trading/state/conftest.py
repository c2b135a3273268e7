"""The engine's fixtures, for what reads an algorithm's account."""

from __future__ import annotations

from utils.engine.testing import backtest, lean_data

__all__ = ["backtest", "lean_data"]
