"""Fixtures of the engine's own tests: those it gives to users."""

from __future__ import annotations

from utils.engine.testing import backtest, lean_data

__all__ = ["backtest", "lean_data"]
