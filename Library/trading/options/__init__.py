"""Option prices, Greeks, implied volatilities, surfaces and chains, over arrays."""

from trading.options.american import american_greeks, american_price
from trading.options.binomial import binomial_greeks, binomial_price
from trading.options.black_scholes import european_greeks, european_price
from trading.options.chain import ChainTable, OptionChain, parity_forward
from trading.options.contract import Greeks, Right
from trading.options.implied_volatility import (
    american_implied_volatility,
    binomial_implied_volatility,
    european_implied_volatility,
)
from trading.options.surface import VolatilitySurface, fit_surface
from trading.options.volatility_rank import iv_percentile, iv_rank

__all__ = [
    "ChainTable",
    "Greeks",
    "OptionChain",
    "Right",
    "VolatilitySurface",
    "american_greeks",
    "american_implied_volatility",
    "american_price",
    "binomial_greeks",
    "binomial_implied_volatility",
    "binomial_price",
    "european_greeks",
    "european_implied_volatility",
    "european_price",
    "fit_surface",
    "iv_percentile",
    "iv_rank",
    "parity_forward",
]
