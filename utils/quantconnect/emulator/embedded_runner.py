"""Backtests of the emulator in the embedded engine, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from utils.errors import UserError
from utils.quantconnect.emulator.runners import BacktestJob, BacktestOutcome

NOTE = "emulated: run by the embedded engine on the emulator's own data"
LOOK = 0.5  # seconds between two looks at whether the backtest was deleted
TAIL = 300


class EmbeddedRunner:
    """Runs what was pushed over a LEAN data folder.

    Raises:
        UserError: there is no such folder.
    """

    def __init__(self, data_folder: Path) -> None:
        if not data_folder.is_dir():
            raise UserError(
                f"--data-folder {data_folder}: no such folder; make one with scripts/data.py sample"
            )
        self._data = data_folder.resolve()

    def run(self, job: BacktestJob, progress: Callable[[float], None]) -> BacktestOutcome:
        """Run to the end; the engine's statistics, charts, orders and log."""
        with tempfile.TemporaryDirectory(prefix="emulated-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            asked, answered = folder / "job.json", folder / "answer.json"
            asked.write_text(json.dumps(self._job(job, folder)), encoding="utf-8")
            with (folder / "said.txt").open("w+b") as said:
                code = _follow([str(asked), str(answered)], folder, said, progress)
                said.seek(0)
                words = " ".join(said.read().decode(errors="replace").split())
            if not answered.is_file():
                return BacktestOutcome(error=f"the engine ended with exit code {code}: {words[-TAIL:]}")
            answer = json.loads(answered.read_text(encoding="utf-8"))
            found = _read(answer, "result") or {}
            events = _read(answer, "order-events") or []
        return _outcome(answer, found, events)

    def _job(self, job: BacktestJob, folder: Path) -> dict[str, Any]:
        project = folder / "project"
        _write(project, job.snapshot.files)
        paths: dict[str, None] = {}
        for library, files in job.snapshot.libraries.items():
            home = _inside(folder, library)
            _write(home, files)
            paths |= {str(home): None, str(home.parent): None}
        return {
            "algorithm": str(project / "main.py"),
            "data": str(self._data),
            "parameters": job.parameters,
            "name": job.name,
            "algorithm_id": job.backtest_id,
            "python_paths": list(paths),
            "output": str(folder / "results"),
        }


def _follow(arguments: list[str], folder: Path, said: Any, progress: Callable[[float], None]) -> int:
    """Wait for the engine; ends it when the backtest was deleted, which `progress` tells by raising."""
    command = [sys.executable, "-m", "utils.engine.process", *arguments]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
    ) as process:
        try:
            while True:
                progress(0.5)
                try:
                    return process.wait(LOOK)
                except subprocess.TimeoutExpired:
                    continue
        finally:
            process.kill()


def _read(answer: Mapping[str, Any], kind: str) -> Any:
    path = answer["files"].get(kind)
    return json.loads(Path(path).read_text(encoding="utf-8")) if path else None


def _outcome(
    answer: Mapping[str, Any], result: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
) -> BacktestOutcome:
    state = result.get("state") or {}
    events_of: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        events_of[event["orderId"]].append(event)
    orders = [{**order, "events": events_of[order["id"]]} for order in (result.get("orders") or {}).values()]
    return BacktestOutcome(
        statistics=result.get("statistics") or {},
        runtime_statistics=result.get("runtimeStatistics") or {},
        total_performance=result.get("totalPerformance") or {},
        charts=result.get("charts") or {},
        orders=orders,
        logs=answer["log"],
        note=NOTE,
        error=answer["error"],
        stacktrace=state.get("StackTrace", ""),
    )


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = _inside(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _inside(folder: Path, name: str) -> Path:
    """A path below a folder; names come over the network."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
        raise UserError(f"{name!r}: is no path inside a project; rename it")
    return folder.joinpath(*parts)
