"""The bars that a sweep file names."""

from __future__ import annotations

from pathlib import Path

from trading.bars import Bars
from trading.simulation.instrument import SecurityType
from utils.data.load import load_bars
from utils.errors import UserError
from utils.sweep.config import DataConfig

PLACEHOLDER = "{symbol}"


def symbols_of(data: DataConfig) -> tuple[str, ...]:
    """The symbols to sweep, ("",) when the sweep file names none.

    Raises:
        UserError: one file is to hold several symbols, or none is named where the path needs one.
    """
    if not data.symbols and PLACEHOLDER in data.path:
        raise UserError(f"data.symbols: none to put into {data.path}; name one, or give --symbol")
    if len(data.symbols) > 1 and PLACEHOLDER not in data.path and Path(data.path).is_file():
        raise UserError(
            f"data.symbols: {len(data.symbols)} symbols for the one file {data.path}; name one symbol, "
            f"or write {PLACEHOLDER} into the path where there is a file each"
        )
    return data.symbols or ("",)


def read_bars(data: DataConfig, security_type: SecurityType, symbol: str) -> Bars:
    """Bars of one symbol ("" for an unnamed file) in the dates asked for.

    Raises:
        UserError: they cannot be read, or there are none.
    """
    return load_bars(
        Path(data.path.replace(PLACEHOLDER, symbol)),
        symbol=symbol or None,
        security_type=security_type,
        market=data.market,
        resolution=data.resolution,
        timezone=data.timezone,
        normalization=data.normalization,
        start=data.start,
        end=data.end,
    )
