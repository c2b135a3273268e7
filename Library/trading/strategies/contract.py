"""What a strategy is: parameters, a position-free event generator and its bar-by-bar twin.

Signals know nothing of positions: a strategy says what happens on the chart; one simulator, and one
adapter inside LEAN, turn that into trades. Every strategy gives its events in two forms that are equal bit
for bit: `signals` over whole indicator arrays, `Stepper.update` one bar at a time from the same kernels.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from trading.bars import Bar, Bars, Float64Array
from trading.events import Event
from trading.indicators.spec import IndicatorSpec

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
