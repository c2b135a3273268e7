"""What a strategy is: parameters, a position-free event generator and its bar-by-bar twin.

Signals know nothing of positions: a strategy says what happens on the chart; one simulator, and one
adapter inside LEAN, turn that into trades. Every strategy gives its events in two forms that are equal bit
for bit: `signals` over whole indicator arrays, `Stepper.update` one bar at a time from the same kernels.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from trading.bars import Bar, Bars, Float64Array
from trading.indicators.spec import IndicatorSpec

EVENT_DTYPE = np.dtype(
    [
        ("bar", np.int64),
        ("side", np.int64),
        ("enter", np.bool_),
        ("stop", np.float64),
        ("target", np.float64),
        ("trail", np.float64),
    ]
)
"""Columns of an event array; the fields mean what `Event`'s do."""


class Event(NamedTuple):
    """Something that happened at the close of a bar.

    An event closes a position of the opposite side, always, and opens one of its own side when `enter`.

    Attributes:
        bar: index of the signal bar.
        side: +1 up, -1 down.
        enter: whether every entry filter passed.
        stop: stop price, 0 = none.
        target: limit price of the profit target, 0 = none.
        trail: distance of a trailing stop in price units, 0 = none.
    """

    bar: int
    side: int
    enter: bool
    stop: float
    target: float
    trail: float


class StrategyParams(BaseModel):
    """Base of every params model: frozen, unknown fields refused, NaN and infinity refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


P = TypeVar("P", bound=StrategyParams)


class Stepper(ABC):
    """The streaming form of one strategy with one set of parameters; feed it every bar, oldest first."""

    @abstractmethod
    def update(self, bar: Bar) -> Event | None:
        """Take in one bar; the event at its close, or None."""


class Strategy(ABC, Generic[P]):
    """A stateless strategy.

    Attributes:
        name: the registered name, used in sweep files and stores.
        params_model: the pydantic model of its parameters.
        ENTRY_FIELDS: parameters that move nothing but `Event.enter`.
        EXIT_FIELDS: parameters that move nothing but `stop`, `target` and `trail`.
            All other parameters may move which events there are. The sweep computes the fate of an event
            once for each setting of the other and the exit fields, and shares it among all entry fields.
    """

    name: ClassVar[str]
    params_model: type[P]
    ENTRY_FIELDS: ClassVar[tuple[str, ...]] = ()
    EXIT_FIELDS: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def requires(self, params: P) -> tuple[IndicatorSpec, ...]:
        """The indicators that `signals` reads."""

    @abstractmethod
    def signals(
        self, bars: Bars, indicators: Mapping[IndicatorSpec, Float64Array], params: P
    ) -> NDArray[np.void]:
        """All events over `bars`, ascending by bar, at most one a bar: an array of `EVENT_DTYPE`.

        `indicators` holds an array of shape (len(bars),) for each spec of `requires`, NaN until ready.
        """

    @abstractmethod
    def stepper(self, params: P) -> Stepper:
        """A fresh stepper whose first bar is the first bar of the data set."""
