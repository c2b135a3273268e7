"""The option chain of a moment, from a LEAN data folder."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from trading.options import OptionChain
from trading.security_type import SecurityType
from utils.data.load import load_bars
from utils.errors import UserError

_ENTRY = re.compile(r"\d{8}_[a-z]+_minute_quote_american_(call|put)_(\d+)_(\d{8})\.csv")
_SCALE = 10_000.0  # of prices and strikes
_BID_CLOSE, _ASK_CLOSE = 4, 9  # columns of a quote bar
_CLOSE = time(16, 0)
_EXCHANGE = ZoneInfo("America/New_York")


@dataclass(frozen=True)
class _Quote:
    right: int
    strike: float
    expiry: int
    bid: float
    ask: float


def option_chain(folder: Path, ticker: str, day: date, at: time, rate: float = 0.0) -> OptionChain:
    """The last quotes of all American contracts on a share at a time of day in New York.

    Args:
        folder: LEAN data folder, with the share's own minutes.
        rate: risk-free rate, annual, continuously compounded.

    Raises:
        UserError: no quotes of that day.
    """
    path = folder / f"option/usa/minute/{ticker.lower()}/{day:%Y%m%d}_quote_american.zip"
    if not path.is_file():
        raise UserError(f"{path}: no option quotes; name a LEAN data folder that has them")
    moment = _nanoseconds(day, at)
    bars = load_bars(
        folder,
        symbol=ticker,
        security_type=SecurityType.EQUITY,
        market="usa",
        resolution="minute",
        normalization="raw",
        start=day,
        end=day,
    )
    last = int(np.searchsorted(bars.time + bars.period, moment, side="right")) - 1
    if last < 0:
        raise UserError(f"{path}: {ticker} had no price by {at}; give a later time")
    quotes = list(_quotes(path, (at.hour * 60 + at.minute) * 60_000))
    return OptionChain(
        spot=float(bars.close[last]),
        time=moment,
        strike=np.array([quote.strike for quote in quotes]),
        expiry=np.array([quote.expiry for quote in quotes], np.int64),
        right=np.array([quote.right for quote in quotes], np.int8),
        bid=np.array([quote.bid for quote in quotes]),
        ask=np.array([quote.ask for quote in quotes]),
        rate=rate,
    )


def _quotes(path: Path, until_ms: int) -> list[_Quote]:
    """The last quote of each contract whose bar begins before a time of day, milliseconds."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            terms = _ENTRY.fullmatch(name)
            if terms is None:
                continue
            lines = [line.split(",") for line in archive.read(name).decode().splitlines()]
            known = [cells for cells in lines if int(cells[0]) < until_ms]
            if known:
                bid, ask = (float(known[-1][place] or 0) / _SCALE for place in (_BID_CLOSE, _ASK_CLOSE))
                expiry = _nanoseconds(datetime.strptime(terms[3], "%Y%m%d").date(), _CLOSE)
                right = 1 if terms[1] == "call" else -1
                found.append(_Quote(right, int(terms[2]) / _SCALE, expiry, bid, ask))
    return found


def _nanoseconds(day: date, at: time) -> int:
    moment = datetime.combine(day, at, _EXCHANGE).astimezone(UTC)
    return int(moment.timestamp()) * 1_000_000_000
