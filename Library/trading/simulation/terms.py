"""The money side of a simulation, as the kernels take it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trading.compiled import kernel
from trading.simulation.instrument import Capital, Instrument


class Terms(NamedTuple):
    """Units and meaning as in `Instrument`, `Fees` and `Capital`."""

    initial_equity: float
    allocation: float
    lot_size: float
    fee_rate: float
    fee_per_unit: float
    fee_minimum: float
    fee_maximum_rate: float
    days_per_year: float


def terms(instrument: Instrument, capital: Capital) -> Terms:
    """The terms of trading `instrument` with `capital`.

    Raises:
        ValueError: the allocation needs more leverage than the instrument has.
    """
    capital.check_against(instrument)
    fees = instrument.fees
    return Terms(
        capital.initial_equity,
        capital.allocation,
        instrument.lot_size,
        fees.rate,
        fees.per_unit,
        fees.minimum,
        fees.maximum_rate,
        float(instrument.days_per_year),
    )


@kernel
def order_fee(terms: Terms, quantity: float, price: float) -> float:
    """Fee of one order, money; an order of nothing is free."""
    if quantity == 0.0:
        return 0.0
    notional = quantity * price
    fee = max(terms.fee_rate * notional + terms.fee_per_unit * quantity, terms.fee_minimum)
    if terms.fee_maximum_rate > 0.0:
        fee = min(fee, terms.fee_maximum_rate * notional)
    return fee


@kernel
def order_quantity(terms: Terms, equity: float, price: float) -> float:
    """Units that `allocation` of `equity` buys at `price`, truncated to the lot; 0 when that is none."""
    lots: float = np.floor((terms.allocation * equity) / (price * terms.lot_size))
    return max(lots, 0.0) * terms.lot_size
