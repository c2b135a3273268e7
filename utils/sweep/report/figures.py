"""The report's charts, as plotly figures without colours of their own: the page's script sets the theme."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from utils.sweep.grid import Grid
from utils.sweep.presentation import brief
from utils.sweep.report.content import MAPPED_METRICS, Array, Content, Curve, pair_maps
from utils.sweep.search.history import History
from utils.sweep.selection import ASCENDING

DRAWN_LINES = 600
"""Lines of the parallel coordinates: the best rows, and as many again spread over all."""

HISTOGRAM_BINS = 60

_MARGIN = {"l": 56, "r": 16, "t": 8, "b": 40}


def equity(curve: Curve) -> go.Figure:
    """Equity of the chosen row and of buying and holding, drawdown below, the holdout set apart."""
    figure = go.Figure()
    figure.add_scatter(x=curve.dates, y=_round(curve.equity, 2), name="equity", line={"width": 1.6})
    figure.add_scatter(
        x=curve.dates, y=_round(curve.hold, 2), name="buy and hold", line={"width": 1, "dash": "dot"}
    )
    figure.add_scatter(
        x=curve.dates,
        y=_round(curve.drawdown(), 5),
        name="drawdown",
        yaxis="y2",
        fill="tozeroy",
        line={"width": 1},
        showlegend=False,
    )
    figure.update_layout(
        height=430,
        margin=_MARGIN,
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        yaxis={"domain": [0.34, 1], "title": "equity", "tickformat": "~s"},
        yaxis2={"domain": [0, 0.27], "title": "drawdown", "tickformat": ".0%"},
        xaxis={"anchor": "y2"},
    )
    if curve.holdout < len(curve.dates):
        figure.add_vrect(
            x0=curve.dates[curve.holdout],
            x1=curve.dates[-1],
            opacity=0.12,
            fillcolor="#8888aa",
            line_width=0,
            annotation_text="holdout",
            annotation_position="top left",
        )
    return figure


def heatmaps(content: Content) -> dict[str, Any]:
    """For each metric the matrices of each pair of axes, for the page's selectors."""
    grid = content.sweep.rows
    if not isinstance(grid, Grid):  # trials lie on no grid
        return {"names": [], "labels": [], "metrics": []}
    axes = grid.axes
    labels = [[brief(value) for value in axis.values] for axis in axes]
    maps: dict[str, Any] = {"names": [axis.field for axis in axes], "labels": labels, "metrics": []}
    for metric, (heading, form) in MAPPED_METRICS.items():
        found = pair_maps(content.tables[metric], grid.shape, metric in ASCENDING)
        pairs = [
            {"rows": rows, "columns": columns, **{name: _cells(table) for name, table in tables.items()}}
            for (rows, columns), tables in found.items()
        ]
        maps["metrics"].append({"name": metric, "heading": heading, "format": form,
                                "reverse": metric in ASCENDING, "pairs": pairs})  # fmt: skip
    return maps


def parallel(content: Content) -> go.Figure | None:
    """Parallel coordinates of parameters, Sharpe ratio, profit and drawdown; None of a search."""
    grid = content.sweep.rows
    if not isinstance(grid, Grid):
        return None
    sharpe = content.tables["sharpe"]
    combos = _drawn(sharpe)
    places = np.array(np.unravel_index(combos, grid.shape))
    dimensions: list[dict[str, Any]] = [
        {
            "label": axis.field,
            "values": place.tolist(),
            "tickvals": list(range(len(axis.values))),
            "ticktext": [brief(value) for value in axis.values],
        }
        for axis, place in zip(grid.axes, places, strict=True)
        if len(axis.values) > 1
    ]
    for metric, (heading, _) in MAPPED_METRICS.items():
        dimensions.append({"label": heading, "values": _round(content.tables[metric][combos], 4)})
    line = {"color": _round(sharpe[combos], 4), "colorscale": "Viridis", "showscale": False}
    figure = go.Figure(go.Parcoords(dimensions=dimensions, line=line))
    figure.update_layout(height=430, margin={"l": 60, "r": 60, "t": 60, "b": 24})
    return figure


