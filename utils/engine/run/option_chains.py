"""Makes the option chains of a step.

Contracts know which rows of the stretch they show; a price is read when somebody looks.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from utils.engine.data.option_chain import OptionChain, OptionChains
from utils.engine.data.option_contract import OptionContract, Shown
from utils.engine.enums import TickType
from utils.engine.feed.source import Source, StretchView
from utils.engine.identity.security_identifier import is_option


class _OptionView(NamedTuple):
    """One subscription of a contract; open interest alone makes no chain."""

    view: StretchView
    symbol: Any
    canonical: Any
    kind: TickType


class ChainBuilder:
    """Chains of the steps of one stretch.

    Args:
        sources: subscriptions in the order of their data, internal ones too.
        securities: the algorithm's.
    """

    def __init__(self, sources: list[Source], securities: Any) -> None:
        self._securities = securities
        self._others: list[StretchView] = []
        self._options: list[_OptionView] = []
        canonicals: dict[Any, Any] = {}
        for source in sources:
            config = source.config
            counts = config.tick_type == TickType.OPEN_INTEREST
            if config.is_internal_feed and not counts:
                continue
            if is_option(config.security_type):
                symbol = config.symbol
                canonical = canonicals.setdefault(symbol.canonical, symbol.canonical)  # one for all
                kind = TickType(config.tick_type)
                self._options.append(_OptionView(source.view(), symbol, canonical, kind))
            elif not counts:
                self._others.append(source.view())

    def chains(self, step: int, slice_: Any) -> OptionChains:
        """Chains of the options that have bars at a step."""
        chains = OptionChains(slice_.time)
        if not self._options:
            return chains
        # The last bar of a moment counts: an equity's quotes come after its trades.
        underlyings: dict[Any, Any] = {}
        for view in self._others:
            if view.row_at(step) >= 0:
                underlyings[view.config.symbol] = view
        for option in self._options:
            row = option.view.row_at(step)
            if row >= 0 and (option.kind != TickType.OPEN_INTEREST or len(chains)):
                self._take(chains, option, row, underlyings, step, slice_)
        return chains

    def _take(
        self,
        chains: OptionChains,
        option: _OptionView,
        row: int,
        underlyings: dict[Any, Any],
        step: int,
        slice_: Any,
    ) -> None:
        chain = chains._data.get(option.canonical)
        contract = None if chain is None else chain.contracts._data.get(option.symbol)
        if contract is None:
            security = self._securities.known(option.symbol)
            if security is None or security.underlying is None:
                return
            underlying = underlyings.get(security.underlying.symbol)
            if isinstance(underlying, StretchView):
                underlying = underlyings[security.underlying.symbol] = underlying.bar_at(step)
            underlying = underlying or security.underlying.get_last_data()
            if underlying is None:
                return
            if chain is None:
                chain = chains._data[option.canonical] = OptionChain(option.canonical, slice_.time)
            chain.underlying = underlying
            evaluate = partial(security.evaluate_price_model, slice_)
            properties = security.symbol_properties
            contract = OptionContract(option.symbol, properties, None, underlying, evaluate)
            chain.contracts._data[option.symbol] = contract
        contract.show(option.kind, Shown(option.view, row))
