"""A volatility surface through the implied volatilities of a chain.

Total variance (volatility squared times years) is interpolated: over log-moneyness log(strike / forward) by a
monotone cubic between the points of one expiry (Fritsch and Carlson, 1980, as in scipy's PchipInterpolator:
it does not overshoot), and over time linearly between two expiries at the same log-moneyness, so that the
variance between two dates is never negative unless the points say so.

Outside the data nothing is extrapolated but the nearest volatility: beyond the outermost strikes of an expiry
its outermost volatility holds, before the first and after the last expiry the volatility of that expiry.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.options.contract import broadcast


@dataclass(frozen=True, eq=False)
class VolatilitySurface:
    """Slices of total variance, one an expiry. Make one with `fit_surface`.

    Attributes:
        years: time to each expiry, ascending.
        start: where each expiry's points begin in the arrays below, and where the last one's end.
        log_moneyness, variance, slope: of the points, ascending within an expiry; slope is
            d variance / d log-moneyness.
    """

    years: Float64Array
    start: NDArray[np.int64]
    log_moneyness: Float64Array
    variance: Float64Array
    slope: Float64Array

    def volatility(self, log_moneyness: ArrayLike, years: ArrayLike) -> Float64Array:
        """Annual volatility at each place; the arguments broadcast. NaN where years are not above zero."""
        shape, places = broadcast(log_moneyness, years)
        out = np.empty(places.shape[1])
        _volatilities(self.years, self.start, self.log_moneyness, self.variance, self.slope, places, out)
        return out.reshape(shape)

    def term_structure(self, years: ArrayLike) -> Float64Array:
        """Volatility at the money forward."""
        return self.volatility(0.0, years)

    def skew(self, years: ArrayLike, width: float = 0.05) -> Float64Array:
        """Change of volatility per 1.00 of log-moneyness at the money, mostly negative for equities.

        Args:
            years: times to expiry.
            width: log-moneyness on either side over which it is measured.
        """
        difference = self.volatility(width, years) - self.volatility(-width, years)
        return np.asarray(difference / (2.0 * width))


def fit_surface(years: ArrayLike, log_moneyness: ArrayLike, volatility: ArrayLike) -> VolatilitySurface:
    """The surface through points, arrays of one length in any order.

    Points with a NaN, or no time or volatility, are left out; several at one place (a call and a put) count
    as their mean variance.

    Raises:
        ValueError: when no point is left.
    """
    t, x, sigma = (
        np.asarray(values, dtype=np.float64).ravel() for values in (years, log_moneyness, volatility)
    )
    known = np.isfinite(t) & np.isfinite(x) & np.isfinite(sigma) & (t > 0.0) & (sigma > 0.0)
    if not known.any():
        raise ValueError("volatility: no point of a surface has one; are the quotes there?")
    places, which = np.unique(np.column_stack((t[known], x[known])), axis=0, return_inverse=True)
    which = which.ravel()
    total = sigma[known] ** 2 * t[known]
    variance = np.bincount(which, total) / np.bincount(which)
    expiries, first = np.unique(places[:, 0], return_index=True)
    start = np.append(first, len(places)).astype(np.int64)
    slope = np.zeros(len(places))
    for begin, end in pairwise(start):
        if end - begin > 1:
            curve = PchipInterpolator(places[begin:end, 1], variance[begin:end])
            slope[begin:end] = curve.derivative()(places[begin:end, 1])
    return VolatilitySurface(expiries, start, np.ascontiguousarray(places[:, 1]), variance, slope)


@kernel
def slice_variance(
    log_moneyness: Float64Array, variance: Float64Array, slope: Float64Array, x: float
) -> float:
    """Total variance at `x` of one expiry's points."""
    last = len(log_moneyness) - 1
    if x <= log_moneyness[0]:
        return float(variance[0])
    if x >= log_moneyness[last]:
        return float(variance[last])
    k = np.searchsorted(log_moneyness, x, side="right") - 1
    width = log_moneyness[k + 1] - log_moneyness[k]
    u = (x - log_moneyness[k]) / width
    rise = variance[k + 1] - variance[k]
    # Hermite's cubic: values and slopes at both ends.
    bend = width * (slope[k] + slope[k + 1]) - 2.0 * rise
    at_u = variance[k] + u * (width * slope[k] + u * (rise - width * slope[k] - bend + u * bend))
    return float(at_u)


@kernel
def _volatilities(
    years: Float64Array,
    start: NDArray[np.int64],
    log_moneyness: Float64Array,
    variance: Float64Array,
    slope: Float64Array,
    places: Float64Array,
    out: Float64Array,
) -> None:
    last = len(years) - 1
    for i in range(len(out)):
        x, t = places[0, i], places[1, i]
        if not t > 0.0 or np.isnan(x):
            out[i] = np.nan
            continue
        j = min(max(np.searchsorted(years, t, side="right") - 1, 0), last)
        a, b = start[j], start[j + 1]
        near = slice_variance(log_moneyness[a:b], variance[a:b], slope[a:b], x)
        if j == last or t <= years[j]:
            out[i] = np.sqrt(near / years[j])
            continue
        c = start[j + 2]
        far = slice_variance(log_moneyness[b:c], variance[b:c], slope[b:c], x)
        weight = (t - years[j]) / (years[j + 1] - years[j])
        out[i] = np.sqrt((near + weight * (far - near)) / t)
