"""What a strategy is: parameters, a position-free event generator and its bar-by-bar twin.

Signals know nothing of positions: a strategy says what happens on the chart; one simulator, and one
adapter inside LEAN, turn that into trades. Every strategy gives its events in two forms that are equal bit
for bit: `signals` over whole indicator arrays, `Stepper.update` one bar at a time from the same kernels.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from trading.bars import Bar, Bars, Float64Array
from trading.events import EVENT_DTYPE, Event
from trading.indicators.spec import IndicatorSpec
from trading.strategies.errors import one_line

Indicators = Mapping[IndicatorSpec, Float64Array]
"""An array of shape (bars,) for each spec that a strategy requires, NaN until ready."""


class StrategyParams(BaseModel):
    """Base of every params model: frozen, unknown fields refused, NaN and infinity refused.

    Ranges belong to the fields. A combination of values that are each in range but contradict each other
    is refused by a validator that raises `ContradictoryParams`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Turns(NamedTuple):
    """When a strategy has something to say: bar int64 ascending, at most one a bar, and side int64 +1/-1."""

    bar: NDArray[np.int64]
    side: NDArray[np.int64]


class Brackets(NamedTuple):
    """Exits of each turn, float64: stop price, target price, trailing distance in price units; 0 = none."""

    stop: Float64Array
    target: Float64Array
    trail: Float64Array


P = TypeVar("P", bound=StrategyParams)


class Stepper(ABC):
    """The streaming form of one strategy with one set of parameters; feed it every bar, oldest first."""

    @abstractmethod
    def update(self, bar: Bar) -> Event | None:
        """Take in one bar; the event at its close, or None."""


class Strategy(ABC, Generic[P]):
    """A stateless strategy.

    `signals` is made of three parts, so that a sweep computes each part once for the parameters that it
    depends on and shares it among all others: `turns` once for each setting of the remaining parameters,
    `enters` once for each of their settings with the entry fields, `brackets` once for each with the exit
    fields. The parts are pure functions of their arguments, and thread-safe. `enters` and `brackets` read
    bars and indicators at the turns' own bars alone, so that a sweep may hand them just those.

    Attributes:
        name: the registered name, used in sweep files and stores.
        params_model: the pydantic model of its parameters.
        ENTRY_FIELDS: parameters that move nothing but `Event.enter`; `turns` and `brackets` never read them.
        EXIT_FIELDS: parameters that move nothing but `stop`, `target` and `trail`; `turns` and `enters`
            never read them. A dotted path into nested parameters belongs to the field it begins with.
    """

    name: ClassVar[str]
    params_model: type[P]
    ENTRY_FIELDS: ClassVar[tuple[str, ...]] = ()
    EXIT_FIELDS: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def requires(self, params: P) -> tuple[IndicatorSpec, ...]:
        """The indicators that `turns`, `enters` and `brackets` read, each once."""

    @abstractmethod
    def turns(self, bars: Bars, indicators: Indicators, params: P) -> Turns:
        """All that happens over `bars`, whether it may be entered or not."""

    @abstractmethod
    def enters(self, bars: Bars, indicators: Indicators, params: P, turns: Turns) -> NDArray[np.bool_]:
        """Whether each of `turns` may be entered, shape (turns,); False while any indicator is not ready.

        An event that may not be entered still closes an opposite position. So a turn during warm-up, when
        there is no position yet, does nothing, and entry filters with a long warm-up move no other turn.
        """

    @abstractmethod
    def brackets(self, bars: Bars, indicators: Indicators, params: P, turns: Turns) -> Brackets:
        """Stop, target and trailing distance of each of `turns`, shape (turns,) each; never NaN."""

    @abstractmethod
    def stepper(self, params: P) -> Stepper:
        """A fresh stepper whose first bar is the first bar of the data set."""

    def signals(self, bars: Bars, indicators: Indicators, params: P) -> NDArray[np.void]:
        """All events over `bars`, ascending by bar, at most one a bar: an array of `EVENT_DTYPE`."""
        turns = self.turns(bars, indicators, params)
        events = np.empty(len(turns.bar), EVENT_DTYPE)
        events["bar"], events["side"] = turns
        events["enter"] = self.enters(bars, indicators, params, turns)
        events["stop"], events["target"], events["trail"] = self.brackets(bars, indicators, params, turns)
        return events

    def parse(self, values: Mapping[str, Any]) -> P:
        """Parameters from plain values, as a file or a grid gives them.

        Raises:
            ContradictoryParams: each value is in range, but together they make no sense (fast >= slow):
                a sweep marks the combination invalid and goes on.
            ValueError: an unknown, missing, mistyped or out-of-range parameter: a sweep is refused.
                Either message is one line naming strategy, parameter, value and what is allowed.
        """
        try:
            return self.params_model.model_validate(dict(values))
        except ValidationError as error:
            raise one_line(self.name, self.params_model, error) from None
