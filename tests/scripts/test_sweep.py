"""The sweep's command line, from the sweep file to the last row."""

from __future__ import annotations

import csv
import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from scripts.sweep import main
from trading.indicators import IndicatorTable
from trading.simulation import simulate
from utils.data.load import load_bars
from utils.sweep.config import load_config
from utils.sweep.definition import define

ROOT = Path(__file__).parents[2]

SweepFile = Callable[..., Path]
BarsFile = Callable[..., Path]
METRICS = (
    "pnl", "win_rate", "profit_factor", "max_drawdown", "sharpe", "sortino", "exposure", "fees", "open_pnl",
    "total_trades",
)  # fmt: skip


def sweep(*arguments: str | Path) -> Result:
    """Run scripts/sweep.py in this process, with no terminal."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def done(*arguments: str | Path) -> str:
    result = sweep(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def failed(*arguments: str | Path, code: int = 1) -> str:
    """The one line of a command that fails."""
    result = sweep(*arguments)
    assert result.exit_code == code, result.output
    if code == 1:
        assert result.stderr.startswith("error: ")
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""
    return result.stderr


def query(database: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(database)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def strategies(database: Path) -> list[tuple[Any, ...]]:
    """Results, without what says how they were cut into chunks."""
    names = (
        f"id, sweep, combo, trial, params, status, {', '.join(METRICS)}, buy_and_hold, trades_hash, blocks"
    )
    return query(database, f"SELECT {names} FROM strategies ORDER BY id")


@pytest.fixture
def swept(tmp_path: Path, sweep_file: SweepFile) -> tuple[Path, Path]:
    """A sweep file, and the database of its finished sweep."""
    config, database = sweep_file(), tmp_path / "small.db"
    done("run", config, "--db", database)
    return config, database


def test_a_sweep_from_end_to_end(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    config, database = swept
    assert query(database, "SELECT status, COUNT(*) FROM chunks GROUP BY status") == [("completed", 6)]
    rows = strategies(database)
    assert [row[2] for row in rows] == list(range(288))
    grid = load_config(config).combinations()
    for row in rows:
        values = json.loads(row[4])
        assert values == grid.values(row[2])
        assert (row[5] == "invalid") == (values["ma_fast"] >= values["ma_slow"])
    assert {row[5] for row in rows} == {"ok", "invalid"}
    assert sorted(file.name for file in tmp_path.iterdir() if file.name.startswith("small")) == [
        "small.db",
        "small.yaml",
        "small_top.csv",
    ]


def test_rows_are_what_the_simulator_says(swept: tuple[Path, Path]) -> None:
    config, database = swept
    definition = define(load_config(config), "", str(config))
    bars = definition.swept_bars
    assert len(bars) == 2400
    table = IndicatorTable(bars)
    strategy = definition.grid.strategy
    for row in strategies(database)[:: 288 // 40]:
        if row[5] == "invalid":
            assert row[6:10] == (None,) * 4
            continue
        events = strategy.signals(bars, table, strategy.parse(json.loads(row[4])))
        result = simulate(bars, events, definition.config.instrument, definition.config.capital).result
        expected = [None if np.isnan(result[name]) else result[name].item() for name in METRICS]
        assert list(row[6 : 6 + len(METRICS)]) == expected
        assert row[-2] % 2**64 == int(result["trades_hash"])
        assert np.array_equal(np.frombuffer(row[-1], "<f8"), result["blocks"])


def test_chunk_size_and_workers_do_not_matter(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    config, database = swept
    for chunk_size, workers in ((1, 2), (7, 4), (288, 1), (100_000, 3)):
        other = tmp_path / f"other_{chunk_size}.db"
        done("run", config, "--db", other, "--chunk-size", str(chunk_size), "--workers", str(workers))
        assert strategies(other) == strategies(database)


def test_the_csv_of_the_best_rows(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    config, database = swept
    target = tmp_path / "best" / "rows.csv"
    done(
        "run", config, "--db", database, "--top", "5", "--metric", "pnl", "--min-trades", "3", "--csv", target
    )
    with target.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    best = query(
        database,
        "SELECT combo, pnl, sharpe, params FROM strategies WHERE status = 'ok' AND total_trades >= 3"
        " ORDER BY pnl DESC, combo LIMIT 5",
    )
    assert [(int(row["combo"]), float(row["pnl"]), float(row["sharpe"])) for row in rows] == [
        entry[:3] for entry in best
    ]
    assert [int(row["rank"]) for row in rows] == [1, 2, 3, 4, 5]
    for row, entry in zip(rows, best, strict=True):
        params = json.loads(entry[3])
        assert all(float(row[name]) == params[name] for name in load_config(config).combinations().names)
        assert row["holdout_pnl"]


def test_the_holdout_is_never_seen(tmp_path: Path, sweep_file: SweepFile, bars_file: BarsFile) -> None:
    lines = bars_file("bars.csv").read_text().splitlines()
    time_of = [line.split(",")[0] for line in lines]
    other = tmp_path / "other.csv"
    first = next(k for k in range(2401, 3001) if time_of[k].endswith("T00:00:00"))
    changed = [f"{line.split(',')[0]},50,51,49,50,1" for line in lines[first:]]
    other.write_text("\n".join([*lines[:first], *changed]) + "\n")
    config = sweep_file()
    one = json.loads(done("run", config, "--db", tmp_path / "one.db", "--json"))
    two = json.loads(done("run", config, "--db", tmp_path / "two.db", "--data", other, "--json"))
    assert strategies(tmp_path / "one.db") == strategies(tmp_path / "two.db")
    assert one[0]["rows"] != two[0]["rows"]
    assert [row["pnl"] for row in one[0]["rows"]] == [row["pnl"] for row in two[0]["rows"]]


def test_dates_and_no_holdout(tmp_path: Path, sweep_file: SweepFile) -> None:
    database = tmp_path / "dates.db"
    config = sweep_file()
    done("run", config, "--db", database, "--from", "2023-11-10", "--to", "2023-12-31", "--holdout", "0")
    assert query(
        database, "SELECT bars, days, date(first_time, 'unixepoch'), date(last_time, 'unixepoch') FROM sweeps"
    ) == [(52 * 24, 52, "2023-11-10", "2023-12-31")]
    figures = json.loads(done("show", "3", "--db", database, "--output", tmp_path, "--json"))
    assert figures["figures"]["holdout"] is None


def test_several_symbols(tmp_path: Path, sweep_file: SweepFile, bars_file: BarsFile) -> None:
    for name, seed in (("AAA", 1), ("BBB", 2)):
        bars_file(f"{name}.csv", seed=seed)
    config = sweep_file(data={"path": str(tmp_path / "{symbol}.csv"), "symbols": ["AAA"]})
    database = tmp_path / "both.db"
    done("run", config, "--db", database)
    done("run", config, "--db", database, "--symbol", "aaa", "--symbol", "BBB", "--chunk-size", "10")
    assert query(database, "SELECT id, symbol, chunk_size FROM sweeps") == [
        ("small:AAA", "AAA", 50),
        ("small:BBB", "BBB", 10),
    ]
    assert query(
        database, "SELECT sweep, count(*), count(DISTINCT combo) FROM strategies GROUP BY sweep"
    ) == [
        ("small:AAA", 288, 288),
        ("small:BBB", 288, 288),
    ]
    assert (tmp_path / "both_top_AAA.csv").exists()
    assert "name one of AAA, BBB with --symbol" in failed("top", "--db", database)
    assert "holds no symbol ccc" in failed("top", "--db", database, "--symbol", "ccc")
    best = json.loads(done("top", "--db", database, "--symbol", "bbb", "--json", "--top", "1"))["rows"]
    assert best[0]["sharpe"] == query(
        database, "SELECT max(sharpe) FROM strategies WHERE sweep = 'small:BBB' AND total_trades >= 10"
    )[0][0]  # fmt: skip


def test_status(swept: tuple[Path, Path]) -> None:
    _, database = swept
    assert json.loads(done("status", "--db", database, "--json")) == [
        {
            "sweep": "small",
            "strategy": "money_line",
            "bars": 2400,
            "combos": 288,
            "combos_done": 288,
            "chunks": {"pending": 0, "running": 0, "completed": 6, "failed": 0},
        }
    ]
    assert "288 of 288  100%" in done("status", "--db", database)


def test_top(swept: tuple[Path, Path]) -> None:
    _, database = swept
    shown = json.loads(
        done("top", "--db", database, "--metric", "max_drawdown", "--min-trades", "20", "--json")
    )
    rows = shown["rows"]
    assert {"deflated_sharpe", "plateau", "holdout_sharpe"} <= set(rows[0])
    assert set(shown["overfitting"]) >= {"probability_of_overfitting", "walk_forward_sharpe", "verdict"}
    expected = query(
        database,
        "SELECT combo FROM strategies WHERE status = 'ok' AND total_trades >= 20"
        " ORDER BY max_drawdown, combo LIMIT 100",
    )
    assert [(row["combo"],) for row in rows] == expected
    assert "no row has 100000 trades" in done("top", "--db", database, "--min-trades", "100000")
    assert "parameters: atr_period / multiplier" in done("top", "--db", database)


def test_report(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    _, database = swept
    assert "small.html" in done("report", "--db", database)
    assert (tmp_path / "small.html").read_text().lstrip().lower().startswith("<!doctype html>")
    done("report", "--db", database, "--output", tmp_path / "out" / "page.html", "--metric", "pnl")
    assert (tmp_path / "out" / "page.html").stat().st_size > 100_000


def test_show_and_the_command_that_reproduces_it(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    _, database = swept
    combo = query(database, "SELECT combo FROM strategies WHERE total_trades > 20 ORDER BY pnl DESC")[0][0]
    shown = json.loads(done("show", str(combo), "--db", database, "--output", tmp_path, "--json"))
    stored = query(
        database, f"SELECT {', '.join(METRICS)}, trades_hash, params FROM strategies WHERE combo = {combo}"
    )
    *metrics, trades_hash, params = stored[0]
    assert [shown["figures"]["swept"][name] for name in METRICS] == metrics
    assert shown["figures"]["swept"]["trades_hash"] == trades_hash
    assert shown["params"] == json.loads(params)

    with Path(shown["files"]["trades"]).open(newline="") as stream:
        trades = list(csv.DictReader(stream))
    assert sum(float(trade["pnl"]) for trade in trades) == pytest.approx(shown["figures"]["swept"]["pnl"])
    assert len([trade for trade in trades if trade["reason"] != "open"]) == metrics[-1]
    with Path(shown["files"]["equity"]).open(newline="") as stream:
        equity = [float(row["equity"]) for row in csv.DictReader(stream)]
    assert len(equity) == 2400
    assert equity[-1] - 100_000 == pytest.approx(metrics[0])

    assert [year["year"] for year in shown["years"]] == [2023, 2024]
    assert sum(year["profit"] for year in shown["years"]) == pytest.approx(metrics[0])
    assert sum(year["trades"] for year in shown["years"]) == metrics[-1]
    dearer = shown["figures"]
    assert dearer["fees x2"]["pnl"] < dearer["swept"]["pnl"]
    assert dearer["slippage x2"]["pnl"] == dearer["swept"]["pnl"]  # there is none to double

    words = shlex.split(shown["reproduce"])
    assert words[:2] == ["python", "scripts/sweep.py"]
    again = json.loads(done(*words[2:], "--output", tmp_path, "--json"))
    assert again == {**shown, "reproduce": again["reproduce"]}
    wrong = [*words[2:-1], str(trades_hash + 1)]
    assert "trades differently now" in failed(*wrong, "--output", tmp_path)
    text = done("show", str(combo), "--db", database, "--output", tmp_path)
    assert shown["reproduce"] in text


def test_show_is_clear_about_what_it_cannot_show(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    config, database = swept
    assert "no combination 288 in small; they go from 0 to 287" in failed("show", "288", "--db", database)
    assert "no combination 288" in failed("show", "288", "--config", config)
    invalid = query(database, "SELECT combo FROM strategies WHERE status = 'invalid'")[0][0]
    assert "ma_fast = 40 must be less than ma_slow" in failed("show", str(invalid), "--db", database)
    failed("show", "minus", "--db", database, code=2)
    failed("show", "3", code=2)
    failed("show", "3", "--db", database, "--config", config, code=2)
    failed("show", "3", "--db", database, "--holdout", "0.5", code=2)
    moved = (tmp_path / "bars.csv").rename(tmp_path / "moved.csv")
    assert "bars.csv" in failed("show", "3", "--db", database)
    done("show", "3", "--db", database, "--data", moved, "--output", tmp_path)
    moved.write_text("\n".join(moved.read_text().splitlines()[:-1]) + "\n")
    assert "data" in failed("show", "3", "--db", database, "--data", moved)


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({}, ("--holdout", "0.5"), "settings (holdout: 0.2 before, 0.5 now)"),
        ({}, ("--from", "2023-11-05"), 'data (start: null before, "2023-11-05" now)'),
        ({"capital": {"allocation": 0.5}}, (), "settings (allocation: 0.95 before, 0.5 now)"),
        ({"grid": {"multiplier": [1.0]}}, (), "before, null now; 4 more)"),
        ({"fixed": {}}, (), "grid (ma_gap_min"),
    ],
)
def test_a_database_of_another_sweep(
    swept: tuple[Path, Path],
    sweep_file: SweepFile,
    changes: dict[str, Any],
    options: tuple[str, ...],
    message: str,
) -> None:
    _, database = swept
    before = database.read_bytes()
    assert message in failed("run", sweep_file("changed.yaml", **changes), "--db", database, *options)
    assert database.read_bytes() == before


def test_a_database_of_a_sweep_of_another_name(swept: tuple[Path, Path]) -> None:
    config, database = swept
    config.write_text(config.read_text().replace("name: small", "name: other"))
    assert "it holds the sweep small, not other" in failed("run", config, "--db", database)


def test_other_bars_or_other_code(
    swept: tuple[Path, Path], bars_file: BarsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, database = swept
    other = bars_file("other.csv", seed=8)
    line = failed("run", config, "--db", database, "--data", other)
    assert "differs in data (path" in line
    monkeypatch.setattr("utils.sweep.definition.source_digest", lambda *_: "edited")
    line = failed("run", config, "--db", database)
    assert "differs in code;" in line


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({"strategy": "money_lime"}, (), "unknown strategy 'money_lime'; known: "),
        ({"grid": {"atr_periods": [5]}}, (), "unknown parameter atr_periods; known: "),
        ({"grid": {}}, (), "grid: it is empty"),
        ({"grid": {"atr_period": []}}, (), "atr_period has no values"),
        ({"grid": {"atr_period": [0]}}, (), "atr_period = 0"),
        ({"capital": {"allocation": 3}}, (), "needs a leverage of 3"),
        ({}, ("--data", "none.csv"), "none.csv: no such file"),
        ({}, ("--from", "2031-01-01"), "no bars from 2031-01-01"),
        ({}, ("--symbol", "A", "--symbol", "B"), "2 symbols for the one file"),
        ({"data": {"path": "{symbol}.csv"}}, (), "data.symbols: none to put into {symbol}.csv"),
        ({"data": {"path": "{symbol}.csv"}}, ("--symbol", "XYZ"), "XYZ.csv: no such file"),
    ],
)
def test_wrong_input_leaves_nothing_behind(
    tmp_path: Path, sweep_file: SweepFile, changes: dict[str, Any], options: tuple[str, ...], message: str
) -> None:
    config = sweep_file(**changes)
    database = tmp_path / "new" / "small.db"
    assert message in failed("run", config, "--db", database, *options)
    assert not database.parent.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "a.yaml", "--workers", "0"],
        ["run", "a.yaml", "--from", "yesterday"],
        ["run", "a.yaml", "--holdout", "1.0"],
        ["run", "a.yaml", "--metric", "luck"],
        ["top"],
        ["fly"],
    ],
)
def test_bad_usage(arguments: list[str]) -> None:
    assert sweep(*arguments).exit_code == 2


@pytest.mark.parametrize("command", ["run", "status", "top", "show", "report"])
def test_help_has_examples(command: str) -> None:
    text = done(command, "--help")
    assert f"$ python scripts/sweep.py {command} " in text


def test_databases_that_cannot_be_used(tmp_path: Path, swept: tuple[Path, Path]) -> None:
    config, database = swept
    for command in ("status", "top"):
        assert "there is no such database" in failed(command, "--db", tmp_path / "none.db")
    database.chmod(0o444)
    assert "read-only" in failed("run", config, "--db", database)
    database.chmod(0o644)
    content = database.read_bytes()
    database.write_bytes(content[: len(content) // 2])
    assert "corrupt" in failed("run", config, "--db", database)
    database.write_text("no database" * 100)
    assert "not a SQLite database" in failed("run", config, "--db", database)
    assert "not a SQLite database" in failed("status", "--db", database)


def spawn(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "scripts/sweep.py", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for_rows(database: Path, process: subprocess.Popen[str]) -> None:
    while process.poll() is None:
        if database.exists():
            try:
                if query(database, "SELECT count(*) FROM strategies")[0][0]:
                    return
            except sqlite3.OperationalError:
                pass  # its tables are not there yet
        time.sleep(0.01)


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_by_a_signal(tmp_path: Path, sweep_file: SweepFile, signal_number: signal.Signals) -> None:
    config = sweep_file(
        chunk_size=1, grid={"atr_period": list(range(2, 1002)), "multiplier": [1.0, 2.0, 3.0]}
    )
    database = tmp_path / "stopped.db"
    process = spawn("run", config, "--db", database)
    wait_for_rows(database, process)
    process.send_signal(signal_number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output == ""
    assert "the same command goes on from there" in errors
    assert "Traceback" not in errors
    counts = dict(query(database, "SELECT status, COUNT(*) FROM chunks GROUP BY status"))
    assert set(counts) == {"completed", "pending"}
    assert counts["completed"] == query(database, "SELECT count(*) FROM strategies")[0][0]
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith("stopped.db")] == ["stopped.db"]


def test_stopped_within_one_long_chunk(tmp_path: Path, sweep_file: SweepFile) -> None:
    config = sweep_file(
        chunk_size=1_000_000,
        grid={"atr_period": list(range(2, 202)), "multiplier": [1.0, 2.0, 3.0], "stop_atr": list(range(100))},
    )
    database = tmp_path / "stopped.db"
    process = spawn("run", config, "--db", database)
    while process.poll() is None:
        if database.exists():
            try:
                if query(database, "SELECT count(*) FROM chunks WHERE status = 'running'")[0][0]:
                    break
            except sqlite3.OperationalError:
                pass  # its tables are not there yet
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=100)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "Fatal" not in errors
    assert query(database, "SELECT status FROM chunks")[0][0] in ("pending", "completed")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only the superuser can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk(swept: tuple[Path, Path], small_disk: Path) -> None:
    config, whole = swept
    database = small_disk / "small.db"
    assert "free some space and run the same command to resume" in failed("run", config, "--db", database)
    stored = query(database, "SELECT chunk_id, count(*) FROM strategies GROUP BY chunk_id")
    completed = query(database, "SELECT id, end_combo - start_combo FROM chunks WHERE status = 'completed'")
    assert sorted(stored) == sorted(completed)
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    done("run", config, "--db", database)
    assert strategies(database) == strategies(whole)


def test_two_at_once_do_not_do_the_work_twice(tmp_path: Path, sweep_file: SweepFile) -> None:
    config = sweep_file(chunk_size=1, grid={"atr_period": list(range(2, 1002)), "multiplier": [1.0, 2.0]})
    database = tmp_path / "both.db"
    first = spawn("run", config, "--db", database)
    try:
        wait_for_rows(database, first)
        assert f"process {first.pid} on {os.uname().nodename} is sweeping into it" in failed(
            "run", config, "--db", database
        )
        assert sweep("status", "--db", database).exit_code == 0
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)
    done("run", config, "--db", database)
    assert query(database, "SELECT count(*), count(DISTINCT combo) FROM strategies") == [(2000, 2000)]


def test_bars_of_the_sample_data(tmp_path: Path, sweep_file: SweepFile, sample_data: Path) -> None:
    bars = sample_data / "bars" / "BTC-USD_5m.csv"
    database = tmp_path / "btc.db"
    done("run", sweep_file(), "--db", database, "--data", bars)
    assert (
        query(database, "SELECT count(*) FROM strategies WHERE status = 'ok' AND total_trades > 0")[0][0]
        > 200
    )
    assert query(database, "SELECT bars FROM sweeps")[0][0] < 0.8 * len(load_bars(bars)) + 1
