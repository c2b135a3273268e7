"""A closed trade."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.enums import LeanEnum, spell
from utils.engine.dotnet.money import ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of


class TradeDirection(LeanEnum):
    """Side of a trade."""

    LONG = 0
    SHORT = 1


class FillGroupingMethod(LeanEnum):
    """Which fills make one trade."""

    FILL_TO_FILL = 0
    FLAT_TO_FLAT = 1
    FLAT_TO_REDUCED = 2


class FillMatchingMethod(LeanEnum):
    """Whether an exit closes the oldest or the newest entry."""

    FIFO = 0
    LIFO = 1


spell(FillMatchingMethod, FIFO="FIFO", LIFO="LIFO")


class Trade(DotNet):
    """An entry and its exit. Money is in the account's currency, prices in the security's, times UTC.

    `mae` and `mfe` are the largest unrealized loss and profit, `end_trade_drawdown` the most given back.
    """

    id: str
    symbols: list[Any]
    entry_time: datetime
    direction: TradeDirection
    exit_time: datetime
    is_win: bool
    order_ids: list[int]

    entry_price = float_of("exact_entry_price")
    exit_price = float_of("exact_exit_price")
    quantity = float_of("exact_quantity")
    profit_loss = float_of("exact_profit_loss")
    total_fees = float_of("exact_total_fees")
    mae = MAE = float_of("exact_mae")
    mfe = MFE = float_of("exact_mfe")
    end_trade_drawdown = float_of("exact_end_trade_drawdown")

    def __init__(
        self,
        symbol: Any,
        entry_time: datetime,
        entry_price: Decimal,
        direction: TradeDirection,
        quantity: Decimal,
        total_fees: Decimal,
        order_ids: list[int],
    ) -> None:
        self.id = ""
        self.symbols = [symbol]
        self.entry_time, self.exact_entry_price = entry_time, entry_price
        self.direction, self.exact_quantity = direction, quantity
        self.exit_time, self.exact_exit_price = datetime.min, ZERO
        self.exact_profit_loss, self.exact_total_fees = ZERO, total_fees
        self.exact_mae = self.exact_mfe = self.exact_end_trade_drawdown = ZERO
        self.is_win = False
        self.order_ids = order_ids

    @property
    def symbol(self) -> Any:
        """The security traded, the first of several."""
        return self.symbols[0]

    @property
    def duration(self) -> timedelta:
        """Time from entry to exit."""
        return self.exit_time - self.entry_time
