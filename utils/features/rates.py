"""The series of a LEAN data folder that features are made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from trading.security_type import SecurityType
from utils.data.lean.series import LeanSeries, Resolution, TickType, list_series
from utils.data.load import load_bars
from utils.errors import UserError
from utils.features.pipeline import Series

PAIRS: Final = (SecurityType.FOREX, SecurityType.CRYPTO)


def list_rates(folder: Path, symbols: Sequence[str] = ()) -> list[LeanSeries]:
    """Minute series of pairs, of forex or crypto, all or those of some tickers; of quotes without trades.

    Raises:
        UserError: a ticker that is not there, or none at all.
    """
    if not folder.is_dir():
        raise UserError(f"--data {folder}: no such folder; give LEAN-format data")
    found: dict[tuple[str, str, str], LeanSeries] = {}
    for series in list_series(folder):
        if series.security_type in PAIRS and series.resolution is Resolution.MINUTE:
            key = (series.security_type, series.market, series.symbol)
            if key not in found or series.tick_type is TickType.TRADE:
                found[key] = series
    names = sorted({series.symbol for series in found.values()})
    wanted = [symbol.upper() for symbol in symbols]
    missing = next((symbol for symbol in wanted if symbol not in names), None)
    if missing or not names:
        there = ", ".join(names) or "none"
        raise UserError(
            f"--data {folder}: no minutes of the pair {missing or '(any)'}; it has {there}; "
            "`scripts/data.py import` brings others"
        )
    return [series for series in found.values() if not wanted or series.symbol in wanted]


def load_rates(folder: Path, series: LeanSeries) -> Series:
    """The bars of one series, of trades, or between bid and ask.

    Raises:
        UserError: a damaged file, or two bars of one time.
    """
    bars = load_bars(
        folder,
        symbol=series.symbol,
        security_type=series.security_type,
        market=series.market,
        resolution=series.resolution,
    )
    twice = np.flatnonzero(np.diff(bars.time) <= 0)
    if len(twice):
        when = np.datetime64(int(bars.time[twice[0] + 1]), "ns").astype("M8[s]")
        raise UserError(f"{series}: two bars of {when} UTC; remove one")
    return Series(str(series), bars)
