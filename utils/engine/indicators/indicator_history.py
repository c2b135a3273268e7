"""Values that an indicator had over past data: what `indicator_history` gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from utils.engine.data.python_data import DynamicData
from utils.engine.data.wall_time import NO_TIME
from utils.engine.dotnet.money import exact, text
from utils.engine.dotnet.naming import DotNet, pascal_case, snake_case
from utils.engine.dotnet.rounding import smart_rounding
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.data_point import IndicatorDataPoint
from utils.engine.indicators.python_indicator import PythonIndicator

if TYPE_CHECKING:
    import pandas as pd

_CURRENT: Final = "current"

# Members that LEAN leaves out: what every indicator has, and what it marks so on these classes.
_LEFT_OUT: Final = {*vars(IndicatorBase), "warm_up_period", "name", "consolidators", "period"}
_HIDDEN: Final = {
    "OptionIndicatorBase": {
        *("option_symbol", "expiry", "right", "strike", "style"),
        *("risk_free_rate", "dividend_yield", "use_mirror_contract"),
    },
    "ZigZag": {"high_pivot", "low_pivot"},
}


class IndicatorDataPoints(DynamicData):
    """The values of an indicator and its parts at one time: `points.current`, `points["upper_band"]`.

    Attributes:
        value: the indicator's.
    """

    @property
    def current(self) -> IndicatorDataPoint:
        """The indicator's value."""
        point: IndicatorDataPoint = self._fields[_CURRENT]
        return point

    def __getitem__(self, name: str) -> IndicatorDataPoint | None:
        """The value of a part, in either naming style.

        Raises:
            KeyNotFoundException: the indicator has no part of that name.
        """
        found = self.get_property(name)
        return found if isinstance(found, IndicatorDataPoint) else None

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        fields = sorted(self._fields.items())
        values = ", ".join(f"{name}: {_shown(point)}" for name, point in fields)
        return f"{self.end_time:%m/%d/%Y %H:%M:%S} {values}"


def _shown(point: IndicatorDataPoint | None) -> str:
    return "" if point is None else text(smart_rounding(exact(point.value)))


class IndicatorHistory(DotNet):
    """Values of an indicator over past data, oldest first: `for points in history`, `history["upper_band"]`.

    Attributes:
        current: the indicator's own values.
        count: number of times with a value.
    """

    current: list[IndicatorDataPoint]
    count: int

    def __init__(
        self,
        points: list[IndicatorDataPoints],
        values: dict[str, list[IndicatorDataPoint]],
        figures: dict[str, list[tuple[Any, Any]]],
    ) -> None:
        """History of points by time.

        Args:
            points: what there was at each time.
            values: of the indicator (`current`) and its parts, by name.
            figures: what else it tells, by name: times and values.
        """
        self._points, self._values, self._figures = points, values, figures
        self.current = values[_CURRENT]
        self.count = len(points)

    @property
    def data_frame(self) -> pd.DataFrame:
        """A row for each time; columns are the parts and figures, in small letters without underscores."""
        import pandas as pd

        series = {
            _column(name): pd.Series(
                [point.value for point in points if point.time != NO_TIME],
                [point.end_time for point in points if point.time != NO_TIME],
                dtype=float,
            )
            for name, points in self._values.items()
        }
        for name, found in self._figures.items():
            series[_column(name)] = pd.Series([value for _, value in found], [time for time, _ in found])
        return pd.DataFrame(series, columns=sorted(series))

    def __getitem__(self, name: str) -> list[IndicatorDataPoint] | None:
        """Values of a part, in either naming style; None when there is no part of that name."""
        return self._values.get(snake_case(name))

    def __iter__(self) -> Iterator[IndicatorDataPoints]:
        return iter(self._points)

    def __len__(self) -> int:
        return self.count

    def __str__(self) -> str:
        return "".join(f"{points}\n" for points in self._points)


def _column(name: str) -> str:
    return name.replace("_", "")


