"""What is traded, on what terms, and with how much money."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from trading.security_type import SecurityType

__all__ = ["Account", "Capital", "Fees", "Instrument", "SecurityType"]


class Account(StrEnum):
    """A cash account holds no short position; a margin account may, up to its leverage."""

    CASH = "cash"
    MARGIN = "margin"


class Fees(BaseModel):
    """Fee of one order: `rate` x notional + `per_unit` x quantity, not under `minimum`, not over
    `maximum_rate` x notional (0 = no limit). All zero: free.

    Crypto: `rate`. Interactive Brokers' US equities: per_unit 0.005, minimum 1, maximum_rate 0.005.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    rate: float = Field(default=0.0, ge=0, lt=1, description="fraction of notional")
    per_unit: float = Field(default=0.0, ge=0, description="money per unit (share, coin)")
    minimum: float = Field(default=0.0, ge=0, description="least fee of an order, money")
    maximum_rate: float = Field(
        default=0.0, ge=0, lt=1, description="greatest fee, fraction of notional, 0 = none"
    )

    def of_order(self, quantity: float, price: float) -> float:
        """Fee of an order, money; an order of nothing is free. The arithmetic of `terms.order_fee`."""
        if quantity == 0.0:
            return 0.0
        notional = quantity * price
        fee = max(self.rate * notional + self.per_unit * quantity, self.minimum)
        return min(fee, self.maximum_rate * notional) if self.maximum_rate > 0.0 else fee


class Instrument(BaseModel):
    """One security and the terms it trades on.

    `slippage` is a fraction of the bar's close, as in LEAN's ConstantSlippageModel.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    security_type: SecurityType
    lot_size: float = Field(default=1.0, gt=0, description="quantities are whole multiples of it")
    tick_size: float = Field(default=0.01, gt=0, description="stop and limit prices are rounded to it")
    account: Account = Account.MARGIN
    leverage: float = Field(default=1.0, ge=1)
    fees: Fees = Fees()
    slippage: float = Field(default=0.0, ge=0, lt=0.5)

    @property
    def gap_fills(self) -> bool:
        """Whether stops and limits fill by LEAN's EquityFillModel (open on a gap) or ImmediateFillModel."""
        return self.security_type in (SecurityType.EQUITY, SecurityType.INDEX)

    @property
    def can_short(self) -> bool:
        """Whether a short position may be opened."""
        return self.account is Account.MARGIN

    @property
    def days_per_year(self) -> int:
        """Days in a year of daily returns: 365 where the market never closes, else 252."""
        return 365 if self.security_type is SecurityType.CRYPTO else 252


class Capital(BaseModel):
    """Money at the start and the share of equity that an entry invests."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    initial_equity: float = Field(default=100_000.0, gt=0)
    allocation: float = Field(default=0.95, gt=0, description="notional of an entry, fraction of equity")

    def check_against(self, instrument: Instrument) -> None:
        """Raise ValueError when the allocation needs more than the instrument's leverage."""
        if self.allocation > instrument.leverage:
            raise ValueError(
                f"allocation: {self.allocation} of equity needs a leverage of {self.allocation}, "
                f"the instrument has {instrument.leverage}"
            )
