"""`sweep.py search` and what looks into its database."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.sweep_command import SweepFile, done, failed, query, sweep

SPACE = {
    "atr_period": {"int": [3, 20], "log": True},
    "multiplier": {"float": [0.8, 3.0], "step": 0.1},
    "stop_atr": {"choice": [0, 1.5, 3]},
}
FIXED = {"ma_fast": 5, "ma_slow": 20, "ma_gap_min": -1, "volume_min": 0, "adx_min": 0}

SUMMARY = {
    "dataset", "total_candles", "study_evaluations", "parallelization", "total_evaluations", "successful",
    "failed", "time_seconds", "throughput_per_minute", "average_seconds_per_evaluation", "cpu_hours",
    "best_strategy",
}  # fmt: skip
BEST = {"sharpe_ratio", "win_rate", "max_drawdown", "total_trades", "profit_factor"}


def search_file(sweep_file: SweepFile, name: str = "search.yaml", **changes: Any) -> Path:
    content = {"grid": None, "chunk_size": None, "fixed": FIXED, "space": SPACE}
    return sweep_file(name, **{**content, "search": {"trials": 24, "batch": 8}, **changes})


@pytest.fixture
def searched(tmp_path: Path, sweep_file: SweepFile) -> tuple[Path, Path]:
    """A search file, and the database of its finished search."""
    config, database = search_file(sweep_file), tmp_path / "search.db"
    done("search", config, "--db", database)
    return config, database


def test_the_summary_answers_what_the_benchmark_asks(tmp_path: Path, sweep_file: SweepFile) -> None:
    config = search_file(sweep_file)
    found = json.loads(done("search", config, "--db", tmp_path / "a.db", "--workers", "2", "--json"))
    assert found.keys() >= SUMMARY
    assert found["best_strategy"].keys() >= BEST
    assert (found["study_evaluations"], found["total_evaluations"], found["failed"]) == (24, 24, 0)
    assert found["complete"] + found["pruned"] + found["infeasible"] == found["successful"] == 24
    assert found["total_candles"] == 2400
    assert found["dataset"].endswith(", 1-hour candles")
    assert found["parallelization"] == 2
    best = found["rows"][0]
    assert found["best_strategy"]["trial"] == best["trial"]
    assert found["best_strategy"]["sharpe_ratio"] == best["sharpe"]
    assert found["front"] == [{"trial": best["trial"], "objectives": {"sharpe": best["sharpe"]}}]
    again = json.loads(done("search", config, "--db", tmp_path / "a.db", "--json"))
    assert again["evaluations"] == 0
    assert again["best_strategy"] == found["best_strategy"]


def test_more_trials_go_on_where_it_was(searched: tuple[Path, Path]) -> None:
    config, database = searched
    result = sweep("search", config, "--db", database, "--trials", "40")
    assert "24 of 40 trials are done already" in result.stderr
    assert "16 of 40 evaluations" in result.stdout
    assert query(database, "SELECT count(*), max(trial), count(combo) FROM strategies") == [(40, 39, 0)]


def test_status_top_and_show_know_trials(searched: tuple[Path, Path], tmp_path: Path) -> None:
    _, database = searched
    assert "24 of 24" in done("status", "--db", database)
    rows = json.loads(done("top", "--db", database, "--top", "3", "--json"))["rows"]
    assert rows[0].keys() >= {"trial", *SPACE, "sharpe", "holdout_sharpe"}
    number = str(rows[0]["trial"])
    shown = done("show", number, "--db", database, "--output", tmp_path)
    assert f"small, trial {number}" in shown
    command = re.search(r"^python scripts/sweep\.py (show .*)$", shown, re.MULTILINE)
    assert command is not None
    assert done(*command[1].split(), "--output", tmp_path)
    assert "no trial 24 in small; they go from 0 to 23" in failed("show", "24", "--db", database)


def test_the_report_tells_how_the_search_went(searched: tuple[Path, Path], tmp_path: Path) -> None:
    _, database = searched
    done("report", "--db", database, "--output", tmp_path / "search.html")
    page = (tmp_path / "search.html").read_text()
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    charts = json.loads(data[1])["charts"]
    assert {"history", "importance", "distribution", "equity"} <= charts.keys()
    stored = query(database, "SELECT json_extract(objectives, '$[0]') FROM trials ORDER BY trial")
    assert charts["history"]["data"][0]["y"] == [value for (value,) in stored]
    best = [value for value in charts["history"]["data"][1]["y"] if value is not None]
    assert best == sorted(best)
    assert sum(charts["importance"]["data"][0]["x"]) == pytest.approx(1.0, abs=1e-3)
    assert "How the search went" in page
    assert "Where the good rows are" not in page


def test_a_front_of_two_objectives_is_shown(tmp_path: Path, sweep_file: SweepFile) -> None:
    plan = {"trials": 24, "batch": 8, "sampler": "nsga2", "objectives": ["sharpe", "max_drawdown"]}
    config = search_file(sweep_file, search=plan)
    found = json.loads(done("search", config, "--db", tmp_path / "a.db", "--json"))
    assert len(found["front"]) > 1
    sharpes = [trial["objectives"]["sharpe"] for trial in found["front"]]
    drawdowns = [trial["objectives"]["max_drawdown"] for trial in found["front"]]
    assert sharpes == sorted(sharpes, reverse=True)
    assert drawdowns == sorted(drawdowns, reverse=True)
    assert "trials that no other one beats" in done("search", config, "--db", tmp_path / "a.db")


def test_pruned_trials_are_stored_as_such(tmp_path: Path, sweep_file: SweepFile) -> None:
    plan = {"trials": 40, "batch": 8, "folds": 4, "pruner": "median"}
    database = tmp_path / "a.db"
    done("search", search_file(sweep_file, search=plan), "--db", database)
    pruned = query(
        database,
        "SELECT s.status, s.sharpe, s.pnl, s.blocks, t.objectives, json_array_length(t.folds)"
        " FROM strategies s JOIN trials t USING (sweep, trial) WHERE t.state = 'pruned'",
    )
    assert len(pruned) >= 3
    assert {row[:5] for row in pruned} == {("pruned", None, None, None, None)}
    assert {row[5] for row in pruned} <= {1, 2, 3}
    complete = query(database, "SELECT json_array_length(folds) FROM trials WHERE state = 'complete'")
    assert {row[0] for row in complete} == {4}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"space": {"atr": {"int": [1, 2]}}}, "unknown parameter atr"),
        ({"space": {"atr_period": {"int": [5, 5]}}}, "space.atr_period: 5 is not below 5"),
        ({"space": {"atr_period": {"int": [0, 9000]}}}, "atr_period = 0"),
        ({"space": {"atr_period": {"int": [1, 9], "choice": [1]}}}, "give one of int"),
        ({"space": {"adx_min": {"float": [0, 9], "log": True}}}, "lower bound 0.0 is not above 0"),
        ({"space": {"stop_atr": {"choice": [1, 1]}}}, "has a value twice"),
        ({"space": {"stop_atr": {"float": [1, 2], "when": {"adx_min": 1}}}}, "adx_min is not a choice"),
        ({"search": {"sampler": "grid"}}, "search.sampler"),
        ({"search": {"objectives": ["sharp"]}}, "unknown metric 'sharp'"),
        ({"search": {"sampler": "cmaes", "objectives": ["pnl", "fees"]}}, "cmaes takes one objective"),
        ({"search": {"pruner": "median"}}, "nothing to prune within one fold"),
        ({"search": {"options": {"seed": 3}}}, "search.options: unknown 'seed'"),
        ({"search": {"folds": 3, "pruner": "median", "pruner_options": {"x": 1}}}, "options: unknown 'x'"),
        ({"mining": {"rules": 2}}, "give either a space or mining"),
        ({"space": None, "mining": {"rules": 2}}, "mining: it is of the strategy rules"),
        ({"search": {"folds": 60}, "holdout": 0.9}, "search.folds: 60 are more than the"),
    ],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_refused(
    tmp_path: Path, sweep_file: SweepFile, changes: dict[str, Any], message: str
) -> None:
    assert message in failed("search", search_file(sweep_file, **changes), "--db", tmp_path / "a.db")


def test_databases_of_sweeps_and_searches_are_not_mixed(
    swept: tuple[Path, Path], searched: tuple[Path, Path]
) -> None:
    assert "it holds the sweep small, not this search" in failed("search", searched[0], "--db", swept[1])
    assert "it holds the search small, not the sweep small" in failed("run", swept[0], "--db", searched[1])


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"search": {"trials": 24, "batch": 4}}, "search (batch: 8 before, 4 now)"),
        ({"search": {"trials": 24, "batch": 8, "seed": 2}}, "search (seed: 1 before, 2 now)"),
        ({"space": {**SPACE, "multiplier": {"float": [0.8, 2.0]}}}, "space (multiplier: "),
        ({"fixed": {**FIXED, "ma_slow": 30}}, "space (ma_slow: 20 before, 30 now)"),
        ({"holdout": 0.5}, "settings (holdout: 0.2 before, 0.5 now)"),
    ],
)
def test_another_search_is_refused(
    searched: tuple[Path, Path], sweep_file: SweepFile, changes: dict[str, Any], part: str
) -> None:
    other = search_file(sweep_file, "other.yaml", **changes)
    message = failed("search", other, "--db", searched[1])
    assert part in message
    assert "choose another --db" in message
