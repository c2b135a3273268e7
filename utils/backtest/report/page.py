"""The page: made of a result file of LEAN's form, so that any engine's results can be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from trading.execution.decisions import Decision, read_decisions
from utils.errors import UserError
from utils.files import read_text, write_atomic

TABLE_ROWS = 500
MARKED_TRADES = 2_000
HEADLINE = ("Net Profit", "Compounding Annual Return", "Drawdown", "Sharpe Ratio", "Win Rate", "Total Fees")
SIDES = ("long", "short")

Point = tuple[str, float]


def write_report(path: Path, result: Path, title: str, decisions: Path | None = None) -> None:
    """Write the report of a result file.

    Args:
        path: of the HTML file.
        result: LEAN's result JSON.
        title: shown on top.
        decisions: the algorithm's record of them (`trading.execution.decisions`), if it keeps one.

    Raises:
        UserError: the result cannot be read, or the report not be written.
    """
    try:
        content = json.loads(read_text(result))
        page = render(content, title, _decisions(decisions))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise UserError(f"{result}: is not LEAN's result: {error!r}; run the backtest again") from error
    write_atomic(path, page)


def _decisions(path: Path | None) -> list[Decision]:
    if path is None:
        return []
    try:
        return list(read_decisions(read_text(path)))
    except ValueError as error:
        raise UserError(f"{path}: {error}; run the backtest again") from None


def render(result: Mapping[str, Any], title: str, decisions: Sequence[Decision] = ()) -> str:
    """The page as one string of HTML."""
    environment = Environment(
        loader=PackageLoader("utils.backtest.report", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    statistics = result.get("statistics") or {}
    trades = (result.get("totalPerformance") or {}).get("closedTrades") or []
    state, terms = result.get("state") or {}, result.get("algorithmConfiguration") or {}
    equity = _points(result, "Strategy Equity", "Equity")
    return environment.get_template("page.html").render(
        title=title,
        status=state.get("Status", ""),
        error=state.get("RuntimeError", ""),
        span=f"{str(terms.get('startDate', ''))[:10]} to {str(terms.get('endDate', ''))[:10]}",
        currency=terms.get("accountCurrency", ""),
        headline=[(name, statistics[name]) for name in HEADLINE if name in statistics],
        statistics=statistics,
        runtime=result.get("runtimeStatistics") or {},
        parameters=terms.get("parameters") or {},
        trades=[_trade(trade) for trade in trades[:TABLE_ROWS]],
        trade_count=len(trades),
        decisions=decisions,
        chart=Markup(_script_json(json.loads(_chart(result, equity, trades).to_json()))) if equity else None,
        style=Markup(_own("page.css")),
        script=Markup(_own("page.js")),
        plotly=Markup(get_plotlyjs()) if equity else "",
    )


def _chart(
    result: Mapping[str, Any], equity: Sequence[Point], trades: Sequence[Mapping[str, Any]]
) -> go.Figure:
    """Equity with the ends of trades, drawdown below; the page's script sets the colours."""
    figure = go.Figure()
    times, values = zip(*equity, strict=True)
    figure.add_scatter(x=times, y=values, name="equity", line={"width": 1.6})
    if 0 < len(trades) <= MARKED_TRADES:
        ends = [_stamp(trade["exitTime"]) for trade in trades]
        figure.add_scatter(
            x=ends,
            y=_at(times, values, ends),
            name="trades closed",
            mode="markers",
            marker={"size": 6},
            text=[f"{_trade(trade)['symbol']} {trade['profitLoss']:+,.2f}" for trade in trades],
            hovertemplate="%{text}<extra></extra>",
        )
    if drawdown := _points(result, "Drawdown", "Equity Drawdown"):
        moments, depths = zip(*drawdown, strict=True)
        figure.add_scatter(
            x=moments, y=depths, name="drawdown, %", yaxis="y2", fill="tozeroy", line={"width": 1}
        )
    figure.update_layout(
        height=480,
        margin={"l": 64, "r": 16, "t": 8, "b": 40},
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        yaxis={"domain": [0.34, 1], "title": "equity", "tickformat": ",.6~g"},
        yaxis2={"domain": [0, 0.27], "title": "drawdown, %"},
        xaxis={"anchor": "y2"},
    )
    return figure


def _points(result: Mapping[str, Any], chart: str, series: str) -> list[Point]:
    """Times and values of a series; of a candlestick its close."""
    found = (result.get("charts") or {}).get(chart, {}).get("series", {}).get(series, {})
    rows = found.get("values") or []
    pairs = [(row["x"], row["y"]) if isinstance(row, dict) else (row[0], row[-1]) for row in rows]
    return [(_moment(time), value) for time, value in pairs if value is not None]


def _at(times: Sequence[str], values: Sequence[float], wanted: Sequence[str]) -> list[float]:
    """The value of each time, the last one known."""
    found, place = [], 0
    for time in sorted(wanted):
        while place + 1 < len(times) and times[place + 1] <= time:
            place += 1
        found.append((time, values[place]))
    known = dict(found)
    return [known[time] for time in wanted]


def _trade(trade: Mapping[str, Any]) -> dict[str, Any]:
    symbols = trade.get("symbols") or [trade.get("symbol") or {}]
    return {
        "symbol": symbols[0].get("value", ""),
        "side": SIDES[int(trade["direction"])],
        "quantity": f"{trade['quantity']:,.10g}",
        "entry_time": _stamp(trade["entryTime"]),
        "entry_price": f"{trade['entryPrice']:,.10g}",
        "exit_time": _stamp(trade["exitTime"]),
        "exit_price": f"{trade['exitPrice']:,.10g}",
        "profit": f"{trade['profitLoss']:,.2f}",
        "fees": f"{trade['totalFees']:,.2f}",
    }


def _stamp(text: str) -> str:
    return text[:19].replace("T", " ")


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _script_json(data: Mapping[str, Any]) -> str:
    """JSON that no string in it can break out of a <script> with."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _own(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
