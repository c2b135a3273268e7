"""`self.settings`."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of, optional_float_of
from utils.engine.enums import Resolution


class AlgorithmSettings(DotNet):
    """What an algorithm may set about the engine."""

    liquidate_enabled: bool
    data_subscription_limit: int
    stale_price_time_span: timedelta
    warmup_resolution: Resolution | None
    warm_up_resolution: Resolution | None
    rebalance_portfolio_on_security_changes: bool | None
    rebalance_portfolio_on_insight_changes: bool | None
    trading_days_per_year: int | None
    daily_precise_end_time: bool
    daily_consolidation_use_extended_market_hours: bool
    seed_initial_prices: bool
    automatic_indicator_warm_up: bool
    max_absolute_portfolio_target_percentage = float_of("exact_max_absolute_portfolio_target_percentage")
    min_absolute_portfolio_target_percentage = float_of("exact_min_absolute_portfolio_target_percentage")
    minimum_order_margin_portfolio_percentage = float_of("exact_minimum_order_margin_portfolio_percentage")
    free_portfolio_value_percentage = float_of("exact_free_portfolio_value_percentage")
    free_portfolio_value = optional_float_of("exact_free_portfolio_value")
    performance_sample_period: timedelta | None
    ignore_unknown_asset_holdings: bool

    def __init__(self) -> None:
        self.liquidate_enabled = True
        self.data_subscription_limit = 2**31 - 1
        self.stale_price_time_span = timedelta(hours=1)
        self.warmup_resolution = self.warm_up_resolution = None
        self.rebalance_portfolio_on_security_changes = None
        self.rebalance_portfolio_on_insight_changes = None
        self.trading_days_per_year = None
        self.daily_precise_end_time = True
        self.daily_consolidation_use_extended_market_hours = False
        self.seed_initial_prices = False
        self.automatic_indicator_warm_up = False
        self.exact_max_absolute_portfolio_target_percentage = Decimal(1_000_000_000)
        self.exact_min_absolute_portfolio_target_percentage = Decimal("0.0000000001")
        self.exact_minimum_order_margin_portfolio_percentage = Decimal("0.001")
        self.exact_free_portfolio_value_percentage = Decimal("0.0025")
        self.exact_free_portfolio_value: Decimal | None = None
        self.performance_sample_period = None
        self.ignore_unknown_asset_holdings = False


class UniverseSettings(DotNet):
    """How securities are added when the call does not say."""

    resolution: Resolution
    leverage: float
    fill_forward: bool
    extended_market_hours: bool
    data_normalization_mode: Any
    data_mapping_mode: Any
    contract_depth_offset: int
    minimum_time_in_universe: timedelta
    asynchronous: bool

    def __init__(self) -> None:
        from utils.engine.enums import DataMappingMode, DataNormalizationMode

        self.resolution = Resolution.MINUTE
        self.leverage = 0.0
        self.fill_forward = True
        self.extended_market_hours = False
        self.data_normalization_mode = DataNormalizationMode.ADJUSTED
        self.data_mapping_mode = DataMappingMode.OPEN_INTEREST
        self.contract_depth_offset = 0
        self.minimum_time_in_universe = timedelta(days=1)
        self.asynchronous = False
