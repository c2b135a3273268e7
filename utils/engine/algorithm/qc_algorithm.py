"""`QCAlgorithm`: all parts together."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.algorithm.callbacks import Callbacks
from utils.engine.algorithm.custom_subscribing import CustomSubscribing
from utils.engine.algorithm.dates import Dates
from utils.engine.algorithm.environment import present
from utils.engine.algorithm.identifiers import Identifiers
from utils.engine.algorithm.messages import Messages
from utils.engine.algorithm.object_store import ObjectStore
from utils.engine.algorithm.option_chain_access import OptionChainAccess
from utils.engine.algorithm.option_indicating import OptionIndicating
from utils.engine.algorithm.plotting import Plotting
from utils.engine.algorithm.position_sizing import PositionSizing
from utils.engine.algorithm.scheduling import Scheduling
from utils.engine.algorithm.settings import AlgorithmSettings, UniverseSettings
from utils.engine.algorithm.user_universes import UserUniverses
from utils.engine.dotnet.money import exact
from utils.engine.dotnet.surface import exact_answer
from utils.engine.enums import (
    AccountType,
    AlgorithmMode,
    BrokerageName,
    DeploymentTarget,
    SecurityType,
)
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.symbol import Symbol
from utils.engine.models.benchmark.security_benchmark import as_benchmark
from utils.engine.models.brokerage.brokerage_model_security_initializer import (
    BrokerageModelSecurityInitializer,
)
from utils.engine.models.brokerage.composite_security_initializer import CompositeSecurityInitializer
from utils.engine.models.brokerage.default_brokerage_model import DefaultBrokerageModel
from utils.engine.models.margin_call.default_margin_call_model import DefaultMarginCallModel
from utils.engine.positions.security_position_group_model import SecurityPositionGroupModel
from utils.engine.schedule.schedule_manager import ScheduleManager
from utils.engine.securities.as_symbol import as_symbol
from utils.engine.securities.portfolio import SecurityPortfolioManager
from utils.engine.securities.security_manager import SecurityManager
from utils.engine.statistics.interest_rate import InterestRateProvider
from utils.engine.statistics.trade_builder import TradeBuilder
from utils.engine.subscriptions.security_service import SecurityService
from utils.engine.subscriptions.sessions import Sessions
from utils.engine.subscriptions.subscription_manager import SubscriptionManager
from utils.engine.transactions.transaction_manager import SecurityTransactionManager


class QCAlgorithm(
    Callbacks,
    CustomSubscribing,
    Dates,
    Identifiers,
    Messages,
    UserUniverses,
    OptionChainAccess,
    PositionSizing,
    OptionIndicating,
    Scheduling,
    Plotting,
    AlgorithmBase,
):
    """Base class of algorithms.

    Example:
        >>> class BuyAndHold(QCAlgorithm):
        ...     def initialize(self):
        ...         self.set_start_date(2013, 10, 7)
        ...         self.spy = self.add_equity("SPY").symbol
        ...     def on_data(self, slice):
        ...         if not self.portfolio.invested:
        ...             self.set_holdings(self.spy, 1)
    """

    trade_builder: TradeBuilder
    object_store: ObjectStore
    current_slice: Any
    benchmark: Any
    risk_free_interest_rate_model: Any
    algorithm_mode: AlgorithmMode
    deployment_target: DeploymentTarget
    tags: set[str]

    def __new__(cls, *_args: Any, **_kwargs: Any) -> QCAlgorithm:
        """Make the parts here: a user's `__init__` need not call ours."""
        algorithm = super().__new__(cls)
        algorithm._assemble()
        return algorithm

    def __init__(self) -> None:
        """Nothing more: the parts are made before."""

    def _assemble(self) -> None:
        environment = self._environment = present()
        data, self._clock = environment.data, environment.clock
        self._locked = False
        self.quit_reason = None
        self.current_slice = None
        self.settings, self.universe_settings = AlgorithmSettings(), UniverseSettings()
        self.securities = environment.securities = SecurityManager()
        self.portfolio = SecurityPortfolioManager(self.securities, self._clock, self.settings)
        self.sessions = Sessions()
        self.portfolio.sessions = self.sessions.make
        self.subscription_manager = SubscriptionManager(self._clock)
        self._init_dates()
        self._init_messages()
        self._init_subscribing()
        self._init_options()
        self._init_trading()
        self._init_indicating()
        self._init_plotting()
        self._init_history()
        self.transactions = SecurityTransactionManager(self, self._clock)
        self.portfolio.transactions = self.transactions
        self.portfolio.positions = SecurityPositionGroupModel(self.securities)
        self.portfolio.margin_call_model = DefaultMarginCallModel(
            self.portfolio, self.default_order_properties
        )
        self._service = SecurityService(
            self._clock, data.market_hours, data.symbol_properties, self.portfolio
        )
        self._initializer_was_set = False
        self.set_brokerage_model(DefaultBrokerageModel())
        self.trade_builder = TradeBuilder()
        self.object_store = ObjectStore(environment.object_store, self.debug)
        data.object_store, data.tell = self.object_store, self.error
        self.benchmark = None
        self.risk_free_interest_rate_model = InterestRateProvider(data.root)
        self.algorithm_mode = AlgorithmMode.BACKTESTING
        self.deployment_target = DeploymentTarget.LOCAL_PLATFORM
        self.tags = set()
        self.schedule = ScheduleManager(self._hours_of, lambda: self._zone, self._clock, self._all_hours)
        self.date_rules, self.time_rules = self.schedule.date_rules, self.schedule.time_rules
        self._statistics: Any = None
        self._custom_statistics: dict[str, str] = {}

    def _all_hours(self) -> list[Any]:
        return [security.exchange.hours for security in self.securities.active()]

    def _hours_of(self, symbol: Any) -> Any:
        symbol = as_symbol(symbol)
        security = self.securities.get(symbol)
        if security is not None:
            return security.exchange.hours
        hours = self._environment.data.market_hours
        return hours.get_exchange_hours(symbol.id.market, symbol, symbol.security_type)

    # Brokerage and models

    def set_brokerage_model(self, model: Any, account_type: AccountType = AccountType.MARGIN) -> None:
        """Trade on a brokerage's terms: one of LEAN's by name, or a model of the user's."""
        if isinstance(model, BrokerageName):
            from utils.engine.models.brokerage.factory import create_brokerage_model

            model = create_brokerage_model(self.transactions, model, account_type)
        self.brokerage_model = model
        if not self._initializer_was_set:
            self._set_brokerage_initializer(BrokerageModelSecurityInitializer(model))

    def _set_brokerage_initializer(self, initializer: BrokerageModelSecurityInitializer) -> None:
        """Let securities have the brokerage's models: new ones, and those that are there but for leverage."""
        present = self._service.initializer
        if isinstance(present, CompositeSecurityInitializer):
            self.debug(
                "Warning: SetBrokerageModel(): a custom security initializer has been added. "
                "Please call SetBrokerageModel() before calling AddSecurityInitializer()."
            )
            others = [i for i in present.initializers if not isinstance(i, BrokerageModelSecurityInitializer)]
            self._service.initializer = CompositeSecurityInitializer(initializer, *others)
        else:
            self._service.initializer = initializer
        for security in self.securities.active():
            leverage = exact_answer(security.buying_power_model.get_leverage, security)
            self._service.initialize(security)
            security.set_leverage(leverage)

    @property
    def brokerage_name(self) -> BrokerageName:
        """Name of the brokerage model."""
        from utils.engine.models.brokerage.factory import brokerage_name_of

        return brokerage_name_of(self.brokerage_model)

    def set_security_initializer(self, initializer: Any) -> None:
        """Set the models of securities added from now on by a function or an initializer."""
        self._only_in_initialize("set_security_initializer")
        if self._initializer_was_set:
            self.debug(
                "Warning: SetSecurityInitializer() has already been called, existing security initializers "
                "in all universes will be overwritten."
            )
        self._initializer_was_set = True
        self._service.initializer = initializer

    def add_security_initializer(self, initializer: Any) -> None:
        """Let another initializer run after those there are."""
        self._only_in_initialize("add_security_initializer")
        present = self._service.initializer
        if isinstance(present, CompositeSecurityInitializer):
            present.add_security_initializer(initializer)
        else:
            self._service.initializer = CompositeSecurityInitializer(present, initializer)

    @property
    def security_initializer(self) -> Any:
        """What sets the models of new securities."""
        return self._service.initializer

    def set_risk_free_interest_rate_model(self, model: Any) -> None:
        """Choose the risk-free rate."""
        self.risk_free_interest_rate_model = model

    def set_trade_builder(self, trade_builder: TradeBuilder) -> None:
        """Choose how fills are grouped to trades."""
        self.trade_builder = trade_builder

    def set_benchmark(self, *terms: Any) -> None:
        """Compare with a symbol, a ticker, `(security_type, ticker)`, or a function of time."""
        self._only_in_initialize("set_benchmark")
        chosen = terms[0]
        if len(terms) == 2:
            kind, ticker = terms
            chosen = Symbol.create(ticker, kind, self._market_of(kind, ticker, None))
        elif isinstance(chosen, str):
            chosen = as_symbol(chosen) or Symbol.create(chosen, SecurityType.EQUITY, "usa")
        self.benchmark = as_benchmark(chosen)

    # Shorting

    def shortable(self, symbol: Any, short_quantity: Any = 0, update_order_id: int | None = None) -> bool:
        """Whether a quantity, of either sign, can be sold short on top of what is held and waits.

        Args:
            update_order_id: an open order that is not counted, since it is about to change.
        """
        security = self.securities[symbol]
        available = security.shortable_provider.shortable_quantity(security.symbol, security.local_time)
        if available is None:
            return True
        waiting = self.transactions.exact_open_orders_remaining_quantity(
            lambda ticket: ticket.symbol == security.symbol and ticket.order_id != update_order_id
        )
        position = security.holdings.exact_quantity + waiting
        # Asked first, so that nothing more is shortable at the limit, not even nothing.
        if position <= -exact(available):
            return False
        return bool(position - abs(exact(short_quantity)) >= -exact(available))

    def shortable_quantity(self, symbol: Any) -> int:
        """Shares the provider lends; zero also for any number, as in LEAN."""
        security = self.securities[symbol]
        available = security.shortable_provider.shortable_quantity(security.symbol, security.local_time)
        return 0 if available is None else int(available)

    # Markets

    @property
    def market_hours_database(self) -> Any:
        """Trading hours of all markets."""
        return self._environment.data.market_hours

    @property
    def symbol_properties_database(self) -> Any:
        """Ticks, lots and quote currencies of all symbols."""
        return self._environment.data.symbol_properties

    def is_market_open(self, symbol: Any) -> bool:
        """Whether a symbol's exchange is open now."""
        security = self.securities.get(symbol)
        if security is not None:
            return bool(security.exchange.exchange_open)
        hours = self._hours_of(symbol)
        return bool(hours.is_open(self._clock.local(hours.time_zone), False))

    # Statistics

    @property
    def statistics(self) -> Any:
        """Statistics so far."""
        return self._statistics.statistics_results()

    def set_summary_statistic(self, name: str, value: Any) -> None:
        """Add a statistic of one's own to the summary."""
        text = str(value)
        self._custom_statistics[name] = text
        if self._statistics is not None:
            self._statistics.set_summary_statistic(name, text)

    def add_tag(self, tag: str) -> None:
        """Tag the run."""
        self.tags.add(tag)

    def set_tags(self, tags: Any) -> None:
        """Replace the run's tags."""
        self.tags = set(tags)

    def set_algorithm_id(self, algorithm_id: str) -> None:
        """Name the run's files."""
        self._environment.algorithm_id = algorithm_id

    def set_live_mode(self, live: bool) -> None:
        """Nothing runs live here."""
        if live:
            raise NotSupportedByEngine("set_live_mode")

    @property
    def signal_export(self) -> Any:
        """Portfolio targets for services outside; in a backtest nothing is sent."""
        from utils.engine.algorithm.signal_export import SignalExportManager

        if not hasattr(self, "_signal_export"):
            self._signal_export = SignalExportManager(self)
        return self._signal_export
