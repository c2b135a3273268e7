"""A chain of option contracts as columns, and the table of what its quotes say.

chain = OptionChain(spot, time, strike, expiry, right, bid, ask, rate=0.04)
table = chain.table()
table.greeks.delta[(table.days > 20) & (table.implied_volatility > 0.3)]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trading.bars import Float64Array
from trading.compiled import kernel
from trading.options.american import american_greeks
from trading.options.black_scholes import european_greeks
from trading.options.contract import Greeks
from trading.options.implied_volatility import (
    TOLERANCE,
    american_implied_volatility,
    european_implied_volatility,
)
from trading.options.surface import VolatilitySurface, fit_surface

DAY = 86_400_000_000_000  # nanoseconds
DAYS_PER_YEAR = 365.0


@dataclass(frozen=True, eq=False)
class OptionChain:
    """Contracts on one underlying at one moment; columns of n contracts in any order.

    Attributes:
        spot: price of the underlying.
        time: the moment, nanoseconds since 1970-01-01 UTC.
        strike: float64.
        expiry: int64, the moment each contract expires, nanoseconds since 1970-01-01 UTC.
        right: 1 for calls, -1 for puts (`Right`).
        bid, ask: float64 quotes, 0 or NaN where there is none.
        rate: risk-free rate, annual, continuously compounded.
        dividend_yield: likewise.
        american: whether the contracts may be exercised before expiry.

    Raises:
        ValueError: when the columns are not of one length.
    """

    spot: float
    time: int
    strike: Float64Array
    expiry: NDArray[np.int64]
    right: NDArray[np.int8]
    bid: Float64Array
    ask: Float64Array
    rate: float = 0.0
    dividend_yield: float = 0.0
    american: bool = True

    def __post_init__(self) -> None:
        for name in ("expiry", "right", "bid", "ask"):
            if len(getattr(self, name)) != len(self.strike):
                raise ValueError(f"{name}: {len(getattr(self, name))} values for {len(self.strike)} strikes")

    def __len__(self) -> int:
        return len(self.strike)

    def table(self, tick: float = 0.01, tolerance: float = TOLERANCE) -> ChainTable:
        """What the quotes say of each contract.

        Args:
            tick: of the quotes; a price is taken to be known to half of it.
            tolerance: implied volatilities that half a tick moves by more are NaN.
        """
        quoted = (self.bid > 0.0) & (self.ask >= self.bid)
        mid = np.where(quoted, 0.5 * (self.bid + self.ask), np.nan)
        days = (self.expiry - self.time) / DAY
        years = days / DAYS_PER_YEAR
        implied = american_implied_volatility if self.american else european_implied_volatility
        pricer = american_greeks if self.american else european_greeks
        volatility = implied(
            self.right,
            mid,
            self.spot,
            self.strike,
            years,
            self.rate,
            self.dividend_yield,
            0.5 * tick,
            tolerance,
        )
        greeks = pricer(self.right, self.spot, self.strike, years, volatility, self.rate, self.dividend_yield)
        forward = parity_forward(self.right, self.strike, self.expiry, mid, np.exp(self.rate * years))
        return ChainTable(self, mid, days, self.strike / self.spot, forward, volatility, greeks)


@dataclass(frozen=True, eq=False)
class ChainTable:
    """What a chain's quotes say; columns in the order of the chain's contracts.

    Attributes:
        chain: where it comes from.
        mid: halfway between bid and ask; NaN unless 0 < bid <= ask.
        days: calendar days to expiry, with fractions.
        moneyness: strike / spot.
        forward: price of the underlying at the contract's expiry that put-call parity implies, NaN where no
            strike of the expiry has quotes for both (`parity_forward`).
        implied_volatility: of the mid; NaN where it tells none.
        greeks: at the implied volatility, per unit of the underlying; `greeks.price` is the mid again.
    """

    chain: OptionChain
    mid: Float64Array
    days: Float64Array
    moneyness: Float64Array
    forward: Float64Array
    implied_volatility: Float64Array
    greeks: Greeks

    def surface(self) -> VolatilitySurface:
        """The volatility surface through the out-of-the-money contracts, which say most.

        Moneyness is to the forward of parity, or without one to that of the rates.
        """
        years = self.days / DAYS_PER_YEAR
        carried = self.chain.spot * np.exp((self.chain.rate - self.chain.dividend_yield) * years)
        forward = np.where(np.isnan(self.forward), carried, self.forward)
        log_moneyness = np.log(self.chain.strike / forward)
        out_of_the_money = log_moneyness * self.chain.right >= 0.0
        return fit_surface(
            years[out_of_the_money],
            log_moneyness[out_of_the_money],
            self.implied_volatility[out_of_the_money],
        )


def parity_forward(
    right: NDArray[np.int8],
    strike: Float64Array,
    expiry: NDArray[np.int64],
    price: Float64Array,
    growth: Float64Array,
) -> Float64Array:
    """Forward price of the underlying for each contract's expiry, by put-call parity.

    strike + growth * (call - put), at the strike where call and put are closest, as the VIX has it (Cboe,
    Volatility Index Methodology). American options hold parity up to their early exercise premiums, which are
    small there.

    Args:
        right, strike, expiry, price: of the contracts, columns of one length; NaN is no price.
        growth: exp(rate * years) of each contract.
    """
    order = np.lexsort((right, strike, expiry))
    out = np.full(len(strike), np.nan)
    _forwards(order, right, strike, expiry, price, growth, out)
    return out


@kernel
def _forwards(
    order: NDArray[np.int64],
    right: NDArray[np.int8],
    strike: Float64Array,
    expiry: NDArray[np.int64],
    price: Float64Array,
    growth: Float64Array,
    out: Float64Array,
) -> None:
    n = len(order)
    begin = 0
    while begin < n:
        end = begin
        closest, forward = np.inf, np.nan
        while end < n and expiry[order[end]] == expiry[order[begin]]:
            if end > begin:
                put, call = order[end - 1], order[end]
                if strike[put] == strike[call] and right[put] < right[call]:
                    difference = price[call] - price[put]
                    if abs(difference) < closest:
                        closest = abs(difference)
                        forward = strike[call] + growth[call] * difference
            end += 1
        for k in range(begin, end):
            out[order[k]] = forward
        begin = end
