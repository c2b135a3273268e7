"""Option chains as LEAN's pandas tables: a row a contract, under its symbol.

A column of numbers without any other than zero is left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from utils.engine.errors import NotSupportedByEngine
from utils.engine.frames.symbol_indexing import index_by_ticker

_TERMS = {
    "underlyingsymbol": "underlying_symbol",
    "expiry": "expiry",
    "strike": "strike",
    "scaledstrike": "scaled_strike",
    "right": "right",
    "style": "style",
}
_NUMBERS = {
    "theoreticalprice": "theoretical_price",
    "impliedvolatility": "implied_volatility",
    "openinterest": "open_interest",
    "lastprice": "last_price",
    "volume": "volume",
    "bidprice": "bid_price",
    "bidsize": "bid_size",
    "askprice": "ask_price",
    "asksize": "ask_size",
    "underlyinglastprice": "underlying_last_price",
}
_GREEKS = ("delta", "gamma", "vega", "theta", "rho")


def chain_frame(chain: Any, flatten: bool) -> pd.DataFrame:
    """The contracts of one chain.

    Raises:
        NotSupportedByEngine: without `flatten` LEAN's table has the chain itself as one cell.
    """
    if not flatten:
        raise NotSupportedByEngine("OptionChain.DataFrame without flatten=True")
    index_by_ticker()
    contracts = list(chain)
    columns: dict[str, Any] = {
        name: [getattr(contract, member) for contract in contracts] for name, member in _TERMS.items()
    }
    numbers = {
        name: np.array([float(getattr(contract, member)) for contract in contracts])
        for name, member in _NUMBERS.items()
    }
    greeks = [contract.greeks for contract in contracts]
    numbers |= {name: np.array([getattr(one, name) for one in greeks]) for name in _GREEKS}
    columns |= {name: values for name, values in numbers.items() if values.any()}
    index = pd.Index([contract.symbol for contract in contracts], dtype=object, name="symbol")
    return pd.DataFrame(columns, index=index)


def chains_frame(chains: Any, flatten: bool) -> pd.DataFrame:
    """The contracts of several chains, under canonical symbol and symbol."""
    frames = {pair.key: chain_frame(pair.value, flatten) for pair in chains}
    if not frames:
        return pd.DataFrame()
    return pd.concat(frames.values(), keys=list(frames), names=["canonical", "symbol"], sort=False)
