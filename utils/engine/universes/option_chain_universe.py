"""Contracts on one underlying, chosen once a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from utils.engine.algorithm.settings import UniverseSettings
from utils.engine.clock import to_datetime, utc_to_local
from utils.engine.enums import DataNormalizationMode, SecurityType
from utils.engine.universes.option_filter_universe import OptionFilterUniverse
from utils.engine.universes.option_listings import OptionListings
from utils.engine.universes.universe import Universe


class OptionChainUniverse(Universe):
    """Chooses by the filter of the canonical security, when the listing of a date is known.

    Attributes:
        option: the canonical security.
    """

    option: Any

    def __init__(self, option: Any, settings: UniverseSettings, listings: OptionListings) -> None:
        super().__init__(option.symbol, settings)
        settings.data_normalization_mode = DataNormalizationMode.RAW
        self.option = option
        self._listings = listings
        self._filter = OptionFilterUniverse(option)
        self._dates: dict[int, date] = {}

    def moments(self, start: int, end: int) -> list[int]:
        """As `Universe.moments`."""
        self._dates = dict(self._listings.moments(self.symbol, start, end))
        return list(self._dates)

    def select(self, utc_ns: int) -> list[Any] | None:
        """As `Universe.select`: the underlying, and the contracts the filter leaves."""
        listing = self._listings.of_date(self.symbol, self._dates[utc_ns])
        assert listing is not None
        zone = self.option.exchange.hours.time_zone
        local = to_datetime(utc_to_local(utc_ns, zone))
        self._filter.refresh(listing.contracts, listing.underlying, local)
        chosen = self.option.contract_filter(self._filter)
        return [self.symbol.underlying, *(row.symbol for row in chosen)]

    def configure(self, security: Any) -> None:
        """As `Universe.configure`."""
        if security.symbol == self.symbol.underlying:
            self.option.underlying = security
            if security.type == SecurityType.EQUITY:
                security.set_data_normalization_mode(DataNormalizationMode.RAW)
        else:
            security.price_model = self.option.price_model
