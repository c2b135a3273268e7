"""A brokerage that takes some orders only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from utils.engine.enums import AccountType, OrderType, SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.brokerage import order_rules as rules
from utils.engine.models.brokerage.default_brokerage_model import DEFAULT_MARKETS, DefaultBrokerageModel
from utils.engine.models.brokerage.order_rules import Refusal
from utils.engine.models.fees.fee_model import FeeModel
from utils.engine.orders.time_in_force import TimeInForce

Markets = Mapping[SecurityType, str]
OrderKinds = tuple[OrderType, ...] | Mapping[SecurityType, tuple[OrderType, ...]]
TimesInForce = tuple[type[TimeInForce], ...]


class SelectiveBrokerageModel(DefaultBrokerageModel):
    """Base of models whose terms are a table; a brokerage overrides what its class attributes do not say.

    Class attributes:
        _securities: kinds of securities it trades.
        _orders: kinds of orders it takes, of all securities or by kind.
        _times_in_force: how long orders may rest; empty for any.
        _fees: makes the fee model; None for LEAN's default.
        _markets: markets other than LEAN's default ones.
        _benchmark: ticker, kind and market; None for SPY.
        _takes_updates: whether open orders can be changed.
    """

    _securities: ClassVar[tuple[SecurityType, ...]]
    _orders: ClassVar[OrderKinds]
    _times_in_force: ClassVar[TimesInForce] = ()
    _fees: ClassVar[type[FeeModel] | None] = None
    _markets: ClassVar[Markets] = {}
    _benchmark: ClassVar[tuple[str, SecurityType, str] | None] = None
    _takes_updates: ClassVar[bool] = True

    @property
    def default_markets(self) -> Mapping[SecurityType, str]:
        """Market of each kind of security."""
        return {**DEFAULT_MARKETS, **self._markets}

    def get_benchmark(self, securities: Any) -> Any:
        """Symbol of the benchmark, or a function of time."""
        if self._benchmark is None:
            return super().get_benchmark(securities)
        return Symbol.create(*self._benchmark)

    def get_fee_model(self, security: Any) -> Any:
        """What orders cost."""
        return super().get_fee_model(security) if self._fees is None else self._fees()

    def can_submit_order(self, security: Any, order: Any, message: Any = None) -> Any:
        """Whether the brokerage takes an order, and why not."""
        return rules.verdict(self._refusals(security, order))

    def can_update_order(self, security: Any, order: Any, request: Any, message: Any = None) -> Any:
        """Whether the brokerage takes a change, and why not."""
        return rules.verdict(self._refusals_of_update(security, order, request))

    def _refusals(self, security: Any, order: Any) -> Iterator[Refusal]:
        """What speaks against an order, rule by rule in LEAN's order."""
        yield rules.security_kind(self, security, self._securities)
        yield self._order_kind(security, order)
        if self._times_in_force:
            yield rules.time_in_force(self, order, self._times_in_force)

    def _order_kind(self, security: Any, order: Any) -> Refusal:
        kinds = self._orders if isinstance(self._orders, tuple) else self._orders[security.type]
        return rules.order_kind(self, order, kinds)

    def _refusals_of_update(self, security: Any, order: Any, request: Any) -> Iterator[Refusal]:
        """What speaks against a change."""
        if not self._takes_updates:
            yield rules.refusal(rules.NO_UPDATES, 0)

    def _is_unlevered(self, security: Any) -> bool:
        """Whether a security has no leverage whatever its kind: cash accounts, data nobody asked for."""
        internal = all(config.is_internal_feed for config in security.subscriptions)
        return self.account_type == AccountType.CASH or internal or security.type == SecurityType.BASE


def no_benchmark(_time: Any) -> float:
    """A benchmark that never moves."""
    return 0.0