def distribution(content: Content) -> go.Figure:
    """Sharpe ratios of all rows, with that of the best and that which luck alone would give the best."""
    sharpe = content.tables["sharpe"]
    counts, edges = np.histogram(sharpe[~np.isnan(sharpe)], HISTOGRAM_BINS)
    figure = go.Figure(
        go.Bar(
            x=_round((edges[:-1] + edges[1:]) / 2, 4),
            y=counts.tolist(),
            width=float(edges[1] - edges[0]),
            hovertemplate="%{x:.2f}: %{y} rows<extra></extra>",
        )
    )
    if not np.isnan(content.assessment.lucky_sharpe):
        figure.add_vline(
            x=content.assessment.lucky_sharpe, line_dash="dash", annotation_text="best of luck", line_width=1
        )
    figure.update_layout(
        height=300, margin=_MARGIN, bargap=0, xaxis={"title": "Sharpe ratio"}, yaxis={"title": "combinations"}
    )
    return figure


def degradation(content: Content) -> go.Figure | None:
    """The in-sample winner of each split: its Sharpe ratio in the half it was chosen in, and in the other."""
    found = content.assessment.overfitting
    if found is None:
        return None
    shown = slice(None, None, 9)  # 1,430 of 12,870 show the same cloud
    annual = content.assessment.annual
    figure = go.Figure(
        go.Scatter(
            x=_round(found.in_sample[shown] * annual, 3),
            y=_round(found.out_of_sample[shown] * annual, 3),
            mode="markers",
            marker={"size": 4, "opacity": 0.5},
            hovertemplate="in sample %{x}, out of sample %{y}<extra></extra>",
        )
    )
    figure.add_hline(y=0, line_width=1)
    figure.update_layout(
        height=300,
        margin=_MARGIN,
        xaxis={"title": "winner's Sharpe ratio in sample"},
        yaxis={"title": "out of sample"},
    )
    return figure


def search_history(history: History) -> go.Figure:
    """The objective of each trial, and the best so far."""
    numbers = list(range(len(history.values)))
    figure = go.Figure()
    figure.add_scatter(x=numbers, y=list(history.values), name="trial", mode="markers", marker={"size": 5})
    figure.add_scatter(
        x=numbers, y=list(history.best), name="best so far", line={"shape": "hv", "width": 1.6}
    )
    figure.update_layout(
        height=300,
        margin=_MARGIN,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": "trial"},
        yaxis={"title": history.objective},
    )
    return figure


def importance(history: History) -> go.Figure | None:
    """Share of each parameter in what sets the best trials apart, largest on top; None where unknown."""
    if not history.importances:
        return None
    names = list(history.importances)[::-1]
    shares = [round(history.importances[name], 4) for name in names]
    figure = go.Figure(go.Bar(x=shares, y=names, orientation="h"))
    margin = {**_MARGIN, "l": 120}
    figure.update_layout(height=300, margin=margin, xaxis={"title": "importance", "tickformat": ".0%"})
    return figure


def _drawn(sharpe: Array) -> NDArray[np.int64]:
    defined = np.flatnonzero(~np.isnan(sharpe))
    best = defined[np.argsort(-sharpe[defined], kind="stable")[: DRAWN_LINES // 2]]
    spread = defined[:: max(len(defined) // (DRAWN_LINES // 2), 1)]
    chosen: NDArray[np.int64] = np.union1d(best, spread)
    return chosen[np.argsort(sharpe[chosen], kind="stable")]  # the best are drawn last, on top


def _round(values: Array, digits: int) -> list[float | None]:
    return [None if np.isnan(value) else round(value, digits) for value in values.tolist()]


def _cells(table: Array) -> list[list[float | None]]:
    return [_round(row, 5) for row in table]
