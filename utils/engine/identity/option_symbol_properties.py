"""How options are quoted and traded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from utils.engine.identity.symbol_properties import SymbolProperties

_FIVE_CENTS: Final = Decimal("0.05")
_TEN_CENTS: Final = Decimal("0.1")
_CENT: Final = Decimal("0.01")
_THREE: Final = Decimal(3)


class OptionSymbolProperties(SymbolProperties):
    """An option's own properties.

    Attributes:
        contract_unit_of_trade: units of the underlying that one contract delivers.
    """

    contract_unit_of_trade: int

    def __init__(self, properties: SymbolProperties) -> None:
        super().__init__(
            properties.description,
            properties.quote_currency,
            properties.exact_contract_multiplier,
            properties.exact_minimum_price_variation,
            properties.exact_lot_size,
            properties.market_ticker,
            properties.exact_minimum_order_size,
            properties.exact_price_magnifier,
            properties.exact_strike_multiplier,
        )
        self.contract_unit_of_trade = int(properties.exact_contract_multiplier)


def index_option_tick(symbol: Any, price: Decimal | None) -> Decimal:
    """Tick of an index option at a price: a dime from three dollars on, below it a nickel; less of VIX."""
    ticker = None if symbol is None else symbol.id.symbol
    if ticker is None or price is None:
        return _FIVE_CENTS
    if ticker == "VIXW":
        return _CENT
    below, above = (_CENT, _FIVE_CENTS) if ticker == "VIX" else (_FIVE_CENTS, _TEN_CENTS)
    return above if price >= _THREE else below
