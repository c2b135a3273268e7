"""Speed of the embedded engine, and of public peers on the same bars in the same run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from trading.simulation.instrument import SecurityType
from utils.data.lean.series import LeanSeries, Resolution, TickType
from utils.data.synthetic import prices, walk
from utils.engine.made_up_data import write_made_up

BARS: Final = 530_000
# Everybody runs this often, in turns, and counts with the best run: a machine is never the same for long.
ROUNDS: Final = 3
HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
ALGORITHMS: Final = HERE / "algorithms"

# Package to install -> the script that runs it; deployquant runs LEAN's own algorithm file over LEAN's data.
PEERS: Final = {
    "nautilus_trader": "nautilus_ema.py",
    "backtrader": "backtrader_ema.py",
    "deployquant": None,
}
_RAN_IN = re.compile(r"Ran in\s+([\d.]+)s")


def lines(
    environments: Path, bars: int = BARS, rounds: int = ROUNDS, peers: Iterable[str] = tuple(PEERS)
) -> Iterator[dict[str, Any]]:
    """Measure; one mapping a figure.

    Seconds are those of the processor, so that other programs on the machine count less.

    Args:
        environments: folder of the peers' virtual environments, which are made there once.
        bars: minutes of SPY.
        rounds: runs of each; the best counts.
        peers: packages to compare with.
    """
    with _data(bars) as (folder, closes):
        ema_cross, none = folder.parent / "ema_cross.py", folder.parent / "empty.py"
        _run(ema_cross, folder)  # byte code and compiled kernels are cached from now on
        yield _line("engine/empty", [_run(none, folder) for _ in range(rounds)])
        ours: list[dict[str, Any]] = []
        theirs: dict[str, dict[str, Any]] = {}
        for _ in range(rounds):
            ours.append(_run(ema_cross, folder))
            for name in peers:
                theirs[name] = _better(theirs.get(name), _peer(name, environments, folder, closes))
        speeds = [figures["bars_per_second"] for figures in theirs.values() if "bars_per_second" in figures]
        line = _line("engine/ema_cross", ours)
        if speeds:
            line["times_fastest_peer"] = round(line["bars_per_second"] / max(speeds), 2)
        yield line
        for name, figures in theirs.items():
            yield {"name": "engine/ema_cross", "peer": name, **figures}


def _better(one: dict[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    if one is None or one.get("bars_per_second", 0) < other.get("bars_per_second", 0):
        return other
    return one


def _line(name: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    bars = runs[0]["bars"]
    return {
        "name": name,
        "bars_per_second": round(bars / min(run["seconds"] for run in runs)),
        "bars_per_second_with_reading": round(bars / min(run["seconds_with_reading"] for run in runs)),
        "bars": bars,
        "orders": runs[0]["orders"],
        "peak_memory_mb": max(run["peak_memory_mb"] for run in runs),
        "start_up_s": min(run["start_up_s"] for run in runs),
    }


@contextmanager
def _data(bars: int) -> Iterator[tuple[Path, Path]]:
    """Minutes of SPY as a LEAN data folder without quotes, and their closes as .npy."""
    with tempfile.TemporaryDirectory(prefix="bench-engine-") as name:
        folder, closes = Path(name) / "data", Path(name) / "closes.npy"
        series = LeanSeries(SecurityType.EQUITY, "usa", "SPY", Resolution.MINUTE, TickType.TRADE)
        end = write_made_up(folder, series, bars).end
        for algorithm in ALGORITHMS.glob("*.py"):  # each ends with the data
            text = algorithm.read_text(encoding="utf-8")
            text = re.sub(
                r"^END = .*$", f"END = datetime({end.year}, {end.month}, {end.day})", text, flags=re.M
            )
            (Path(name) / algorithm.name).write_text(text, encoding="utf-8")
        for quotes in (folder / "equity/usa/minute/spy").glob("*_quote.zip"):
            quotes.unlink()
        np.save(closes, prices(walk(bars, 2025), 240.0, 0.0009, centre=240.0)[3])
        yield folder, closes


def _run(algorithm: Path, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "utils.bench.engine_run", str(algorithm), str(folder), str(time.time())]
    # Byte code is cached as it is for a user, whatever this environment says, and gone afterwards.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder.parent / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return _figures(command, environment)


def _figures(command: list[str], environment: dict[str, str] | None = None) -> dict[str, Any]:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _peer(name: str, environments: Path, folder: Path, closes: Path) -> dict[str, Any]:
    """Speed of a peer, or why there is none."""
    try:
        python = _environment(name, environments)
        script = PEERS[name]
        if script is not None:
            figures = _figures([str(python), str(HERE / "peers" / script), str(closes)])
            return {"bars_per_second": round(figures["bars"] / figures["seconds"])}
        command = [
            str(python.parent / "dqengine"),
            "backtest",
            str(folder.parent / "ema_cross.py"),
            "--data",
            str(folder),
        ]
        before = _children_seconds()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = float(_RAN_IN.search(done.stdout + done.stderr)[1])  # type: ignore[index]  # else it failed
        # It tells seconds of the clock; the processor's count where they are fewer.
        seconds = min(seconds, _children_seconds() - before)
        return {"bars_per_second": round(len(np.load(closes)) / seconds), "reading": "included"}
    except (OSError, subprocess.CalledProcessError, TypeError, ValueError) as problem:
        output = getattr(problem, "stderr", "") or str(problem)
        return {"skipped": output.strip().splitlines()[-1][:200]}


def _children_seconds() -> float:
    used = os.times()
    return used.children_user + used.children_system


def _environment(name: str, environments: Path) -> Path:
    """The interpreter of a peer's own virtual environment, made when it is not there."""
    python = environments / name / "bin" / "python"
    if not python.is_file():
        for command in (
            [sys.executable, "-m", "venv", str(environments / name)],
            [str(python), "-m", "pip", "install", "--quiet", "numpy", name],
        ):
            subprocess.run(command, capture_output=True, text=True, check=True)
    return python
