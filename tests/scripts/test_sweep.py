"""The sweep's command line, from the sweep file to the last row."""

from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path

import numpy as np
import pytest

from tests.scripts.sweep_command import (
    METRICS,
    BarsFile,
    SweepFile,
    done,
    failed,
    query,
    strategies,
)
from trading.indicators import IndicatorTable
from trading.simulation import simulate
from utils.data.load import load_bars
from utils.sweep.config import load_config
from utils.sweep.definition import define


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


def test_bars_of_the_sample_data(tmp_path: Path, sweep_file: SweepFile, sample_data: Path) -> None:
    bars = sample_data / "bars" / "BTC-USD_5m.csv"
    database = tmp_path / "btc.db"
    done("run", sweep_file(), "--db", database, "--data", bars)
    assert (
        query(database, "SELECT count(*) FROM strategies WHERE status = 'ok' AND total_trades > 0")[0][0]
        > 200
    )
    assert query(database, "SELECT bars FROM sweeps")[0][0] < 0.8 * len(load_bars(bars)) + 1