def replay(indicator: IndicatorBase, data: Iterable[Any], update: Callable[[Any], Any]) -> IndicatorHistory:
    """Reset an indicator, feed it with data, and note its values from when it is ready on.

    Args:
        indicator: is left as the data makes it.
        data: bars, oldest first.
        update: takes a bar.
    """
    own = isinstance(indicator, PythonIndicator)
    # What a user's class overrides is its own, not the engine's.
    reset: Callable[[Any], None] = PythonIndicator.reset if own else type(indicator).reset
    reset(indicator)
    recorder = _Recorder(indicator)
    indicator.updated += recorder
    try:
        for bar in data:
            update(bar)
    finally:
        indicator.updated -= recorder
    return IndicatorHistory(recorder.points, recorder.values, recorder.figures)


class _Recorder:
    """Handler of `updated` that notes one value for each time.

    Of an indicator of several symbols the first update of a time counts, as in LEAN.
    """

    def __init__(self, indicator: IndicatorBase) -> None:
        names = members_of(type(indicator))
        read = {name: getattr(indicator, name) for name in names}
        # A part that is not there, such as the mirror's price, is a column of nothing.
        self._parts = [name for name in names if read[name] is None or isinstance(read[name], IndicatorBase)]
        self._others = [name for name in names if name not in self._parts]
        kind = PythonIndicator if isinstance(indicator, PythonIndicator) else type(indicator)
        self._ready: Callable[[Any], bool] = getattr(kind, "is_ready").fget  # noqa: B009 - the property itself
        self._last: Any = None
        self.points: list[IndicatorDataPoints] = []
        self.values: dict[str, list[IndicatorDataPoint]] = {name: [] for name in (*self._parts, _CURRENT)}
        self.figures: dict[str, list[tuple[Any, Any]]] = {name: [] for name in self._others}

    def __call__(self, indicator: Any, current: IndicatorDataPoint) -> None:
        if not self._ready(indicator) or current.time == self._last:
            return
        self._last = current.time
        points = IndicatorDataPoints()
        points.time = points.end_time = current.time
        points.value = current.value
        for name in self._parts:
            part = getattr(indicator, name)
            point = None if part is None else part.current
            points.set_property(pascal_case(name), point)
            if point is not None:
                self._note(self.values[name], point)
        points.set_property(_CURRENT, current)
        self.values[_CURRENT].append(current)
        self.points.append(points)
        for name in self._others:
            value = getattr(indicator, name)
            self.figures[name].append((current.time, value if _is_plain(value) else str(value)))

    @staticmethod
    def _note(values: list[IndicatorDataPoint], point: IndicatorDataPoint) -> None:
        """Add the value of a part; of one time there is one, the last."""
        if values and values[-1].time == point.time:
            values[-1] = point
        else:
            values.append(point)


def _is_plain(value: object) -> bool:
    return type(value) in (bool, int, float, str)


def members_of(indicator: type[IndicatorBase]) -> list[str]:
    """Names of what LEAN's class of an indicator tells besides its value: parts, settings, figures."""
    if issubclass(indicator, PythonIndicator):
        return []
    names: dict[str, None] = {}
    hidden = set(_LEFT_OUT)
    for kind in indicator.__mro__:
        if kind is IndicatorBase:
            break
        if not kind.__module__.startswith("utils.engine."):
            continue  # what a user's class adds, LEAN's reflection does not see
        hidden |= _HIDDEN.get(kind.__name__, set())
        own = vars(kind)
        names |= dict.fromkeys(
            name for name, hint in own.get("__annotations__", {}).items() if "ClassVar" not in str(hint)
        )
        names |= dict.fromkeys(name for name, member in own.items() if isinstance(member, property))
    # Members have a twin in PascalCase; that of a name such as `adx` is all capitals.
    twins = {pascal_case(name) for name in names if name.islower()} | {name.upper() for name in names}
    hidden |= {name for name in twins if not name.islower()}
    return [name for name in names if name not in hidden and not name.startswith("_")]
