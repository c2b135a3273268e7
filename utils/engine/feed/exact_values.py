"""The decimals behind the floats of a subscription's columns."""

from __future__ import annotations

from decimal import Decimal
from math import isnan
from typing import Protocol

from utils.data.lean.checks import SIDE
from utils.data.lean.series import TickType
from utils.data.lean.table import columns
from utils.engine.feed.columns import PRICES, Int64Array
from utils.engine.feed.data_folder import DataFolder, Series
from utils.engine.feed.normalization import Normalization
from utils.engine.feed.raw_rows import LINE_BITS, Origin, RawRows

_LINE = (1 << LINE_BITS) - 1
_TWO = Decimal(2)
_ZERO = Decimal(0)
_PRICE_EXPONENT = -4


class ExactCells(Protocol):
    """Decimals of the bars read from files."""

    def cell(self, row: int, column: str) -> Decimal | None:
        """The decimal of a row in a column of the file; None where a side of a quote is absent."""


class EquityCells:
    """Equities: whole ten-thousandths times the factor of the date."""

    def __init__(
        self,
        names: tuple[str, ...],
        rows: RawRows,
        normalization: Normalization,
        factor_rows: Int64Array,
        days: Int64Array,
    ) -> None:
        self._names, self._rows, self._normalization = names, rows, normalization
        self._factor_rows, self._days = factor_rows, days

    def cell(self, row: int, column: str) -> Decimal | None:
        """As `ExactCells.cell`."""
        written = float(self._rows.values[self._names.index(column), row])
        if isnan(written):
            return None
        factor_row = int(self._factor_rows[row])
        if column.endswith(("volume", "size")):
            return self._normalization.exact_size(written, factor_row)
        return self._normalization.exact_price(written, factor_row, int(self._days[row]))


class ScaledCells:
    """Options: whole ten-thousandths, contracts as they are."""

    def __init__(self, names: tuple[str, ...], rows: RawRows) -> None:
        self._names, self._rows = names, rows

    def cell(self, row: int, column: str) -> Decimal | None:
        """As `ExactCells.cell`."""
        written = float(self._rows.values[self._names.index(column), row])
        if isnan(written):
            return None
        value = Decimal(int(written)) if written.is_integer() else Decimal(repr(written))
        return value.scaleb(_PRICE_EXPONENT) if column.endswith(PRICES) else value


class WrittenCells:
    """All else: the digits as they are written, trailing zeros too."""

    def __init__(
        self, data: DataFolder, names: tuple[str, ...], rows: RawRows, origins: list[Origin]
    ) -> None:
        self._data, self._names, self._rows, self._origins = data, names, rows, origins

    def cell(self, row: int, column: str) -> Decimal | None:
        """As `ExactCells.cell`."""
        place = self._names.index(column)
        value = float(self._rows.values[place, row])
        if isnan(value):
            return None
        if value == 0.0:
            return _ZERO
        line = int(self._rows.line[place // SIDE, row])
        origin = self._origins[line >> LINE_BITS]
        text = self._data.line(origin.path, origin.entry, line & _LINE)[place + 1].strip()
        return Decimal(text or "0")


def exact_value(cells: ExactCells, series: Series, row: int, column: str, *, fill_forward: bool) -> Decimal:
    """The decimal LEAN has in a field of a bar; the middle of quotes is reckoned as it does."""
    if series.tick_type is TickType.OPEN_INTEREST:
        return _ZERO if column == "volume" else cells.cell(row, "open_interest") or _ZERO
    if column == "volume" and (fill_forward or "volume" not in columns(series.tick_type)):
        return _ZERO
    if column in columns(series.tick_type):
        value = cells.cell(row, column)
        return _ZERO if value is None else value
    assert column in PRICES, column
    bid, ask = cells.cell(row, f"bid_{column}"), cells.cell(row, f"ask_{column}")
    if bid is not None and ask is not None:
        if bid and ask:
            return (bid + ask) / _TWO
        return bid or ask
    return next((side for side in (bid, ask) if side is not None), _ZERO)
