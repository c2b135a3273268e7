"""Factor files: what splits and dividends do to the prices and volumes of an equity.

A row is `date,price factor,split factor,reference price` and holds for dates up to its own, after the row
before it. The reference price is the close of that date, the last one before the split or dividend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from utils.data.lean.clock import day_number
from utils.data.lean.prices import EQUITY_SCALE
from utils.errors import UserError
from utils.files import read_text

LEAN_DECIMAL = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""Digits of the decimals LEAN reckons in."""

CENT = Decimal("0.01")


class Normalization(StrEnum):
    """How prices from before a split or dividend are made comparable, as LEAN's DataNormalizationMode.

    RAW: as traded.
    ADJUSTED: x price factor x split factor, volume divided by the same product.
    SPLIT_ADJUSTED: x split factor, volume divided by it.
    TOTAL_RETURN: as SPLIT_ADJUSTED, plus the dividends paid since the first date read.
    """

    RAW = "raw"
    ADJUSTED = "adjusted"
    SPLIT_ADJUSTED = "split_adjusted"
    TOTAL_RETURN = "total_return"


class FactorRow(NamedTuple):
    """A row of a factor file; `day` as days since 1970-01-01."""

    day: int
    price: Decimal
    split: Decimal
    reference: Decimal


@dataclass(frozen=True)
class FactorFile:
    """Rows by date; none means factors of 1."""

    rows: tuple[FactorRow, ...] = ()

    @property
    def first_day(self) -> int | None:
        """First date with usable factors (days since 1970-01-01), None when all have: where LEAN starts."""
        return self.rows[0].day - 1 if self.rows else None

    @cached_property
    def days(self) -> NDArray[np.int64]:
        """Dates of the rows, as days since 1970-01-01."""
        return np.array([row.day for row in self.rows], np.int64)

    def factors(self, mode: Normalization) -> list[Decimal]:
        """Price factors of the rows, and 1 for what comes after the last."""
        one = Decimal(1)
        if mode is Normalization.ADJUSTED:
            return [row.price * row.split for row in self.rows] + [one]
        return [row.split for row in self.rows] + [one]

    def dividends(self) -> list[Decimal]:
        """Dividend per share that follows each row's date, in whole cents; 0 where a split does."""
        paid = []
        for row, after in zip(self.rows, self.rows[1:], strict=False):
            ratio = LEAN_DECIMAL.divide(row.price, after.price)
            kept = LEAN_DECIMAL.multiply(row.reference, ratio)
            changed = row.price != after.price
            paid.append((row.reference - kept).quantize(CENT, ROUND_HALF_EVEN) if changed else Decimal(0))
        return [*paid, Decimal(0)][: len(self.rows)]


@dataclass(frozen=True)
class Adjustment:
    """What is done to the values of n rows of an equity's file, given the dates of the rows.

    Prices are reckoned as LEAN's decimals become floats: the product of the integers in the two files, then
    one division by a power of ten.
    """

    file: FactorFile
    mode: Normalization
    day: NDArray[np.int32]
    since: int

    @cached_property
    def _row(self) -> NDArray[np.int64]:
        """Row of the factor file for each row of bars."""
        return np.searchsorted(self.file.days, self.day, side="left")

    @cached_property
    def _factors(self) -> list[Decimal]:
        return self.file.factors(self.mode)

    def prices(self, written: Float64Array) -> Float64Array:
        """Prices from ten-thousandths as the file has them, of shape (n,) or (k, n); NaN stays."""
        if self.mode is Normalization.RAW:
            return written / EQUITY_SCALE
        parts = [factor.as_tuple() for factor in self._factors]
        digits = np.array([float(int("".join(map(str, part.digits)))) for part in parts])
        unit = EQUITY_SCALE * np.array([10.0 ** -int(part.exponent) for part in parts])
        product = written * digits[self._row]
        if self.mode is Normalization.TOTAL_RETURN:
            product = product + self._dividends() * (unit[self._row] / 100)
        return np.asarray(product / unit[self._row])

    def sizes(self, written: Float64Array) -> Float64Array:
        """Volumes or quote sizes, divided by the factor and rounded to whole shares, half to even."""
        if self.mode is Normalization.RAW:
            return written
        scales = [LEAN_DECIMAL.divide(Decimal(1), factor) for factor in self._factors]
        exact = written * np.array([float(scale) for scale in scales])[self._row]
        rounded = np.rint(exact)
        # A float cannot tell a half from its neighbours: those few are reckoned in decimals.
        doubtful = np.abs(np.abs(exact - rounded) - 0.5) <= 1e-6 + np.abs(exact) * 1e-12
        for index in np.flatnonzero(doubtful).tolist():
            shares = Decimal(repr(float(written[index])))
            product = LEAN_DECIMAL.multiply(shares, scales[self._row[index]])
            rounded[index] = float(product.to_integral_value(ROUND_HALF_EVEN))
        return np.asarray(rounded)

    def _dividends(self) -> Float64Array:
        """Cents per share paid from the first date to each row's."""
        paid = np.cumsum([0, *(int(dividend * 100) for dividend in self.file.dividends())])
        before = int(np.searchsorted(self.file.days, self.since, side="left"))
        return np.asarray(np.maximum(paid[self._row] - paid[before], 0).astype(np.float64))


def read_factor_file(folder: Path, market: str, permtick: str) -> FactorFile:
    """Factor file of a company; without one its factors are 1, as in LEAN.

    Rows with infinite or exponential factors, which LEAN leaves out for want of digits, and those with a
    factor of zero are left out.

    Raises:
        UserError: a malformed row, or zipped factor files.
    """
    home = folder / "equity" / market / "factor_files"
    zipped = sorted(home.glob("factor_files_*.zip"))
    if zipped:
        raise UserError(f"{zipped[-1]}: zipped factor files are not read; unpack its CSV files into {home}")
    path = home / f"{permtick.lower()}.csv"
    if not path.exists():
        return FactorFile()
    rows: dict[int, FactorRow] = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.strip() and "inf" not in line and "e+" not in line:
            row = _row(path, number, line)
            if row.price * row.split > 0:
                rows.setdefault(row.day, row)
    return FactorFile(tuple(rows[day] for day in sorted(rows)))


def _row(path: Path, number: int, line: str) -> FactorRow:
    cells = [cell.strip() for cell in line.split(",")]
    try:
        day = day_number(date.fromisoformat(cells[0]))
        price, split = Decimal(cells[1]), Decimal(cells[2])
        return FactorRow(day, price, split, Decimal(cells[3]) if len(cells) > 3 else Decimal(0))
    except (ValueError, IndexError, InvalidOperation) as error:
        raise UserError(
            f"{path}: line {number}: {line[:60]!r} is not DATE,PRICE FACTOR,SPLIT FACTOR[,REFERENCE PRICE]; "
            "write it like 20140606,0.9304792,0.142857,645.57"
        ) from error
