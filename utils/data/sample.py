"""A small LEAN data folder to try things with: a real index and two made-up symbols."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from arch.data import sp500

from trading.bars import Bars, always_open_bars
from trading.simulation.instrument import SecurityType
from utils.data.databases import add_market_hours, add_symbol_properties
from utils.data.importing import write_series
from utils.data.lean.clock import DAY, day_number
from utils.data.lean.market_hours import DATABASE as MARKET_HOURS
from utils.data.lean.series import LeanSeries, Resolution, TickType
from utils.data.lean.symbol_properties import DATABASE as SYMBOL_PROPERTIES
from utils.data.resample import RESOLUTIONS, resample
from utils.data.sample_equity import made_up_equity
from utils.data.sessions import exchange_timezone, in_sessions
from utils.data.staging import staged
from utils.data.synthetic import MINUTE, prices, walk
from utils.files import read_text, write_atomic

EQUITY, CRYPTO = "SYNTH", "SYNUSD"
"""Tickers of the made-up symbols, chosen so that nobody takes them for real ones."""

MARKETS = (
    (SecurityType.INDEX, "usa"),
    (SecurityType.EQUITY, "usa"),
    (SecurityType.CRYPTO, "coinbase"),
    (SecurityType.FOREX, "oanda"),
)

PROPERTIES = (
    "usa,[*],equity,,USD,1,0.01,1",
    "usa,[*],index,,USD,1,0.01,1",
    f"coinbase,{CRYPTO},crypto,Made-up coin,USD,1,0.01,0.00000001,SYN-USD,0.00000001",
)

MIN_SESSIONS = 4
"""Fewer have no room for a dividend and a split."""

README = f"""\
# Sample market data in LEAN's format

Written by `scripts/data.py sample`; the same command writes the same bytes.

- **SPX is real**: daily bars of the S&P 500 index from 1999-01-04 to 2018-12-31, as the Python package
  `arch` ships them. Its prices are single-precision numbers; here they are the cents they stand for.
  An index has no splits or dividends: prices are as quoted. In `index/usa/daily`.
- **{EQUITY} is made up** by a random process: regular sessions of the New York Stock Exchange from
  2024-01-02 on, with a dividend and a 2:1 split, and the factor and map file that go with them. No such
  company exists. In `equity/usa`, minute, hour and daily.
- **{CRYPTO} is made up** by a random process: every minute from 2024-01-01 UTC on. No such coin exists.
  In `crypto/coinbase`, minute, hour and daily.

Results on the made-up symbols say nothing about any market. `market-hours` and `symbol-properties` hold what
these symbols need, not all that LEAN's own databases do.
"""


def write_sample(folder: Path, sessions: int = 20, seed: int = 2025) -> None:
    """Write the sample data into a LEAN data folder; the same arguments give the same bytes.

    What the folder holds of the made-up symbols is replaced; bars of SPX of other dates and everything else
    stay.

    Args:
        sessions: how many days of minute bars the made-up symbols get, 4 or more.
        seed: of the random process behind the made-up symbols.

    Raises:
        UserError: the folder cannot be written; nothing has changed then.
    """
    equity = made_up_equity(sessions, seed, EQUITY)
    made_up = (
        (SecurityType.EQUITY, "usa", equity.bars),
        (SecurityType.CRYPTO, "coinbase", crypto_bars(sessions, seed)),
    )
    spx = LeanSeries.parse("index/usa/daily/spx")
    with staged(folder, MARKET_HOURS, SYMBOL_PROPERTIES, spx.whole_path(Path())) as stage:
        add_market_hours(stage, *MARKETS)
        add_symbol_properties(stage, *PROPERTIES)
        write_series(stage, spx, sp500_bars())
        for kind, market, bars in made_up:
            for resolution in RESOLUTIONS:
                series = LeanSeries(kind, market, bars.symbol, resolution, TickType.TRADE)
                write_series(stage, series, resample(bars, resolution, exchange_timezone(kind, market)))
        write_atomic(stage / "equity" / "usa" / "factor_files" / f"{EQUITY.lower()}.csv", equity.factor_file)
        write_atomic(stage / "equity" / "usa" / "map_files" / f"{EQUITY.lower()}.csv", equity.map_file)
        if not (folder / "README.md").exists() or _is_ours(folder / "README.md"):
            write_atomic(stage / "README.md", README)
    for kind, market, bars in made_up:  # days of a longer sample written before: their split was elsewhere
        series = LeanSeries(kind, market, bars.symbol, Resolution.MINUTE, TickType.TRADE)
        for day, path in series.day_files(folder):
            if day_number(day) > bars.day[-1]:
                path.unlink()


def _is_ours(readme: Path) -> bool:
    """Whether a folder's README is one that `write_sample` wrote."""
    return read_text(readme).startswith(README.splitlines()[0])


def sp500_bars() -> Bars:
    """The real daily S&P 500 bars that the package `arch` ships, rounded to the cents they stand for."""
    frame = sp500.load()
    time = frame.index.to_numpy("datetime64[ns]").astype(np.int64)
    open_, high, low, close = (
        np.rint(frame[name].to_numpy(np.float64) * 100) / 100 for name in ("Open", "High", "Low", "Close")
    )
    volume = frame["Volume"].to_numpy(np.float64)
    bars = always_open_bars(time, open_, high, low, close, volume, DAY, "SPX")
    return in_sessions(bars, SecurityType.INDEX, "usa", "UTC")


def crypto_bars(days: int, seed: int) -> Bars:
    """Made-up minute bars of `days` whole UTC days from 2024-01-01 on."""
    path = walk(days * 1440, seed + 2)
    time = (
        np.datetime64("2024-01-01", "ns").astype(np.int64) + np.arange(days * 1440, dtype=np.int64) * MINUTE
    )
    open_, high, low, close = prices(path, 1_800.0, 0.0007, centre=2_000.0)
    volume = np.maximum(np.rint(path.activity * 5e4), 1.0) / 1e4
    return always_open_bars(time, open_, high, low, close, volume, MINUTE, CRYPTO)
