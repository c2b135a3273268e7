"""Symbol properties: lot size, tick size and quote currency, from LEAN's database.

The database is `symbol-properties/symbol-properties-database.csv` in a data folder. A line with the symbol
`[*]` is for all symbols of its market and type that have none of their own.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from trading.simulation.instrument import Account, Fees, Instrument, SecurityType
from utils.data.lean.series import LeanSeries
from utils.errors import UserError

DATABASE = Path("symbol-properties", "symbol-properties-database.csv")


class SymbolProperties(NamedTuple):
    """How a symbol is quoted and traded.

    Quantities are multiples of `lot_size`, prices of `minimum_price_variation`; a `minimum_order_size` of 0
    is none.
    """

    description: str
    quote_currency: str
    minimum_price_variation: float
    lot_size: float
    minimum_order_size: float


US_SHARE = SymbolProperties("", "USD", 0.01, 1.0, 0.0)
"""What LEAN takes for an equity or index that the database does not know."""


def symbol_properties(folder: Path, series: LeanSeries) -> SymbolProperties:
    """Properties of a series' symbol, from the database in its data folder.

    Raises:
        UserError: the database is missing or damaged, or does not know the currency pair.
    """
    path = folder / DATABASE
    try:
        stamp = path.stat()
    except OSError as error:
        raise UserError(
            f"{path}: no symbol properties database; copy LEAN's Data/symbol-properties into the "
            "data folder, or make one with scripts/data.py sample"
        ) from error
    lines = _lines(path, stamp.st_mtime_ns, stamp.st_size)
    kind = (series.security_type.value, series.market)
    for symbol in (series.symbol, "[*]"):
        found = lines.get((*kind, symbol))
        if found:
            return _read_line(path, *found)
    if series.security_type in (SecurityType.EQUITY, SecurityType.INDEX):
        return US_SHARE
    raise UserError(
        f"{path}: no line for {series.symbol} of {series.security_type} in {series.market}; "
        "add one or correct the symbol"
    )


def instrument(
    folder: Path,
    series: LeanSeries,
    *,
    account: Account = Account.MARGIN,
    leverage: float = 1.0,
    fees: Fees | None = None,
    slippage: float = 0.0,
) -> Instrument:
    """The instrument to simulate a series with: lot and tick size from the database, other terms as given.

    Raises:
        UserError: as `symbol_properties`.
    """
    properties = symbol_properties(folder, series)
    return Instrument(
        security_type=series.security_type,
        lot_size=properties.lot_size,
        tick_size=properties.minimum_price_variation,
        account=account,
        leverage=leverage,
        fees=fees or Fees(),
        slippage=slippage,
    )


@lru_cache(maxsize=4)
def _lines(path: Path, _modified: int, _size: int) -> dict[tuple[str, str, str], tuple[int, list[str]]]:
    """Number and cells of each line by type, market and symbol; read again when the file has changed."""
    found = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read: {error}; copy LEAN's file again") from error
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split(",")]
        if line.strip() and not line.startswith("#"):
            if len(cells) < 8:
                raise UserError(f"{path}: line {number}: has {len(cells)} fields, not 8 or more; correct it")
            found[cells[2].lower(), cells[0].lower(), cells[1].upper()] = (number, cells)
    return found


def _read_line(path: Path, number: int, cells: list[str]) -> SymbolProperties:
    try:
        tick, lot = float(cells[6]), float(cells[7])
        least = float(cells[9]) if len(cells) > 9 and cells[9] else 0.0
    except ValueError as error:
        raise UserError(f"{path}: line {number}: a size is not a number: {error}; correct it") from error
    if not (0 < tick < float("inf") and 0 < lot < float("inf")):
        raise UserError(f"{path}: line {number}: a size is not above zero; correct it")
    return SymbolProperties(cells[3], cells[4], tick, lot, least)
