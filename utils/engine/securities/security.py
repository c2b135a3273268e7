"""A security: its data, its exchange, its holding, and the models it trades by."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from utils.engine.clock import Clock
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.enums import DataNormalizationMode, Resolution, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.securities.cache import SecurityCache
from utils.engine.securities.cash import Cash
from utils.engine.securities.holding import SecurityHolding
from utils.engine.securities.portfolio_model import SecurityPortfolioModel
from utils.engine.securities.price_variation import SecurityPriceVariationModel

_WITHOUT_LEVERAGE = (
    SecurityType.OPTION,
    SecurityType.INDEX_OPTION,
    SecurityType.FUTURE,
    SecurityType.FUTURE_OPTION,
)


class TypedProperty:
    """`security.get("name")` and `security.get[Type]("name")`."""

    def __init__(self, properties: dict[str, Any]) -> None:
        self._properties = properties

    def __call__(self, key: str) -> Any:
        """The property."""
        return self._properties[key]

    def __getitem__(self, _kind: Any) -> TypedProperty:
        return self


class Security(DotNet):
    """What an algorithm trades.

    Models are set by `set_..._model` or by attribute; a model may be LEAN's, the engine's own class, or any
    Python object with the model's methods.
    """

    symbol: Any
    symbol_properties: Any
    quote_currency: Cash
    exchange: Any
    cache: SecurityCache
    holdings: SecurityHolding
    subscriptions: list[Any]
    sources: list[Any]
    is_tradable: bool
    is_delisted: bool
    is_initialized: bool
    fee_model: Any
    fill_model: Any
    slippage_model: Any
    settlement_model: Any
    volatility_model: Any
    buying_power_model: Any
    margin_interest_rate_model: Any
    portfolio_model: SecurityPortfolioModel
    price_variation_model: SecurityPriceVariationModel
    shortable_provider: Any

    _fields: ClassVar[frozenset[str]]  # names of instance attributes

    open = read_only_float_of("exact_open")
    high = read_only_float_of("exact_high")
    low = read_only_float_of("exact_low")
    close = read_only_float_of("exact_close")
    volume = read_only_float_of("exact_volume")
    bid_price = read_only_float_of("exact_bid_price")
    ask_price = read_only_float_of("exact_ask_price")
    bid_size = read_only_float_of("exact_bid_size")
    ask_size = read_only_float_of("exact_ask_size")

    def __init__(
        self,
        symbol: Any,
        clock: Clock,
        exchange: Any,
        quote_currency: Cash,
        symbol_properties: Any,
        portfolio: Any,
    ) -> None:
        self.symbol = symbol
        self._clock, self._portfolio = clock, portfolio
        self.exchange = exchange
        self.quote_currency = quote_currency
        self.symbol_properties = symbol_properties
        self.cache = SecurityCache(symbol.security_type)
        self.holdings = SecurityHolding(self, portfolio)
        self.subscriptions = []
        self.sources = []  # of the run loop, as long as there is one
        self.is_tradable = True
        self.is_delisted = False
        self.is_initialized = False  # by the initializer; it runs again when it is added again
        self.fee_model = self.fill_model = self.slippage_model = self.settlement_model = None
        self.volatility_model = self.buying_power_model = self.margin_interest_rate_model = None
        self.shortable_provider = None
        self.portfolio_model = SecurityPortfolioModel()
        self.price_variation_model = SecurityPriceVariationModel()
        self._session: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._fields = cls._fields | frozenset(vars(cls).get("__annotations__", {}))

    @property
    def type(self) -> SecurityType:
        """Kind of the security."""
        kind: SecurityType = self.symbol.security_type
        return kind

    @property
    def margin_model(self) -> Any:
        """Another name of the buying power model."""
        return self.buying_power_model

    @margin_model.setter
    def margin_model(self, model: Any) -> None:
        self.buying_power_model = model

    # Time

    @property
    def local_time(self) -> datetime:
        """Now in the exchange's time zone."""
        return self._clock.local(self.exchange.hours.time_zone)

    @property
    def utc_time(self) -> datetime:
        """Now in UTC."""
        return self._clock.utc

    # Prices

    @property
    def exact_price(self) -> Decimal:
        """Latest price."""
        return self.cache.exact_price

    @property
    def price(self) -> float:
        """Latest price."""
        return self.cache.float_price()

    @property
    def exact_open(self) -> Decimal:
        """Open of the latest bar."""
        return self.cache.exact_open or self.cache.exact_price

    @property
    def exact_high(self) -> Decimal:
        """High of the latest bar."""
        return self.cache.exact_high or self.cache.exact_price

    @property
    def exact_low(self) -> Decimal:
        """Low of the latest bar."""
        return self.cache.exact_low or self.cache.exact_price

    @property
    def exact_close(self) -> Decimal:
        """Close of the latest bar."""
        return self.cache.exact_close or self.cache.exact_price

    @property
    def exact_volume(self) -> Decimal:
        """Volume of the latest bar that had any."""
        return self.cache.exact_volume

    @property
    def exact_bid_price(self) -> Decimal:
        """Latest bid, the price when there is none."""
        return self.cache.exact_bid_price or self.cache.exact_price

    @property
    def exact_ask_price(self) -> Decimal:
        """Latest ask, the price when there is none."""
        return self.cache.exact_ask_price or self.cache.exact_price

    @property
    def exact_bid_size(self) -> Decimal:
        """Size at the latest bid."""
        return self.cache.exact_bid_size

    @property
    def exact_ask_size(self) -> Decimal:
        """Size at the latest ask."""
        return self.cache.exact_ask_size

    def get_last_data(self) -> Any:
        """Latest bar that was not filled forward."""
        return self.cache.get_data()

    @property
    def has_data(self) -> bool:
        """Whether any data came."""
        return self.cache.has_data()

    # Subscriptions

    @property
    def resolution(self) -> Resolution:
        """Shortest bars subscribed to."""
        return min((config.resolution for config in self.subscriptions), default=Resolution.DAILY)

    @property
    def data_normalization_mode(self) -> DataNormalizationMode:
        """What is done about splits and dividends."""
        if not self.subscriptions:
            return DataNormalizationMode.ADJUSTED
        mode: DataNormalizationMode = self.subscriptions[0].data_normalization_mode
        return mode

    @property
    def is_fill_data_forward(self) -> bool:
        """Whether gaps are filled."""
        return any(config.fill_data_forward for config in self.subscriptions)

    @property
    def is_extended_market_hours(self) -> bool:
        """Whether data outside of regular hours comes."""
        return any(config.extended_market_hours for config in self.subscriptions)

    def set_data_normalization_mode(self, mode: DataNormalizationMode) -> None:
        """Choose what is done about splits and dividends."""
        for config in self.subscriptions:
            config.data_normalization_mode = mode
        self.refresh_price_variation()

    def refresh_price_variation(self) -> None:
        """Prices have the tick of the symbol properties."""

    def set_market_price(self, data: Any) -> None:
        """Set the prices from a bar, until the next data comes."""
        self.cache.take_point(data)

    @property
    def session(self) -> Any:
        """Bars of the present session and the ones before."""
        if self._session is None:
            self._session = self._portfolio.sessions(self)
        return self._session

    def forget_session(self) -> None:
        """Begin the session anew, as when the security is no longer followed."""
        if self._session is not None:
            self._session.reset()

    # Positions

    @property
    def invested(self) -> bool:
        """Whether a position is held."""
        return self.holdings.invested

    @property
    def hold_stock(self) -> bool:
        """Whether a position is held."""
        return self.holdings.invested

    @property
    def leverage(self) -> float:
        """Leverage the buying power model allows."""
        return float(self.buying_power_model.get_leverage(self))

    def set_leverage(self, leverage: float | Decimal) -> None:
        """Set the leverage of the buying power model; of options and futures it stays."""
        if self.type not in _WITHOUT_LEVERAGE:
            self.buying_power_model.set_leverage(self, leverage)

    def minimum_price_variation(self, reference: Decimal) -> Decimal:
        """Tick at a price; zero for none."""
        return self.price_variation_model.minimum_price_variation(self, reference)

    def set_local_time_keeper(self, _keeper: Any) -> None:
        """Time comes from the run's clock."""

    # Models

    def set_fee_model(self, model: Any) -> None:
        """What an order costs."""
        self.fee_model = model

    def set_fill_model(self, model: Any) -> None:
        """How orders are filled."""
        self.fill_model = model

    def set_slippage_model(self, model: Any) -> None:
        """How far a market order moves the price."""
        self.slippage_model = model

    def set_settlement_model(self, model: Any) -> None:
        """When the money of a sale is there."""
        self.settlement_model = model

    def set_volatility_model(self, model: Any) -> None:
        """How volatility is estimated."""
        self.volatility_model = model

    def set_buying_power_model(self, model: Any) -> None:
        """What a position ties up."""
        self.buying_power_model = model

    def set_margin_model(self, model: Any) -> None:
        """What a position ties up."""
        self.buying_power_model = model

    def set_margin_interest_rate_model(self, model: Any) -> None:
        """What borrowed money costs."""
        self.margin_interest_rate_model = model

    def set_shortable_provider(self, provider: Any) -> None:
        """How much can be sold short."""
        self.shortable_provider = provider

    def set_data_filter(self, _data_filter: Any) -> None:
        """Filters of data are not supported: bars are laid out before an algorithm may see them."""
        raise NotSupportedByEngine("Security.set_data_filter")

    # Properties of the user's own

    @property
    def get(self) -> TypedProperty:
        """A property of the user's by name, with or without its type."""
        return TypedProperty(self.cache.properties)

    def set(self, key: str, value: Any) -> None:
        """Keep a property of the user's."""
        self.cache.properties[key] = value

    def add(self, key: str, value: Any) -> None:
        """Keep a property of the user's."""
        self.cache.properties[key] = value

    def remove(self, key: str) -> bool:
        """Drop a property of the user's."""
        return self.cache.properties.pop(key, None) is not None

    def clear(self) -> None:
        """Drop all properties of the user's."""
        self.cache.properties.clear()

    def __getitem__(self, key: str) -> Any:
        return self.cache.properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.cache.properties[key] = value

    def __setattr__(self, name: str, value: Any) -> None:
        # What is no member of ours is a property of the user's, to be had by attribute, index and `get`.
        if name.startswith("_") or hasattr(type(self), name) or name in self._fields:
            object.__setattr__(self, name, value)
        else:
            self.cache.properties[name] = value

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            properties = self.__dict__.get("cache")
            if properties is not None and name in properties.properties:
                return properties.properties[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __str__(self) -> str:
        return str(self.symbol)


Security._fields = frozenset(Security.__annotations__)
