"""Begins a volatility model with history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import DataNormalizationMode, Resolution
from utils.engine.feed.history import HistoryRequest
from utils.engine.models.volatility.base_volatility_model import BaseVolatilityModel
from utils.engine.models.volatility.null_volatility_model import VolatilityModel


def warm_up(model: Any, algorithm: Any, security: Any, mode: DataNormalizationMode | None = None) -> None:
    """Let a model begin anew with the history it asks for.

    Args:
        mode: of the security's prices; raw ones are scaled to the present.
    """
    _know_subscriptions(model, algorithm)
    _feed(model, algorithm, security, model.get_history_requirements(security, algorithm.utc_time), mode)


def _know_subscriptions(model: Any, algorithm: Any) -> None:
    if isinstance(model, BaseVolatilityModel):
        service = algorithm.subscription_manager.subscription_data_config_service
        model.set_subscription_data_config_provider(service)


def _feed(
    model: Any,
    algorithm: Any,
    security: Any,
    requests: Iterable[HistoryRequest] | None,
    mode: DataNormalizationMode | None,
) -> None:
    for request in requests or ():
        config = request.config
        if mode == DataNormalizationMode.RAW:
            config = config.copy(data_normalization_mode=DataNormalizationMode.SCALED_RAW)
        scaled = HistoryRequest(config, request.start, request.end)
        for bar in algorithm.history.bars_of(scaled):
            model.update(security, bar)


class VolatilityModelExtensions(DotNet):
    """What an algorithm may do to a model of its own."""

    @staticmethod
    def warm_up(
        volatility_model: BaseVolatilityModel,
        algorithm: Any,
        security: Any,
        resolution: Resolution | None,
        bar_count: int,
        data_normalization_mode: DataNormalizationMode | None = None,
    ) -> None:
        """Feed a model the latest bars of a resolution."""
        if volatility_model is VolatilityModel.NULL:
            return
        _know_subscriptions(volatility_model, algorithm)
        requests = volatility_model.get_history_requirements(
            security, algorithm.utc_time, resolution, bar_count
        )
        _feed(volatility_model, algorithm, security, requests, data_normalization_mode)
