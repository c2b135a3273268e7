"""Charts an algorithm plots, within LEAN's limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from utils.engine.results.chart import Chart, SeriesType

# LEAN's defaults for a local run.
MAXIMUM_SERIES: Final = 30
MAXIMUM_POINTS_PER_SERIES: Final = 1_000_000

_QUOTAS: Final = "https://qnt.co/docs-charting-quotas"


class UserCharts:
    """Takes the points plotted since the last time into the charts of the result.

    Args:
        charts: of the result, changed in place.
        maximum_series: further series are left out.
        maximum_points: further points of a series are left out.
    """

    def __init__(
        self,
        charts: dict[str, Chart],
        maximum_series: int = MAXIMUM_SERIES,
        maximum_points: int = MAXIMUM_POINTS_PER_SERIES,
    ) -> None:
        self._charts = charts
        self._maximum_series, self._maximum_points = maximum_series, maximum_points
        self._names: set[str] = set()
        self._told: set[str] = set()

    def add(self, updates: Iterable[Chart]) -> list[str]:
        """Append the points of `updates`; what to tell the user about points left out, each thing once."""
        messages: list[str] = []
        for update in updates:
            chart = self._charts.setdefault(update.name, Chart(update.name, update.symbol))
            for name, series in update.series.items():
                if name not in self._names and len(self._names) >= self._maximum_series:
                    self._tell(messages, "", f"chart series: {self._maximum_series}; new series are ignored")
                    continue
                self._names.add(name)
                if not series.values:
                    continue
                own = chart.try_add_and_get_series(name, series)
                if series.series_type == SeriesType.PIE:
                    own.add_point(series.consolidate_chart_points())
                elif len(own.values) + len(series.values) <= self._maximum_points:
                    own.values.extend(series.values)
                else:
                    what = f"points a series: {self._maximum_points}; {update.name} / {name} is not updated"
                    self._tell(messages, f"{update.name}\0{name}", what)
        return messages

    def _tell(self, messages: list[str], key: str, what: str) -> None:
        if key not in self._told:
            self._told.add(key)
            messages.append(f"Exceeded the maximum of {what}. {_QUOTAS}")
