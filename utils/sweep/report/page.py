"""The page: content and charts in one HTML file that needs nothing else."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from utils.files import write_atomic
from utils.sweep.combinations import Swept
from utils.sweep.presentation import brief, shown
from utils.sweep.report import figures
from utils.sweep.report.content import Content, gather
from utils.sweep.robustness import Assessment
from utils.sweep.store import Store, SweepRecord

TABLE_ROWS = 20

TABLE_COLUMNS = {
    "pnl": "profit",
    "sharpe": "Sharpe",
    "profit_factor": "profit factor",
    "max_drawdown": "drawdown",
    "total_trades": "trades",
    "deflated_sharpe_distinct": "deflated Sharpe",
    "plateau": "plateau",
    "holdout_pnl": "holdout profit",
    "holdout_sharpe": "holdout Sharpe",
    "holdout_max_drawdown": "holdout drawdown",
}
SENSITIVITY_ROWS = ("pnl", "sharpe", "profit_factor", "max_drawdown", "fees")


def write_report(
    path: Path,
    store: Store,
    record: SweepRecord,
    sweep: Swept,
    assessment: Assessment,
    metric: str = "sharpe",
    min_trades: int = 10,
) -> None:
    """Write the report of a stored sweep to `path`.

    Args:
        store, record: where it is, and its row there.
        sweep: the same, its bars read again.
        assessment: its overfitting figures.
        metric, min_trades: how its rows are ranked.
    Raises:
        UserError: the file cannot be written.
    """
    write_atomic(path, render(gather(store, record, sweep, assessment, metric, min_trades, TABLE_ROWS)))


def render(content: Content) -> str:
    """The page as one string of HTML."""
    environment = Environment(
        loader=PackageLoader("utils.sweep.report", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    charts: dict[str, go.Figure | None] = {
        "equity": figures.equity(content.curve) if content.curve else None,
        "parallel": figures.parallel(content),
        "distribution": figures.distribution(content),
        "degradation": figures.degradation(content),
    }
    if content.history is not None:
        charts["history"] = figures.search_history(content.history)
        charts["importance"] = figures.importance(content.history)
    data = {
        "charts": {
            name: json.loads(figure.to_json()) for name, figure in charts.items() if figure is not None
        },
        "heatmaps": figures.heatmaps(content),
    }
    return environment.get_template("page.html").render(
        content=content,
        record=content.record,
        assessment=content.assessment,
        figures=_headline_figures(content),
        axes=content.sweep.rows.names,
        rows=content.sweep.rows,
        columns=TABLE_COLUMNS,
        sensitivity_rows=SENSITIVITY_ROWS,
        charts=set(data["charts"]),
        shown=shown,
        brief=brief,
        first_day=_day(content.record.first_time),
        last_day=_day(content.record.last_time),
        costs=_costs(content.sweep),
        data=_script_json(data),
        script=Markup(_own("page.js")),
        style=Markup(_own("page.css")),
        plotly=Markup(get_plotlyjs()),
    )


def _headline_figures(content: Content) -> list[tuple[str, str, str]]:
    """Name, value and meaning of the figures beside the verdict."""
    assessment = content.assessment
    found, walked = assessment.overfitting, assessment.anchored
    best = content.leaders[0] if content.leaders else None
    return [
        (
            "probability of overfitting",
            "-" if found is None else f"{found.probability:.0%}",
            "how often the in-sample winner falls below the median out of sample; 50% is a coin's toss",
        ),
        (
            "deflated Sharpe ratio",
            shown("deflated_sharpe_distinct", best and best["deflated_sharpe_distinct"]),
            "probability that the first row is more than the luck of the best of all; 0.95 convinces",
        ),
        (
            "best against luck",
            f"{_sharpe(assessment.best_sharpe)} : {_sharpe(assessment.lucky_sharpe)}",
            "highest Sharpe ratio, and what the best of as many unskilled rows would show",
        ),
        (
            "walk-forward Sharpe ratio",
            "-" if walked is None else _sharpe(walked.sharpe * assessment.annual),
            "of always trading the row that was best so far",
        ),
        (
            "buy and hold",
            shown("buy_and_hold", content.record.buy_and_hold),
            "return of the same span, without trading",
        ),
    ]


def _sharpe(value: float) -> str:
    return shown("sharpe", None if math.isnan(value) else value)


def _costs(sweep: Swept) -> str:
    instrument = sweep.config.instrument
    fees = [f"{name.replace('_', ' ')} {value:g}" for name, value in instrument.fees if value]
    return f"{', '.join(fees) or 'no fees'}; slippage {instrument.slippage:g}"


def _script_json(data: Mapping[str, Any]) -> Markup:
    """JSON that no string in it can break out of a <script> with."""
    return Markup(json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"))


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _own(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
