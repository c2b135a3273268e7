"""LEAN's names for what several kinds of data have in common."""

from __future__ import annotations

from abc import ABCMeta
from typing import Any, Final

from utils.engine.data.bar import Bar
from utils.engine.data.base_data import BaseData
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.data.trade_bar import TradeBar


class IBar(metaclass=ABCMeta):  # noqa: B024 - classes are registered
    """Anything with open, high, low and close."""


class IBaseDataBar(IBar):
    """Data points with open, high, low and close."""


IBar.register(Bar)
IBaseDataBar.register(TradeBar)
IBaseDataBar.register(QuoteBar)

EXPORTS: Final[dict[str, Any]] = {"IBar": IBar, "IBaseData": BaseData, "IBaseDataBar": IBaseDataBar}
