"""Charts and runtime statistics of the algorithm's own."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.results.chart import Chart, SeriesType


class Plotting(AlgorithmBase):
    """`self.plot` and its kin."""

    def _init_plotting(self) -> None:
        self._charts: dict[str, Chart] = {}
        self.runtime_statistics: dict[str, str] = {}

    def add_chart(self, chart: Chart) -> None:
        """Add a chart made by hand."""
        self._charts[chart.name] = chart

    def plot(self, *terms: Any) -> None:
        """Plot values: `(series, value)`, `(chart, series, value)`, or indicators after a chart's name."""
        if len(terms) == 2 and isinstance(terms[1], (int, float)):
            self._plot_value("Strategy Equity", terms[0], float(terms[1]))
        elif len(terms) >= 2 and isinstance(terms[1], str):
            values = terms[2:]
            if len(values) == 1:
                self._plot_value(terms[0], terms[1], float(values[0]))
            else:
                self._series(terms[0], terms[1], SeriesType.CANDLE).add_point(
                    self.utc_time, *map(float, values)
                )
        else:
            for indicator in terms[1:]:
                if hasattr(indicator, "is_ready") and not indicator.is_ready:
                    continue
                self._plot_value(
                    str(terms[0]), getattr(indicator, "name", str(terms[0])), _value_of(indicator)
                )

    def _plot_value(self, chart: str, series: str, value: float) -> None:
        self._series(chart, series, SeriesType.LINE).add_point(self.utc_time, value)

    def _series(self, chart: str, series: str, kind: SeriesType) -> Any:
        found = self._charts.get(chart)
        if found is None:
            found = self._charts[chart] = Chart(chart)
        return found.try_add_and_get_series(series, kind, 0, "$", False)

    def plot_indicator(self, chart: str, *indicators: Any) -> None:
        """Plot indicators whenever they change."""
        wait = True
        if indicators and isinstance(indicators[0], bool):
            wait, indicators = indicators[0], indicators[1:]
        for indicator in indicators:

            def draw(_sender: Any, _point: Any, one: Any = indicator) -> None:
                if one.is_ready or not wait:
                    self._plot_value(chart, one.name, _value_of(one))

            indicator.updated += draw

    def record(self, series: str, value: float) -> None:
        """Plot a value on the strategy's chart."""
        self.plot(series, float(value))

    def get_chart_updates(self, clear_chart_data: bool = False) -> list[Chart]:
        """What was plotted since the last time."""
        updates = [chart.get_updates() for chart in self._charts.values()]
        if clear_chart_data:
            for chart in self._charts.values():
                for series in chart.series.values():
                    series.purge()
        return updates

    def set_runtime_statistic(self, name: str, value: Any) -> None:
        """Show a figure in the banner."""
        self.runtime_statistics[name] = str(value)


def _value_of(indicator: Any) -> float:
    current = getattr(indicator, "current", None)
    return float(indicator if current is None else current.value)
