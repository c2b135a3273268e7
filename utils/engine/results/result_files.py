"""The files a backtest leaves in its folder, named as LEAN names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from utils.engine.results.backtest_result import BacktestResult
from utils.engine.results.event_json import event_fields
from utils.engine.results.json_text import json_text
from utils.files import write_atomic


def write_results(
    folder: Path, stem: str, result: BacktestResult, order_events: Sequence[Any], log: Iterable[str]
) -> dict[str, Path]:
    """Write result, summary, order events (when there are any) and log.

    Args:
        folder: made when missing.
        stem: of the file names, LEAN's algorithm id.
        result: of the backtest.
        order_events: all, in order.
        log: lines.

    Returns:
        The files by kind: `result`, `summary`, `order-events`, `log`.

    Raises:
        UserError: the folder cannot be written.
    """
    texts = {"summary": result.summary_text(), "result": result.text()}
    files = {"summary": folder / f"{stem}-summary.json", "result": folder / f"{stem}.json"}
    if order_events:
        texts["order-events"] = json_text([event_fields(event, stem) for event in order_events])
        files["order-events"] = folder / f"{stem}-order-events.json"
    texts["log"] = "".join(f"{line}\n" for line in log)
    files["log"] = folder / f"{stem}-log.txt"
    for kind, path in files.items():
        write_atomic(path, texts[kind])
    return files
