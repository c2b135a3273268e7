"""Fees of futures on coins."""

from __future__ import annotations

from typing import Any

from utils.engine.errors import NotSupportedByEngine
from utils.engine.models.fees.fee_model import FeeModel


class BinanceFuturesFeeModel(FeeModel):
    """Refused: the engine has no futures on coins."""

    def __init__(self, *_fees: Any, **_named: Any) -> None:
        raise NotSupportedByEngine("BinanceFuturesFeeModel")
