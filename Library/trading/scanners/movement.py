"""Shares that moved as far as the settings ask, on a surge of volume, with the news behind them if wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trading.scanners.config import MovementScanner
from trading.scanners.findings import Findings, judged


@dataclass(frozen=True)
class Movements:
    """Shares to look at, (n,) arrays; NaN where a figure is not known.

    Attributes:
        price: now.
        previous_close: of the day before, in the same terms (both raw, or both adjusted).
        volume: of the latest bar.
        usual_volume: mean of the bars before it.
        sentiment: of the news, −1 to 1; zero or NaN corroborates nothing.
    """

    price: NDArray[np.float64]
    previous_close: NDArray[np.float64]
    volume: NDArray[np.float64]
    usual_volume: NDArray[np.float64]
    sentiment: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse arrays of different lengths."""
        if len({len(array) for array in vars(self).values()}) > 1:
            raise ValueError("the arrays of shares must be of one length")

    @classmethod
    def of(cls, rows: Sequence[tuple[float, float, float, float, float]]) -> Movements:
        """From a row for each share: its figures in the order of the attributes."""
        columns = np.array(rows, np.float64).reshape(-1, 5).T
        return cls(*columns)

    @property
    def move_pct(self) -> NDArray[np.float64]:
        """Since the previous close, in percent, signed; NaN without prices."""
        usable = (self.price > 0) & (self.previous_close > 0)
        growth = np.divide(self.price, self.previous_close, out=_unknown(self.price), where=usable)
        return np.asarray(100.0 * (growth - 1.0), np.float64)

    @property
    def volume_ratio(self) -> NDArray[np.float64]:
        """Volume in units of the usual one; NaN without a usual one."""
        usable = self.usual_volume > 0
        return np.divide(self.volume, self.usual_volume, out=_unknown(self.volume), where=usable)


def scan_movements(shares: Movements, settings: MovementScanner) -> Findings:
    """Shares whose move lies in the range of the settings; the score is move × volume ratio."""
    move, ratio = shares.move_pct, shares.volume_ratio
    size = np.abs(move)
    surge = settings.min_volume_ratio > 0
    agrees = np.sign(shares.sentiment) == np.sign(move)
    checks = (
        (np.isnan(move), "no price or no previous close"),
        (size < settings.min_move_pct, f"moved less than {settings.min_move_pct:g} %"),
        (size > settings.max_move_pct, f"moved more than {settings.max_move_pct:g} %"),
        (surge & np.isnan(ratio), "no usual volume to compare with"),
        (
            surge & (ratio < settings.min_volume_ratio),
            f"volume under {settings.min_volume_ratio:g} × the usual",
        ),
        (settings.require_news & ~agrees, "the news does not go the same way"),
    )
    score = size * (ratio if surge else 1.0)
    accepted = tuple(
        f"moved {moved:+.2f} % on {times:.1f} × the usual volume"
        + (f", sentiment {mood:+.2f}" if np.isfinite(mood) else "")
        for moved, times, mood in zip(move.tolist(), ratio.tolist(), shares.sentiment.tolist(), strict=True)
    )
    return judged(checks, score, accepted)


def _unknown(like: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.full(len(like), np.nan)
