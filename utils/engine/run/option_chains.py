"""Makes the option chains of a slice."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from utils.engine.data.base_data import BaseData
from utils.engine.data.option_chain import OptionChain, OptionChains
from utils.engine.data.option_contract import OptionContract
from utils.engine.enums import MarketDataType
from utils.engine.identity.security_identifier import is_option


def build_chains(slice_: Any, counts: Iterable[BaseData], securities: Any) -> OptionChains:
    """Chains of the options that have bars in a slice.

    Args:
        counts: open interest that came with it; it alone makes no chain.
        securities: the algorithm's.
    """
    chains = OptionChains(slice_.time)
    underlyings: dict[Any, BaseData] = {}
    for point in slice_.all_data:
        if point.data_type == MarketDataType.AUXILIARY:
            continue
        if is_option(point.symbol.security_type):
            _take(chains, point, underlyings, securities, slice_)
        underlyings[point.symbol] = point
    if len(chains):
        for point in counts:
            _take(chains, point, underlyings, securities, slice_)
    return chains


def _take(
    chains: OptionChains,
    point: BaseData,
    underlyings: dict[Any, BaseData],
    securities: Any,
    slice_: Any,
) -> None:
    security = securities.known(point.symbol)
    if security is None or security.underlying is None:
        return
    underlying = underlyings.get(security.underlying.symbol) or security.underlying.get_last_data()
    if underlying is None:
        return
    canonical = point.symbol.canonical
    chain = chains._data.get(canonical)
    if chain is None:
        chain = chains._data[canonical] = OptionChain(canonical, slice_.time)
    chain.underlying = underlying
    if point.symbol not in chain.contracts._data:
        evaluate = partial(security.evaluate_price_model, slice_)
        properties = security.symbol_properties
        chain.add(OptionContract(point.symbol, properties, point.end_time, underlying, evaluate))
    chain.take(point)
