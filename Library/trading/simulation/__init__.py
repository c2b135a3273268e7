"""Bars and events in; exact trades and metrics out."""

from trading.simulation.instrument import Account, Capital, Fees, Instrument, SecurityType
from trading.simulation.records import RESULT_DTYPE, TRADE_DTYPE, ExitReason, Status
from trading.simulation.simulate import Simulation, simulate

__all__ = [
    "RESULT_DTYPE",
    "TRADE_DTYPE",
    "Account",
    "Capital",
    "ExitReason",
    "Fees",
    "Instrument",
    "SecurityType",
    "Simulation",
    "Status",
    "simulate",
]
