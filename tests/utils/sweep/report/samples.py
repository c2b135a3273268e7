"""A sweep command, and a report's content with hostile text wherever a sweep file could put it."""

from __future__ import annotations

from dataclasses import replace

from click.testing import CliRunner, Result

from scripts.sweep import main
from utils.sweep.definition import Sweep
from utils.sweep.report.content import Content

HOSTILE = "</script><img src=x onerror=\"window.broken=1\"><b>'broken'</b>{{ 7 * 7 }}"


def sweep(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def hostile(content: Content) -> Content:
    """Names, verdict, metric and the parameters of the best rows are `HOSTILE`."""
    swept = content.sweep
    assert isinstance(swept, Sweep)
    axis = swept.grid.axes[-1]
    return replace(
        content,
        record=replace(content.record, id=HOSTILE, strategy=HOSTILE),
        assessment=replace(content.assessment, verdict=HOSTILE),
        metric=HOSTILE,
        leaders=[{**row, axis.field: HOSTILE} for row in content.leaders],
    )
