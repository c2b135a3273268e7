"""Charts and their series, as algorithms make them and as results hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from utils.engine.dotnet.enums import LeanEnum, spell
from utils.engine.dotnet.money import ZERO, exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.results.chart_point import Candlestick, ChartPoint, Point, ScatterChartPoint
from utils.engine.results.symbol_json import symbol_fields


class SeriesType(LeanEnum):
    """How a series is drawn."""

    LINE = 0
    SCATTER = 1
    CANDLE = 2
    BAR = 3
    FLAG = 4
    STACKED_AREA = 5
    PIE = 6
    TREEMAP = 7
    HEATMAP = 9
    SCATTER_3D = 10


spell(SeriesType, SCATTER_3D="Scatter3d")


class ScatterMarkerSymbol(LeanEnum):
    """Shape of a scatter plot's points."""

    NONE = 0
    CIRCLE = 1
    SQUARE = 2
    DIAMOND = 3
    TRIANGLE = 4
    TRIANGLE_DOWN = 5


class ChartType(LeanEnum):
    """Obsolete in LEAN: kept because algorithms still pass it."""

    OVERLAY = 0
    STACKED = 1


_MARKERS: Final = {ScatterMarkerSymbol.TRIANGLE_DOWN: "triangle-down"}


class BaseSeries(DotNet):
    """What a line and a candlestick series share."""

    name: str
    unit: str
    index: int
    index_name: str | None
    z_index: int | None
    series_type: SeriesType
    tooltip: str | None
    values: list[Point]

    def __init__(self, name: str = "", series_type: SeriesType = SeriesType.LINE, index: int = 0) -> None:
        self.name, self.series_type, self.index, self.unit = name, series_type, index, "$"
        self.index_name = self.tooltip = None
        self.z_index = None
        self.values = []
        self._sent = 0

    def _append(self, point: Point) -> None:
        if self.values and self.values[-1].time == point.time:
            self.values[-1] = point  # a second value at one time replaces the first
        else:
            self.values.append(point)

    def _empty_like(self) -> BaseSeries:
        raise NotImplementedError

    def clone(self, empty: bool = False) -> Any:
        """A copy of its own, without points when `empty`."""
        copy = self._empty_like()
        copy.name, copy.unit, copy.index, copy.series_type = (
            self.name,
            self.unit,
            self.index,
            self.series_type,
        )
        copy.index_name, copy.z_index, copy.tooltip = self.index_name, self.z_index, self.tooltip
        if not empty:
            copy.values = [point.clone() for point in self.values]
        return copy

    def get_updates(self) -> Any:
        """A copy with the points added since the last call."""
        copy = self.clone(empty=True)
        copy.values = self.values[self._sent :]
        self._sent = len(self.values)
        return copy

    def purge(self) -> None:
        """Remove all points."""
        self.values.clear()
        self._sent = 0

    def _fields(self) -> dict[str, object]:
        fields: dict[str, object] = {
            "name": self.name,
            "unit": self.unit,
            "index": self.index,
            "seriesType": self.series_type,
        }
        optional = {"zIndex": self.z_index, "indexName": self.index_name, "tooltip": self.tooltip}
        return fields | {name: value for name, value in optional.items() if value is not None}

    def fields(self) -> dict[str, object]:
        """As LEAN writes it to a result."""
        return {**self._fields(), "values": [point.fields() for point in self.values]}


class Series(BaseSeries):
    """A series of single values.

    Made as `Series(name)`, `Series(name, type, index)`, `Series(name, type, index, unit)`, or
    `Series(name, type, unit, color, marker)`. A color is "#RRGGBB" or has `r`, `g` and `b`.
    """

    color: Any
    scatter_marker_symbol: ScatterMarkerSymbol

    def __init__(
        self,
        name: str = "",
        type: SeriesType = SeriesType.LINE,  # noqa: A002 - LEAN's name of the argument
        *terms: Any,
        index: int | None = None,
        unit: str | None = None,
        color: Any = None,
        symbol: ScatterMarkerSymbol = ScatterMarkerSymbol.NONE,
    ) -> None:
        for term in terms:
            if isinstance(term, ScatterMarkerSymbol):
                symbol = term
            elif isinstance(term, int):
                index = term
            elif isinstance(term, str) and unit is None:
                unit = term
            else:
                color = term
        super().__init__(name, SeriesType(type), index or 0)
        self.unit = "$" if unit is None else unit
        self.color, self.scatter_marker_symbol = color, symbol

    def _empty_like(self) -> Series:
        return Series(color=self.color, symbol=self.scatter_marker_symbol)

    def add_point(self, time: Any, value: Any = None) -> None:
        """Add a point: a ChartPoint, or a UTC time and a value (or a list of one).

        Raises:
            TypeError: a point of another kind.
            ValueError: not a single value.
        """
        if isinstance(time, ChartPoint):
            self._append(time)
            return
        if not isinstance(time, datetime):
            raise TypeError("Series.AddPoint requires a ChartPoint object")
        if isinstance(value, Sequence):
            if len(value) > 1:
                raise ValueError("Series.AddPoint requires a single value")
            value = value[0] if value else 0
        kind = ScatterChartPoint if self.series_type == SeriesType.SCATTER else ChartPoint
        self._append(kind(time, value))

    def consolidate_chart_points(self) -> ChartPoint | None:
        """One point with the sum of all, at the time of the last."""
        if not self.values:
            return None
        total = sum((point.exact_y or ZERO for point in self.values if isinstance(point, ChartPoint)), ZERO)
        return ChartPoint(self.values[-1].time, total)

    def fields(self) -> dict[str, object]:
        """As LEAN writes it to a result."""
        points: Iterable[Point] = self.values
        if self.series_type == SeriesType.PIE:
            whole = self.consolidate_chart_points()
            points = [] if whole is None else [whole]
        marker = self.scatter_marker_symbol
        return {
            **self._fields(),
            "values": [point.fields() for point in points],
            "color": _color_text(self.color),
            "scatterMarkerSymbol": _MARKERS.get(marker) or marker.name.lower(),
        }


