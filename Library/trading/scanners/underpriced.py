"""Options that cost less than a model says, liquid enough to trade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trading.scanners.config import OptionsScanner
from trading.scanners.findings import Findings, judged


@dataclass(frozen=True)
class Quotes:
    """Contracts of chains with what a model says of them, (n,) arrays; NaN where a figure is not known.

    Attributes:
        bid, ask: the market's, per share.
        model_price: the model's, per share: at the surface's volatility, not at the contract's own.
        market_iv: implied by the mid.
        model_iv: of the surface at the contract's strike and expiry.
        delta: of the model, signed.
        days_to_expiry: calendar days.
        open_interest, volume: contracts.
        iv_percentile: share of its history, 0 to 100, in which the underlying's implied volatility was lower.
    """

    bid: NDArray[np.float64]
    ask: NDArray[np.float64]
    model_price: NDArray[np.float64]
    market_iv: NDArray[np.float64]
    model_iv: NDArray[np.float64]
    delta: NDArray[np.float64]
    days_to_expiry: NDArray[np.float64]
    open_interest: NDArray[np.float64]
    volume: NDArray[np.float64]
    iv_percentile: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse arrays of different lengths."""
        if len({len(array) for array in vars(self).values()}) > 1:
            raise ValueError("the arrays of quotes must be of one length")


def scan_underpriced(quotes: Quotes, settings: OptionsScanner) -> Findings:
    """Contracts at least `min_discount_pct` percent cheaper than the model's price, and in volatility too.

    The score is the discount of the mid in percent of the model's price. An unknown percentile of the implied
    volatility rules nothing out: it is unknown until there is a history.
    """
    mid: NDArray[np.float64] = (quotes.bid + quotes.ask) / 2
    quoted = (quotes.bid > 0) & (quotes.ask >= quotes.bid)
    spread_pct = _ratio(100.0 * (quotes.ask - quotes.bid), mid, quoted)
    priced = np.isfinite(quotes.model_price) & (quotes.model_price > 0)
    volatile = np.isfinite(quotes.market_iv) & np.isfinite(quotes.model_iv)
    discount = _ratio(100.0 * (quotes.model_price - mid), quotes.model_price, priced)
    delta = np.abs(quotes.delta)
    checks = (
        (~quoted, "no two-sided quote"),
        (
            ~(quotes.days_to_expiry >= settings.min_days_to_expiry),
            _under("days", settings.min_days_to_expiry),
        ),
        (~(quotes.days_to_expiry <= settings.max_days_to_expiry), _over("days", settings.max_days_to_expiry)),
        (
            ~(quotes.open_interest >= settings.min_open_interest),
            _under("open interest", settings.min_open_interest),
        ),
        (~(quotes.volume >= settings.min_volume), _under("volume", settings.min_volume)),
        (~(spread_pct <= settings.max_spread_pct), f"spread over {settings.max_spread_pct:g} % of the mid"),
        (~priced | ~volatile, "no model price or implied volatility"),
        (~(delta >= settings.min_delta), _under("delta", settings.min_delta)),
        (~(delta <= settings.max_delta), _over("delta", settings.max_delta)),
        (
            quotes.iv_percentile > settings.max_iv_percentile,
            _over("IV percentile", settings.max_iv_percentile),
        ),
        (
            ~(discount >= settings.min_discount_pct),
            f"mid not {settings.min_discount_pct:g} % below the model's price",
        ),
        (~(quotes.market_iv < quotes.model_iv), "market volatility not below the model's"),
    )
    rows = zip(
        mid.tolist(), quotes.model_price.tolist(), discount.tolist(), quotes.market_iv.tolist(),
        quotes.model_iv.tolist(), quotes.delta.tolist(), quotes.days_to_expiry.tolist(), strict=True,
    )  # fmt: skip
    accepted = tuple(
        f"mid {price:.2f} is {below:.1f} % below the model's {worth:.2f} "
        f"(IV {market:.1%} against {model:.1%}), delta {slope:+.2f}, {days:.0f} days"
        for price, worth, below, market, model, slope, days in rows
    )
    return judged(checks, discount, accepted)


def _ratio(
    top: NDArray[np.float64], bottom: NDArray[np.float64], where: NDArray[np.bool_]
) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):  # a denormal price: infinitely wide, infinitely dear
        return np.divide(top, bottom, out=np.full(len(top), np.nan), where=where)


def _under(what: str, bound: float) -> str:
    return f"{what} under {bound:g}"


def _over(what: str, bound: float) -> str:
    return f"{what} over {bound:g}"
