"""The slice of a step, made of what is looked at."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from utils.engine.data.option_chain import OptionChains
from utils.engine.data.slice import NOTHING, Slice

if TYPE_CHECKING:
    from utils.engine.data.base_data import BaseData
    from utils.engine.run.steps import Steps


class StepSlice(Slice):
    """Data of one step of the time line.

    It costs next to nothing until somebody looks, and then holds the bars themselves, so that an algorithm
    may keep it. A slice that is looked at for the first time after its step is past gives what its step had.
    """

    __slots__ = ("_step", "_steps")
    _steps: Steps
    _step: int

    @property
    def all_data(self) -> list[BaseData]:  # type: ignore[override]  # made when looked at
        """Every data point, in the order it came."""
        data: list[BaseData] | None = self._made.get(StepSlice)
        if data is None:
            data = self._keep(StepSlice, self._steps.data_of(self._step))
        return data

    @property
    def option_chains(self) -> OptionChains:
        """Chains of the options that have data."""
        chains: OptionChains | None = self._made.get(OptionChains)
        if chains is None:
            chains = self._keep(OptionChains, self._steps.option_chains(self._step, self))
        return chains

    @property
    def utc_time(self) -> datetime:  # type: ignore[override]  # made when looked at
        """Time of the step in UTC."""
        return self._steps.utc_time(self._step)

    @property
    def time(self) -> datetime:  # type: ignore[override]  # made when looked at
        """Time of the step in the algorithm's zone."""
        return self._steps.algorithm_time(self._step)


_new = object.__new__


def step_slice(steps: Steps, step: int) -> StepSlice:
    """The slice of a step; one is made at every step, so that it does without a call of `__init__`."""
    made = _new(StepSlice)
    made._steps, made._step, made._made = steps, step, NOTHING
    return made
