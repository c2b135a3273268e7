"""What splits and dividends do to an equity's prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

import numpy as np

from utils.data.lean.factor_files import LEAN_DECIMAL, FactorFile
from utils.data.lean.prices import EQUITY_SCALE
from utils.engine.enums import DataNormalizationMode
from utils.engine.feed.columns import Float64Array, Int64Array

_EQUITY_EXPONENT = 4
_ONE = Decimal(1)


@dataclass
class Normalization:
    """Adjusts the prices of a file, which are ten-thousandths, by the date of a bar.

    Attributes:
        file: the factors.
        mode: which of them count.
        end_day: for scaled raw prices the date whose prices stay as they were.
        dividends: ex-date and amount of the dividends since the subscription began, for total return.
    """

    file: FactorFile
    mode: DataNormalizationMode
    end_day: int = 0
    dividends: list[tuple[int, Decimal]] = field(default_factory=list)

    @cached_property
    def factors(self) -> list[Decimal]:
        """Factor of each row of the file, and one for what comes after the last."""
        mode = self.mode
        if mode in (DataNormalizationMode.SPLIT_ADJUSTED, DataNormalizationMode.TOTAL_RETURN):
            return [*(row.split for row in self.file.rows), _ONE]
        if mode not in (DataNormalizationMode.ADJUSTED, DataNormalizationMode.SCALED_RAW):
            return [_ONE] * (len(self.file.rows) + 1)
        factors = [*(LEAN_DECIMAL.multiply(row.price, row.split) for row in self.file.rows), _ONE]
        if mode == DataNormalizationMode.SCALED_RAW:
            end = factors[int(np.searchsorted(self.file.days, self.end_day, side="left"))]
            factors = [LEAN_DECIMAL.divide(factor, end) for factor in factors]
        return factors

    @cached_property
    def _scales(self) -> tuple[Float64Array, Float64Array]:
        """Factors as integers and powers of ten: LEAN's decimals become floats by one division."""
        parts = [factor.as_tuple() for factor in self.factors]
        digits = [float(int("".join(map(str, part.digits)))) for part in parts]
        return np.array(digits), np.array([10.0 ** -int(part.exponent) for part in parts])

    def rows(self, day: Int64Array) -> Int64Array:
        """Index of the factor that holds on each date."""
        return np.searchsorted(self.file.days, day, side="left").astype(np.int64)

    def paid(self, day: int) -> Decimal:
        """Dividends paid up to a date, for total return."""
        if self.mode != DataNormalizationMode.TOTAL_RETURN:
            return Decimal(0)
        return sum((amount for ex_day, amount in self.dividends if ex_day <= day), Decimal(0))

    def prices(self, written: Float64Array, row: Int64Array, day: Int64Array) -> Float64Array:
        """Prices from ten-thousandths, shape (k, n)."""
        if not len(row):
            return written / EQUITY_SCALE
        if row[0] == row[-1] and self.factors[int(row[0])] == 1 and not self.paid(int(day[-1])):
            return written / EQUITY_SCALE
        digits, unit = self._scales
        scale = EQUITY_SCALE * unit[row]
        product = written * digits[row]
        if self.paid(int(day[-1])):
            dates = np.array([ex_day for ex_day, _ in self.dividends])
            sums = np.cumsum([0.0, *(float(amount) for _, amount in self.dividends)])
            product = product + sums[np.searchsorted(dates, day, side="right")] * scale
        adjusted: Float64Array = product / scale
        return adjusted

    def sizes(self, written: Float64Array, row: Int64Array) -> Float64Array:
        """Volumes and quote sizes, divided by the factor and rounded to whole shares, half to even."""
        used = np.unique(row)
        if all(self.factors[index] == 1 for index in used.tolist()):
            return written
        inverse = [LEAN_DECIMAL.divide(_ONE, factor) for factor in self.factors]
        scaled = written * np.array([float(factor) for factor in inverse])[row]
        rounded = np.rint(scaled)
        # A float cannot tell a half from its neighbours: those few are reckoned in decimals.
        doubtful = np.abs(np.abs(scaled - rounded) - 0.5) <= 1e-6 + np.abs(scaled) * 1e-12
        for index in np.flatnonzero(doubtful).tolist():
            shares = LEAN_DECIMAL.multiply(Decimal(repr(float(written[index]))), inverse[int(row[index])])
            rounded[index] = float(shares.to_integral_value(ROUND_HALF_EVEN))
        rounded[self._neutral[row]] = written[self._neutral[row]]
        result: Float64Array = rounded
        return result

    @cached_property
    def _neutral(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([factor == 1 for factor in self.factors])

    def exact_price(self, written: float, row: int, day: int) -> Decimal:
        """A price as LEAN's decimal: an unadjusted one has the scale of ten-thousandths."""
        price = _written(written).scaleb(-_EQUITY_EXPONENT)
        factor, paid = self.factors[row], self.paid(day)
        if factor == 1 and not paid:
            return price
        product = LEAN_DECIMAL.multiply(price, factor)
        return LEAN_DECIMAL.add(product, paid) if paid else product

    def exact_size(self, written: float, row: int) -> Decimal:
        """A volume or size as LEAN's decimal."""
        factor = self.factors[row]
        if factor == 1:
            return _written(written)
        shares = LEAN_DECIMAL.multiply(_written(written), LEAN_DECIMAL.divide(_ONE, factor))
        return shares.to_integral_value(ROUND_HALF_EVEN)


def _written(value: float) -> Decimal:
    return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))
