"""A contract of a chain, as of one moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from utils.engine.data.option_universe import OptionUniverse
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OptionRight, OptionStyle, TickType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.option_price.greeks import Greeks
from utils.engine.models.option_price.option_price_model_result import OptionPriceModelResult

if TYPE_CHECKING:
    from utils.engine.feed.source import StretchView

Evaluate = Callable[["OptionContract"], OptionPriceModelResult]


class Shown(NamedTuple):
    """A visible row of a subscription."""

    view: StretchView
    row: int


class OptionContract(DotNet):
    """Prices of a contract out of its latest bars, or out of the listing of a date.

    Attributes:
        symbol: the contract's.
    """

    symbol: Symbol

    def __init__(
        self,
        symbol: Any,
        symbol_properties: Any = None,
        time: datetime | None = None,
        underlying: Any = None,
        evaluate: Evaluate | None = None,
        listed: OptionUniverse | None = None,
    ) -> None:
        """`evaluate` asks the price model; `listed` is the contract's line in a listing."""
        if not isinstance(symbol, Symbol):  # a security
            symbol, symbol_properties = symbol.symbol, symbol.symbol_properties
        self.symbol = symbol
        self._properties = symbol_properties
        self._time = time
        self._underlying, self._evaluate, self._listed = underlying, evaluate, listed
        self._shown: dict[TickType, Shown] = {}
        self._result: OptionPriceModelResult | None = None

    def show(self, kind: TickType, shown: Shown) -> None:
        """Let a row of the contract's trades, quotes or open interest be seen."""
        self._shown[kind] = shown

    def bar(self, kind: TickType) -> Any:
        """The bar of trades or of quotes that came; None when none did."""
        shown = self._shown.get(kind)
        return None if shown is None else shown.view.bar_of(shown.row)

    def _figure(self, kind: TickType, field: str) -> float:
        """A field of the row that came; zero without one, and without a quote on that side."""
        shown = self._shown.get(kind)
        if shown is None:
            return 0.0
        value = float(getattr(shown.view.columns, field)[shown.row])
        return value if value == value else 0.0  # noqa: PLR0124 - NaN: no quote on that side

    @property
    def time(self) -> datetime:
        """Of the data, in the exchange's zone."""
        if self._time is None:
            shown = next(iter(self._shown.values()), None)
            self._time = datetime.min if shown is None else shown.view.bar_of(shown.row).end_time
        return self._time

    # Terms

    @property
    def id(self) -> Any:
        """Identifier of the symbol."""
        return self.symbol.id

    @property
    def ID(self) -> Any:  # noqa: N802 - LEAN's name
        """Identifier of the symbol."""
        return self.symbol.id

    @property
    def underlying_symbol(self) -> Any:
        """Symbol of the underlying."""
        return self.symbol.underlying

    @property
    def strike(self) -> float:
        """Strike as the contract has it."""
        return self.symbol.id.strike_price

    @property
    def scaled_strike(self) -> float:
        """Strike in the units of the underlying's price."""
        return self.strike * float(self._properties.strike_multiplier)

    @property
    def expiry(self) -> datetime:
        """Date of the expiry."""
        return self.symbol.id.date

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        return self.symbol.id.option_right

    @property
    def style(self) -> OptionStyle:
        """American or European."""
        return self.symbol.id.option_style

    # Market

    @property
    def last_price(self) -> float:
        """Close of the trades."""
        if self._listed is not None:
            return self._listed.close
        return self._figure(TickType.TRADE, "close")

    @property
    def price(self) -> float:
        """Close of the trades."""
        return self.last_price

    @property
    def value(self) -> float:
        """Close of the trades."""
        return self.last_price

    @property
    def close(self) -> float:
        """Close of the trades."""
        return self.last_price

    @property
    def volume(self) -> int:
        """Contracts traded."""
        if self._listed is not None:
            return int(self._listed.volume)
        return int(self._figure(TickType.TRADE, "volume"))

    def _side(self, name: str) -> float:
        if self._listed is not None:
            return self._listed.close
        return self._figure(TickType.QUOTE, f"{name}_close")

    @property
    def bid_price(self) -> float:
        """Close of the bid."""
        return self._side("bid")

    @property
    def ask_price(self) -> float:
        """Close of the ask."""
        return self._side("ask")

    @property
    def bid_size(self) -> int:
        """Contracts bid for."""
        return int(self._figure(TickType.QUOTE, "bid_size"))

    @property
    def ask_size(self) -> int:
        """Contracts asked for."""
        return int(self._figure(TickType.QUOTE, "ask_size"))

    @property
    def open_interest(self) -> float:
        """Contracts open."""
        if self._listed is not None:
            return self._listed.open_interest
        return self._figure(TickType.OPEN_INTEREST, "close")

    @property
    def underlying_last_price(self) -> float:
        """Price of the underlying."""
        underlying = self._underlying if self._listed is None else self._listed.underlying
        return 0.0 if underlying is None else float(underlying.value)

    # Model

    def _model(self) -> OptionPriceModelResult:
        if self._result is None:
            self._result = OptionPriceModelResult.NONE if self._evaluate is None else self._evaluate(self)
        return self._result

    @property
    def theoretical_price(self) -> float:
        """Price of the model."""
        return 0.0 if self._listed is not None else self._model().theoretical_price

    @property
    def implied_volatility(self) -> float:
        """Implied volatility a year: of the model, or of the listing."""
        return self._model().implied_volatility if self._listed is None else self._listed.implied_volatility

    @property
    def greeks(self) -> Greeks:
        """Sensitivities of the price: of the model, or of the listing."""
        return self._model().greeks if self._listed is None else self._listed.greeks

    def __eq__(self, other: object) -> bool:
        """Equal to its symbol too, as which it may be used."""
        return self is other or (isinstance(other, Symbol) and self.symbol == other)

    def __hash__(self) -> int:
        return hash(self.symbol)

    def __str__(self) -> str:
        return self.symbol.value
