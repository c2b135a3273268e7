"""Securities' volatility in a run: measured at every bar, begun anew when raw prices jump."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from utils.engine.enums import DataNormalizationMode, SecurityType
from utils.engine.feed.source import Source
from utils.engine.models.volatility.null_volatility_model import VolatilityModel
from utils.engine.models.volatility.volatility_model_extensions import warm_up
from utils.engine.securities.security import Security


def is_measured(securities: Iterable[Security]) -> bool:
    """Whether any security has a volatility model."""
    return any(security.volatility_model is not VolatilityModel.NULL for security in securities)


def update(sources: Iterable[Source], security_of: Callable[[Source], Security | None]) -> None:
    """Give what came to the securities' volatility models."""
    for source in sources:
        security = security_of(source)
        if security is not None and security.volatility_model is not VolatilityModel.NULL:
            bar = source.bar()
            if bar.value:
                security.volatility_model.update(security, bar)


def begin_anew(algorithm: Any, security: Security) -> None:
    """After a split or a dividend of a share with raw prices: history in prices of today."""
    mode = security.data_normalization_mode
    if security.type == SecurityType.EQUITY and mode == DataNormalizationMode.RAW:
        warm_up(security.volatility_model, algorithm, security, mode)
