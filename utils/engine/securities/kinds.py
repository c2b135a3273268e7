"""Securities by kind: shares, indices, pairs of currencies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from utils.engine.data.trade_bar import TradeBar
from utils.engine.enums import DataNormalizationMode
from utils.engine.securities.cash import Cash
from utils.engine.securities.price_variation import AdjustedPriceVariationModel, EquityPriceVariationModel
from utils.engine.securities.security import Security


class Equity(Security):
    """A share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refresh_price_variation()

    def refresh_price_variation(self) -> None:
        """Raw prices have the exchange's tick; adjusted ones have none."""
        raw = bool(self.subscriptions) and self.data_normalization_mode == DataNormalizationMode.RAW
        self.price_variation_model = EquityPriceVariationModel() if raw else AdjustedPriceVariationModel()

    @property
    def primary_exchange(self) -> Any:
        """Where the share is listed; not in the data."""
        return None

    @property
    def shortable(self) -> bool:
        """Whether the shortable provider has any shares."""
        quantity = self.shortable_provider.shortable_quantity(self.symbol, self.local_time)
        return quantity is None or quantity > 0

    @property
    def total_shortable_quantity(self) -> int | None:
        """Shares the shortable provider has."""
        quantity = self.shortable_provider.shortable_quantity(self.symbol, self.local_time)
        return None if quantity is None else int(quantity)


class Index(Security):
    """An index: data only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_tradable = False


class CurrencyPair(Security):
    """A security that swaps one currency for another."""

    base_currency: Cash

    def __init__(self, *args: Any, base_currency: Cash, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base_currency = base_currency

    @property
    def base_currency_symbol(self) -> str:
        """Code of the base currency."""
        return self.base_currency.symbol


class Forex(CurrencyPair):
    """A pair of currencies."""


class Crypto(CurrencyPair):
    """A coin against a currency."""

    @property
    def exact_price(self) -> Decimal:
        """Price of the latest trade, though its latest bar may be of quotes; as LEAN has it."""
        traded = self.cache.exact_of(TradeBar, "close")
        return self.cache.exact_price if traded is None else traded

    @property
    def price(self) -> float:
        """Price of the latest trade, though its latest bar may be of quotes; as LEAN has it."""
        return float(self.exact_price)


class Cfd(Security):
    """A contract for difference."""
