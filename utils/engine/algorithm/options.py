"""Adding options."""

from __future__ import annotations

from typing import Any, cast

from utils.engine.algorithm.subscribing import Subscribing
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType
from utils.engine.identity.security_identifier import is_option
from utils.engine.identity.symbol import Symbol
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.securities.option import IndexOption, Option
from utils.engine.securities.security import Security

_RAW = DataNormalizationMode.RAW


class Options(Subscribing):
    """`add_option_contract` and its kin."""

    def _init_options(self) -> None:
        self._made_raw: list[Security] = []  # what the user is still to be told of

    def add_option_contract(
        self,
        symbol: Any,
        resolution: Resolution | None = None,
        fill_forward: bool = True,
        leverage: float = 0.0,
        extended_market_hours: bool = False,
    ) -> Option:
        """Subscribe to one contract, and to its underlying unless that is followed.

        Raises:
            ArgumentException: no contract's symbol; the underlying is delisted, or has adjusted prices after
                the algorithm was initialized.
        """
        symbol = as_symbol(symbol)
        if symbol is None or not is_option(symbol.security_type) or symbol.underlying is None:
            raise ArgumentException(
                f"Unexpected option symbol {symbol}. Please provide a valid option contract with it's "
                "underlying symbol set."
            )
        terms = (resolution, None, fill_forward, leverage, extended_market_hours)
        underlying = self._underlying(symbol, terms)
        configs = self._configs(
            symbol,
            self.universe_settings.resolution if resolution is None else resolution,
            fill_forward,
            extended_market_hours,
            _RAW,
        )
        self.set_raw(underlying)
        option = cast(Option, self._follow(symbol, configs, leverage, underlying))
        option.underlying = underlying
        return option

    def add_index_option_contract(
        self, symbol: Any, resolution: Resolution | None = None, fill_forward: bool = True
    ) -> IndexOption:
        """Subscribe to one contract on an index.

        Raises:
            ArgumentException: no such contract's symbol.
        """
        symbol = as_symbol(symbol)
        if symbol is None or symbol.security_type != SecurityType.INDEX_OPTION or symbol.is_canonical():
            raise ArgumentException(
                "Symbol provided must be non-canonical and of type SecurityType.IndexOption"
            )
        return cast(IndexOption, self.add_option_contract(symbol, resolution, fill_forward))

    def remove_option_contract(self, symbol: Any, tag: str | None = None) -> bool:
        """As `remove_security`."""
        return self.remove_security(symbol, tag)

    def _underlying(self, symbol: Symbol, terms: tuple[Any, ...]) -> Security:
        """The security an option is on, added when it is not followed."""
        assert symbol.underlying is not None
        underlying: Security | None = self.securities.get(symbol.underlying)
        if underlying is None:
            known = self.securities.known(symbol.underlying)
            if known is not None and known.is_delisted:
                underlying = known
        if underlying is not None and underlying.is_delisted:
            raise ArgumentException(
                f"The underlying {underlying.type} asset ({underlying.symbol.value}) is delisted (current "
                f"time is {self.time})"
            )
        if underlying is None:
            return self._add(SecurityType(symbol.underlying.security_type), symbol.underlying, *terms)
        mode = underlying.data_normalization_mode
        if symbol.security_type == SecurityType.OPTION and mode != _RAW and self._locked:
            raise ArgumentException(
                f"The underlying {underlying.type} asset ({underlying.symbol.value}) is set to {mode}, "
                "please change this to DataNormalizationMode.Raw with the SetDataNormalization() method"
            )
        return underlying

    def set_raw(self, underlying: Security) -> None:
        """Give a security that options are on the prices that were traded, from now on."""
        changed = [c for c in underlying.subscriptions if c.data_normalization_mode != _RAW]
        if not changed:
            return
        underlying.set_data_normalization_mode(_RAW)
        self.reread(changed)
        if underlying.type == SecurityType.EQUITY:
            self._made_raw.append(underlying)

    def tell_of_raw_prices(self) -> None:
        """Tell the user, once, of securities whose prices are not adjusted because of options on them."""
        if self._made_raw:
            names = ", ".join(security.symbol.value for security in self._made_raw[:10])
            self.debug(
                "Warning: The following securities were set to raw price normalization mode to work with "
                f"options: {names}..."
            )
            self._made_raw.clear()
