"""Charts as algorithms build them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from utils.engine.dotnet.money import use_money_context
from utils.engine.results.chart import (
    CandlestickSeries,
    Chart,
    ScatterMarkerSymbol,
    Series,
    SeriesType,
)
from utils.engine.results.chart_point import Candlestick, ChartPoint, ScatterChartPoint
from utils.engine.results.json_text import json_text
from utils.engine.results.user_charts import UserCharts

NOON = datetime(2020, 6, 1, 12)


@pytest.fixture(autouse=True)
def _money() -> None:
    use_money_context()


def test_values_keep_seven_digits() -> None:
    assert ChartPoint(NOON, 123.456789).y == 123.4568
    assert ChartPoint(NOON, 123456.123456).y == 123456.1235
    assert ChartPoint(NOON, None).y is None
    assert (ChartPoint(NOON, 1).x, ChartPoint(1591012800, 1).time) == (1591012800, NOON)


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (Series("a"), (SeriesType.LINE, 0, "$", None)),
        (Series("a", SeriesType.BAR, 2), (SeriesType.BAR, 2, "$", None)),
        (Series("a", SeriesType.BAR, 2, "%"), (SeriesType.BAR, 2, "%", None)),
        (Series("a", SeriesType.LINE, "%", "#FF0000"), (SeriesType.LINE, 0, "%", "#FF0000")),
        (
            Series("a", SeriesType.SCATTER, "$", "#00FF00", ScatterMarkerSymbol.TRIANGLE),
            (1, 0, "$", "#00FF00"),
        ),
    ],
)
def test_forms_of_a_series(series: Series, expected: tuple[Any, ...]) -> None:
    assert (series.series_type, series.index, series.unit, series.color) == expected


def test_a_second_point_at_one_time_replaces_the_first() -> None:
    series = Series("a")
    series.add_point(NOON, 1)
    series.add_point(NOON, 2.5)
    assert [point.y for point in series.values if isinstance(point, ChartPoint)] == [2.5]


def test_points_of_another_kind_are_refused() -> None:
    with pytest.raises(TypeError):
        Series("a").add_point(Candlestick(NOON, 1, 2, 0, 1))
    with pytest.raises(ValueError, match="4 values"):
        CandlestickSeries("a").add_point(NOON, [1, 2, 3])


def test_both_naming_styles() -> None:
    chart = Chart("own")
    chart.AddSeries(Series("a"))
    assert list(chart.Series) == ["a"]
    with pytest.raises(ValueError, match="already has"):
        chart.add_series(Series("a"))


def test_json_is_lean_s() -> None:
    chart = Chart("own")
    late = Series("late", SeriesType.LINE, 1)
    scatter = Series("scatter", SeriesType.SCATTER, "%", "#FF0000", ScatterMarkerSymbol.TRIANGLE_DOWN)
    scatter.add_point(ScatterChartPoint(NOON, 1.5, "here"))
    candles = CandlestickSeries("candles", 0, "$")
    candles.add_point(NOON, 1, 2, 0.5, 1.25)
    for series in (late, scatter, candles):
        chart.add_series(series)
    assert json_text(chart.fields()) == (
        '{"name":"own","chartType":0,"series":{'
        '"candles":{"name":"candles","unit":"$","index":0,"seriesType":2,"values":[[1591012800,1.0,2.0,0.5,1.25]]},'
        '"scatter":{"name":"scatter","unit":"%","index":0,"seriesType":1,'
        '"values":[{"tooltip":"here","x":1591012800,"y":1.5}],"color":"#FF0000","scatterMarkerSymbol":"triangle-down"},'
        '"late":{"name":"late","unit":"$","index":1,"seriesType":0,"values":[],"color":"",'
        '"scatterMarkerSymbol":"none"}}}'
    )


def plotted(name: str, *series: str, points: int = 1, kind: SeriesType = SeriesType.LINE) -> Chart:
    chart = Chart(name)
    for one in series:
        made = Series(one, kind)
        for second in range(points):
            made.add_point(ChartPoint(1591012800 + second, second + 1))
        chart.add_series(made)
    return chart


def test_updates_are_appended_once() -> None:
    own = plotted("own", "a", points=2)
    charts: dict[str, Chart] = {}
    user_charts = UserCharts(charts)
    user_charts.add([own.get_updates()])
    own.series["a"].add_point(datetime(2020, 6, 2), 9)
    user_charts.add([own.get_updates()])
    assert [point.y for point in charts["own"].series["a"].values] == [1, 2, 9]


def test_limits_leave_out_and_tell_once() -> None:
    charts: dict[str, Chart] = {}
    user_charts = UserCharts(charts, maximum_series=2, maximum_points=3)
    first = user_charts.add([plotted("own", "a", "b", "c", "d", points=2)])
    again = user_charts.add([plotted("own", "a", "c", points=2)])
    assert list(charts["own"].series) == ["a", "b"]
    assert len(charts["own"].series["a"].values) == 2
    assert (len(first), len(again)) == (1, 1)
    assert "own / a" in again[0]


def test_a_pie_is_one_sum() -> None:
    charts: dict[str, Chart] = {}
    UserCharts(charts).add([plotted("own", "a", points=3, kind=SeriesType.PIE)])
    assert [point.exact_y for point in charts["own"].series["a"].values] == [Decimal(6)]
