"""Figures of speed and memory, as JSON lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from utils.cli import command, examples

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ("sweep", "engine", "options", "monitor", "features", "search", "dashboard", "cluster", "scaling")
REPEATS = 3


@command()
@click.argument("target", type=click.Choice(TARGETS), default="sweep")
@click.option("--only", metavar="NAME", help="One measurement, as sweep/reference.")
@click.option("--here", is_flag=True, hidden=True, help="Measure in this process.")
@click.option(
    "--peers",
    type=click.Path(path_type=Path),
    default=ROOT / ".peers",
    show_default=".peers",
    help="Folder of the peers' virtual environments, for engine.",
)
@click.option(
    "--bars",
    type=click.IntRange(min=5000),
    default=530_000,
    show_default=True,
    help="Minutes of SPY, for engine.",
)
@click.option(
    "--size",
    type=click.IntRange(1, 256),
    default=32,
    show_default=True,
    help="Times 16,384 combinations, for cluster.",
)
@examples(
    "python scripts/bench.py sweep",
    "python scripts/bench.py sweep --only sweep/reference",
    "python scripts/bench.py engine",
    "python scripts/bench.py options",
    "python scripts/bench.py monitor",
    "python scripts/bench.py features",
    "python scripts/bench.py search",
    "python scripts/bench.py dashboard",
    "python scripts/bench.py cluster",
    "python scripts/bench.py scaling",
)
def main(target: str, only: str | None, here: bool, peers: Path, bars: int, size: int) -> None:
    """Measure TARGET; one JSON line a figure, each from a process of its own.

    Ratios are measured in one run, since machines are noisy. The comparison with vectorbt needs an
    interpreter that has it, named by VECTORBT_PYTHON or found in .venv-vectorbt.
    """
    if target == "engine":
        sys.path.insert(0, str(ROOT))
        from utils.bench import engine  # noqa: PLC0415 - as below

        for line in engine.lines(peers, bars):
            click.echo(json.dumps(line))
        return
    if target == "options":
        sys.path.insert(0, str(ROOT))
        from utils.bench import options  # noqa: PLC0415 - as below

        for line in options.measure():
            click.echo(json.dumps(line))
        return
    if target in ("cluster", "scaling"):
        sys.path.insert(0, str(ROOT))
        from utils.bench import cluster, scaling  # noqa: PLC0415 - as below

        for figures in cluster.lines(size) if target == "cluster" else scaling.lines():
            click.echo(json.dumps(figures))
        return
    measurements = _measurements(target)
    if only is not None and only not in measurements:
        raise click.UsageError(f"no measurement {only!r}; there are {', '.join(measurements)}")
    for name in measurements if only is None else [only]:
        if here:
            click.echo(json.dumps({"name": name, **measurements[name]()}))
            continue
        child = [sys.executable, __file__, target, "--only", name, "--here"]
        if subprocess.run(child, cwd=ROOT, check=False).returncode:
            raise click.exceptions.Exit(1)


def _measurements(target: str) -> dict[str, Any]:
    # Imported here: `--help` need not wait for numba, and `tests` is beside the scripts only in a checkout.
    sys.path.insert(0, str(ROOT))
    if target == "monitor":
        from utils.bench import monitor  # noqa: PLC0415

        return dict(monitor.MEASUREMENTS)
    if target == "search":
        from utils.bench import search  # noqa: PLC0415

        return dict(search.MEASUREMENTS)
    if target == "features":
        from utils.bench import features  # noqa: PLC0415

        return dict(features.MEASUREMENTS)
    if target == "dashboard":
        from utils.bench import dashboard  # noqa: PLC0415

        return dict(dashboard.MEASUREMENTS)
    from utils.bench import sweeps  # noqa: PLC0415

    return {**sweeps.MEASUREMENTS, "sweep/baselines": _baselines}


def _baselines() -> dict[str, Any]:
    """Seconds per combination: the sweep, a NumPy/pandas backtest of one combination at a time, vectorbt."""
    from tests.reference.naive_money_line import backtest  # noqa: PLC0415
    from utils.bench import baselines, sweeps  # noqa: PLC0415

    config, bars = sweeps.reference_inputs()
    runs = [sweeps.reference() for _ in range(REPEATS)]  # the best of as many, as vectorbt's script takes it
    ours = min(run["seconds"] for run in runs) / runs[0]["combinations"]
    pandas = baselines.one_at_a_time(backtest, config, bars)
    figures = {
        "sweep_us": round(ours * 1e6, 2),
        "pandas_us": round(pandas * 1e6, 1),
        "times_pandas": round(pandas / ours),
    }
    measured = baselines.vectorbt(ROOT / "tests" / "reference" / "vectorbt_bench.py", config, bars)
    if measured is None:
        skipped = f"not measured: name an interpreter that has it with {baselines.VECTORBT_VARIABLE}"
        return {**figures, "vectorbt": skipped}
    seconds = measured["seconds_per_combination"]
    return {
        **figures,
        "vectorbt": measured["version"],
        "vectorbt_us": round(seconds * 1e6, 1),
        "times_vectorbt": round(seconds / ours),
    }


if __name__ == "__main__":
    main()
