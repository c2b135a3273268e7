"""Indicators that compute with given functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from utils.engine.indicators.base import IndicatorBase


class FunctionalIndicator(IndicatorBase):
    """Computes with a function of the input.

    Args:
        name: its name.
        compute_next_value: input -> value.
        is_ready: indicator -> whether it is ready.
        reset: called at a reset.
    """

    can_block: ClassVar[bool] = False

    def __init__(
        self,
        name: str,
        compute_next_value: Callable[[Any], float],
        is_ready: Callable[[Any], bool],
        reset: Callable[[], Any] | None = None,
    ) -> None:
        super().__init__(name)
        self._compute = compute_next_value
        self._tell_ready = is_ready
        self._reset = reset

    def __class_getitem__(cls, _kind: Any) -> Any:
        """.NET's generic form is the class itself."""
        return cls

    def reset(self) -> None:
        """Forget all inputs."""
        if self._reset is not None:
            self._reset()
        super().reset()

    def _input(self, data: Any) -> Any:
        return data

    def _ready(self) -> bool:
        return bool(self._tell_ready(self))

    def _next(self, data: Any) -> float:
        return float(self._compute(data))


class FilteredIdentity(IndicatorBase):
    """The value of the last input that passed a filter.

    Args:
        name: its name.
        filter: input -> whether it passes; None lets all pass.
    """

    can_block: ClassVar[bool] = False

    def __init__(self, name: str | Callable[[Any], bool] | None = "", filter: Any = None) -> None:  # noqa: A002 - LEAN's
        if not isinstance(name, str):
            name, filter = "", name if filter is None else filter  # noqa: A001 - LEAN's
        super().__init__(name)
        self._filter = filter

    def _start(self) -> None:
        self._passed = 0.0

    def _input(self, data: Any) -> Any:
        return data

    def _ready(self) -> bool:
        return self._samples > 0 and self._latest > 0

    def _next(self, data: Any) -> float:
        if self._filter is None or self._filter(data):
            self._passed = data.value
        return self._passed