class CandlestickSeries(BaseSeries):
    """A series of open, high, low and close: `CandlestickSeries(name, index, unit)` or `(name, unit)`."""

    def __init__(self, name: str = "", *terms: Any) -> None:
        index = next((term for term in terms if isinstance(term, int)), 0)
        super().__init__(name, SeriesType.CANDLE, index)
        self.unit = next((term for term in terms if isinstance(term, str)), "$")

    def _empty_like(self) -> CandlestickSeries:
        return CandlestickSeries()

    def add_point(self, time: Any, *values: Any) -> None:
        """Add a point: a Candlestick, a trade bar, or a UTC time and open, high, low, close.

        Raises:
            ValueError: not four values.
        """
        if isinstance(time, Candlestick):
            self._append(time)
            return
        if len(values) == 1 and isinstance(values[0], Sequence):
            values = tuple(values[0])
        if isinstance(time, datetime) and len(values) != 4:
            raise ValueError("CandlestickSeries.AddPoint requires 4 values (open, high, low, close)")
        if not isinstance(time, datetime) and not hasattr(time, "end_time"):
            raise ValueError("CandlestickSeries.AddPoint requires a Candlestick object")
        self._append(Candlestick(time, *(exact(value) for value in values)))


class Chart(DotNet):
    """Series under one name: `Chart(name)`, or `Chart(name, symbol)`."""

    name: str
    chart_type: ChartType
    series: dict[str, Any]
    symbol: Any
    legend_disabled: bool

    def __init__(self, name: str = "", symbol: Any = None) -> None:
        self.name = name
        self.chart_type = ChartType.OVERLAY
        if isinstance(symbol, ChartType):
            self.chart_type, symbol = symbol, None
        self.symbol, self.legend_disabled = symbol, False
        self.series = {}

    def add_series(self, series: BaseSeries) -> None:
        """Add a series.

        Raises:
            ValueError: the chart has one of this name.
        """
        if series.name in self.series:
            raise ValueError(f"the chart {self.name!r} already has a series {series.name!r}")
        self.series[series.name] = series

    def try_add_and_get_series(self, name: str, *template: Any, force_add_new: bool = False) -> Any:
        """The series of a name; made like a template series, or of (type, index, unit, color, marker)."""
        if force_add_new or name not in self.series:
            first = template[0]
            made = first.clone(empty=True) if isinstance(first, BaseSeries) else Series(name, *template)
            self.series[name] = made
        return self.series[name]

    def get_updates(self) -> Chart:
        """A copy with the points added since the last call."""
        copy = self.clone_empty()
        copy.series = {name: series.get_updates() for name, series in self.series.items()}
        return copy

    def clone(self) -> Chart:
        """A copy of its own."""
        copy = self.clone_empty()
        copy.series = {name: series.clone() for name, series in self.series.items()}
        return copy

    def clone_empty(self) -> Chart:
        """A copy without series."""
        copy = Chart(self.name, self.symbol)
        copy.legend_disabled = self.legend_disabled
        return copy

    def fields(self) -> dict[str, object]:
        """As LEAN writes it to a result: series by index, then the shorter and smaller ones first."""
        ordered = sorted(self.series.items(), key=lambda item: _drawing_order(item[1]))
        fields: dict[str, object] = {
            "name": self.name,
            "chartType": self.chart_type,
            "series": {name: series.fields() for name, series in ordered},
        }
        if self.symbol is not None:
            fields["symbol"] = symbol_fields(self.symbol)
        return fields | ({"legendDisabled": True} if self.legend_disabled else {})


def _drawing_order(series: BaseSeries) -> tuple[int, int, Decimal]:
    total = sum((point.exact_y or ZERO for point in series.values if isinstance(point, ChartPoint)), ZERO)
    return series.index, len(series.values), total


def _color_text(color: Any) -> str:
    """ "#RRGGBB", or nothing for the color the chart chooses."""
    if color is None or getattr(color, "is_empty", False):
        return ""
    if isinstance(color, str):
        return color
    return f"#{color.r:02X}{color.g:02X}{color.b:02X}"
