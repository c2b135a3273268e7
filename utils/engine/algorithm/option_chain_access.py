"""`self.option_chain` and its kin: which contracts are listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.clock import local_to_utc
from utils.engine.data.option_chain import OptionChain, OptionChains, canonical_of
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import SecurityType
from utils.engine.identity.security_identifier import is_option
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.universes.option_listings import OptionListings


class OptionChainProvider(DotNet):
    """Lists contracts of a date out of the data folder."""

    def __init__(self, algorithm: Any, listings: OptionListings) -> None:
        self._algorithm, self._listings = algorithm, listings

    def get_option_contract_list(self, symbol: Any, time: date) -> list[Any]:
        """Symbols of the contracts that are known at a time in the exchange's zone and have not expired.

        Args:
            symbol: of the underlying, of a contract, or the canonical one. Nothing past the present is told.
        """
        canonical = canonical_of(as_symbol(symbol))
        if not is_option(canonical.security_type):
            raise ArgumentException(f"option_chain_provider: {symbol} has no options")
        day = datetime(time.year, time.month, time.day)
        moment = time if isinstance(time, datetime) else day
        zone = self._algorithm._hours_of(canonical).time_zone
        now = min(self._algorithm._clock.utc_ns, local_to_utc(moment.replace(tzinfo=None), zone))
        listing = self._listings.latest(canonical, now)
        rows = [] if listing is None else listing.contracts
        return [row.symbol for row in rows if row.expiry is not None and row.expiry >= day]


class OptionChainAccess(AlgorithmBase):
    """Chains out of the listings."""

    option_listings: OptionListings
    symbol_properties_database: Any
    _chain_provider: Any = None

    @property
    def option_chain_provider(self) -> Any:
        """Lists contracts of a date."""
        if self._chain_provider is None:
            self._chain_provider = OptionChainProvider(self, self.option_listings)
        return self._chain_provider

    def set_option_chain_provider(self, provider: Any) -> None:
        """Let another provider list contracts."""
        self._chain_provider = provider

    def option_chain(self, symbol: Any, flatten: bool = False) -> OptionChain:
        """The latest chain that is known: of an underlying, or of a contract's kind."""
        return self._chain(_canonical(symbol), flatten)

    def option_chains(self, symbols: Iterable[Any], flatten: bool = False) -> OptionChains:
        """The latest chains that are known."""
        chains = OptionChains(self._midnight(), flatten)
        for symbol in symbols:
            canonical = _canonical(symbol)
            chains._data[canonical] = self._chain(canonical, flatten)
        return chains

    def _midnight(self) -> datetime:
        return self.time.replace(hour=0, minute=0, second=0, microsecond=0)

    def _chain(self, canonical: Any, flatten: bool) -> OptionChain:
        listing = self.option_listings.latest(canonical, self._clock.utc_ns)
        properties = self.symbol_properties_database.get_symbol_properties(
            canonical.id.market, canonical, canonical.security_type, self.portfolio.cash_book.account_currency
        )
        zone = self._hours_of(canonical).time_zone
        today = self._clock.local(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        rows = [] if listing is None else listing.contracts
        return OptionChain.of_listing(canonical, today, rows, properties, flatten)


def _canonical(symbol: Any) -> Any:
    found = canonical_of(as_symbol(symbol))
    if found is None or found.security_type not in (SecurityType.OPTION, SecurityType.INDEX_OPTION):
        raise ArgumentException(f"The symbol {symbol} is not an option or an underlying symbol.")
    return found
