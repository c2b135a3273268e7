"""A chain as the scanner takes it: quotes, and what the other contracts say they should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

import numpy as np

from trading.execution.leg import Contract
from trading.execution.quotes import Quote
from trading.options.american import american_greeks
from trading.options.chain import DAYS_PER_YEAR, OptionChain
from trading.options.contract import Right
from trading.scanners.smile import volatility_of_the_others
from trading.scanners.underpriced import Quotes

_CLOSE: Final = time(16)
_TICK: Final = 0.01
_SECOND: Final = 1_000_000_000


@dataclass(frozen=True)
class ChainRow:
    """One contract of a chain.

    Attributes:
        contract, quote: what it is, and its market.
        open_interest, volume: contracts.
    """

    contract: Contract
    quote: Quote
    open_interest: float
    volume: float


@dataclass(frozen=True)
class ChainView:
    """A chain with the scanner's arrays, in the order of the rows.

    Attributes:
        term_volatility: of the surface, at the money in thirty days; NaN when no quote tells.
    """

    rows: tuple[ChainRow, ...]
    quotes: Quotes
    term_volatility: float


def chain_view(
    rows: Sequence[ChainRow], spot: float, now: datetime, rate: float, iv_percentile: float
) -> ChainView:
    """Price a chain.

    Args:
        rows: its contracts, of one underlying.
        spot: the underlying's price.
        now: the time in New York, naive; contracts expire at 16:00 there.
        rate: risk-free rate, annual.
        iv_percentile: of the underlying's volatility in its history, 0 to 100; NaN unknown.
    """
    contracts = [row.contract for row in rows]
    strike = np.array([one.strike for one in contracts], np.float64)
    expiry = np.array([_nanoseconds(datetime.combine(one.expiry, _CLOSE)) for one in contracts], np.int64)
    calls = np.array([one.right == "call" for one in contracts], np.bool_)
    bid = np.array([row.quote.bid for row in rows], np.float64)
    ask = np.array([row.quote.ask for row in rows], np.float64)
    chain = OptionChain(
        spot=spot,
        time=_nanoseconds(now),
        strike=strike,
        expiry=expiry,
        right=np.where(calls, Right.CALL, Right.PUT).astype(np.int8),
        bid=bid,
        ask=ask,
        rate=rate,
    )
    table = chain.table()
    years = table.days / DAYS_PER_YEAR
    forward = np.where(np.isnan(table.forward), spot * np.exp(rate * years), table.forward)
    # The mid of a wide quote says little, and an option without vega nothing, of a volatility.
    precision = table.greeks.vega / np.maximum(ask - bid, _TICK)
    model_iv = volatility_of_the_others(expiry, np.log(strike / forward), table.implied_volatility, precision)
    model = american_greeks(chain.right, spot, strike, years, model_iv, rate, 0.0)
    quotes = Quotes(
        bid=bid,
        ask=ask,
        model_price=model.price,
        market_iv=table.implied_volatility,
        model_iv=model_iv,
        delta=model.delta,
        days_to_expiry=np.array([(one.expiry - now.date()).days for one in contracts], np.float64),
        open_interest=np.array([row.open_interest for row in rows], np.float64),
        volume=np.array([row.volume for row in rows], np.float64),
        iv_percentile=np.full(len(rows), iv_percentile),
    )
    known = np.isfinite(table.implied_volatility) & (table.days > 0)
    term = float(table.surface().term_structure(30 / DAYS_PER_YEAR)) if known.any() else np.nan
    return ChainView(tuple(rows), quotes, term)


def _nanoseconds(moment: datetime) -> int:
    return round((moment - datetime(1970, 1, 1)).total_seconds()) * _SECOND
