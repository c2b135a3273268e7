"""`sweep.py confirm`: real rows agree trade by trade, anything that was changed is told."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.sweep_command import SweepFile, done, failed, sweep
from tests.scripts.test_qc_emulator_script import started
from utils.data.lean.series import LeanSeries
from utils.engine.made_up_data import write_made_up

ROOT = Path(__file__).parents[2]
GRID = {"atr_period": [5, 10], "multiplier": [1.0, 1.5], "stop_atr": [0, 2], "target_atr": [0, 3]}
FIXED = {"ma_fast": 5, "ma_slow": 20, "ma_gap_min": -1, "adx_min": 0, "volume_min": 0}
TERMS = {
    "security_type": "crypto",
    "lot_size": 0.001,
    "fees": {"rate": 0.001, "minimum": 0.5},
    "slippage": 0.0005,
}


@pytest.fixture
def database(tmp_path: Path, sweep_file: SweepFile, bars_file: Callable[..., Path]) -> Path:
    """A finished sweep over 700 hours, the last fifth of them its holdout."""
    data = {"path": str(bars_file("hours.csv", 700)), "resolution": "hour", "symbols": "ETH-USD"}
    config = sweep_file(grid=GRID, fixed=FIXED, instrument=TERMS, data=data)
    done("run", config, "--db", tmp_path / "small.db")
    return tmp_path / "small.db"


def changed(database: Path, statement: str) -> None:
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(statement)
    connection.close()


def confirmed(database: Path, *options: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(done("confirm", "--db", database, "--json", *options))
    return result


def test_the_best_rows_agree(database: Path) -> None:
    found = confirmed(database, "--top", "3")
    assert found["holds"]
    assert found["engine"] == "embedded"
    assert len(found["rows"]) == 3
    best = json.loads(done("top", "--db", database, "--top", "3", "--distinct", "--json"))["rows"]
    assert [row["combo"] for row in found["rows"]] == [row["combo"] for row in best]
    assert [row["engine"] for row in found["rows"]] == [row["total_trades"] for row in best]
    assert all(row["engine"] == row["simulated"] >= 10 for row in found["rows"])
    assert all(row["stored"] == {} and row["differences"] == [] for row in found["rows"])


def test_a_falsified_row_is_told(database: Path) -> None:
    best = json.loads(done("top", "--db", database, "--top", "1", "--json"))["rows"][0]
    changed(database, f"UPDATE strategies SET pnl = pnl + 1, trades_hash = 7 WHERE combo = {best['combo']}")
    result = sweep("confirm", "--db", database, "--top", "1")
    assert result.exit_code == 1
    assert f"combination {best['combo']}: differs" in result.stdout
    assert f"stored pnl is {best['pnl'] + 1}, simulated it is {best['pnl']}" in result.stdout
    assert "stored trades_hash is 7, simulated it is " in result.stdout


def test_falsified_parameters_are_told(database: Path) -> None:
    changed(database, "UPDATE strategies SET params = json_set(params, '$.multiplier', 9.5)")
    result = sweep("confirm", "--db", database, "--top", "1", "--json")
    assert result.exit_code == 1
    (row,) = json.loads(result.stdout)["rows"]
    assert row["stored"]["params"]["stored"]["multiplier"] == 9.5
    assert not row["holds"]


def test_bars_that_are_not_those_that_were_swept_are_refused(database: Path, bars_file: Any) -> None:
    bars_file("hours.csv", 700, seed=8)
    assert "data changed since it was swept" in failed("confirm", "--db", database)


def equity_sweep(tmp_path: Path, sweep_file: SweepFile) -> tuple[Path, Path]:
    """A finished sweep over an equity of a LEAN data folder, and that folder."""
    made = write_made_up(tmp_path / "data", LeanSeries.parse("equity/usa/daily/synth"), 500)
    fees = {"per_unit": 0.005, "minimum": 1, "maximum_rate": 0.005}
    config = sweep_file(
        grid=GRID,
        fixed=FIXED,
        data={"path": str(made.folder), "symbols": "SYNTH", "resolution": "daily"},
        instrument={"security_type": "equity", "fees": fees},
    )
    done("run", config, "--db", tmp_path / "equity.db")
    return tmp_path / "equity.db", made.folder


def test_equities_of_a_lean_folder(tmp_path: Path, sweep_file: SweepFile) -> None:
    database, _ = equity_sweep(tmp_path, sweep_file)
    found = confirmed(database, "--top", "1")
    assert found["holds"]
    assert found["rows"][0]["engine"] >= 10
    message = failed("confirm", "--db", database, "--engine", "docker")
    assert "--engine docker: LEAN reads " in message


def test_mined_rules_agree(tmp_path: Path, bars_file: Callable[..., Path], sweep_file: SweepFile) -> None:
    config = sweep_file(
        "mined.yaml",
        strategy="rules",
        grid=None,
        fixed=None,
        chunk_size=None,
        mining={"rules": 2},
        search={"trials": 32, "min_trades": 10, "sampler": "random"},
        data={"path": str(bars_file("hours.csv", 500)), "resolution": "hour"},
        instrument=TERMS,
        holdout=0,
    )
    done("search", config, "--db", tmp_path / "mined.db")
    found = confirmed(tmp_path / "mined.db", "--top", "2", "--metric", "total_trades")
    assert found["holds"]
    assert [set(row) >= {"trial", "params"} for row in found["rows"]] == [True, True]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"data": {"resolution": None}, "security_type": "index"},
            "index cannot be confirmed; equity and crypto",
        ),
        ({"data": {"resolution": "daily"}, "allocation": 1.5}, "allocation: above 1 cannot be confirmed"),
    ],
)
def test_what_cannot_be_confirmed_is_refused(
    tmp_path: Path, sweep_file: SweepFile, bars_file: Any, changes: dict[str, Any], message: str
) -> None:
    path = str(bars_file("hours.csv", 900))
    data = {"path": path, **{key: value for key, value in changes["data"].items() if value}}
    terms = {**TERMS, "security_type": changes.get("security_type", "crypto"), "leverage": 2}
    capital = {"allocation": changes.get("allocation", 0.95)}
    config = sweep_file(
        grid={"multiplier": [0.5, 1.0]}, fixed=FIXED, data=data, instrument=terms, capital=capital, holdout=0
    )
    done("run", config, "--db", tmp_path / "small.db")
    assert message in failed("confirm", "--db", tmp_path / "small.db", "--min-trades", "0")


def test_five_minute_bars_are_refused(tmp_path: Path, sweep_file: SweepFile, bars_file: Any) -> None:
    path = bars_file("hours.csv", 600)
    lines = path.read_text().splitlines()
    for number, line in enumerate(lines[1:], 1):
        minute = (number - 1) * 5
        stamp = f"2024-01-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00"
        lines[number] = ",".join([stamp, *line.split(",")[1:]])
    path.write_text("\n".join(lines) + "\n")
    config = sweep_file(grid=GRID, fixed=FIXED, instrument=TERMS, data={"path": str(path)})
    done("run", config, "--db", tmp_path / "small.db")
    message = failed("confirm", "--db", tmp_path / "small.db", "--min-trades", "0")
    assert "bars of 5 minutes are none of LEAN's (minute, hour, daily)" in message
    assert "data.resolution: hour" in message


def test_bars_that_are_not_an_equitys_of_a_lean_folder_are_refused_in_the_cloud(database: Path) -> None:
    message = failed("confirm", "--db", database, "--engine", "cloud")
    assert "--engine cloud: QuantConnect trades its own bars" in message


def test_the_cloud_trades_the_best_rows_and_every_trade_is_compared(
    tmp_path: Path, sweep_file: SweepFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator's API is the documented one; behind it is the embedded engine."""
    database, data = equity_sweep(tmp_path, sweep_file)
    other = write_made_up(tmp_path / "other", LeanSeries.parse("equity/usa/daily/synth"), 500, seed=7).folder
    command = ("confirm", "--db", database, "--engine", "cloud", "--json", "--top")
    monkeypatch.setenv("QUANTCONNECT_USER_ID", "1")
    monkeypatch.setenv("QUANTCONNECT_API_TOKEN", "x")
    outcomes = []
    for folder, rows in ((data, "2"), (other, "1")):
        workspace = tmp_path / f"workspace-{rows}"
        for part in ("config", "Library", "algorithms/money_line"):  # a project keeps its id in the cloud
            shutil.copytree(ROOT / part, workspace / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "lean.json", workspace)
        with started("--engine", "embedded", "--data-folder", str(folder)) as (_, api):
            monkeypatch.setenv("QC_API", api.transport.address)  # type: ignore[attr-defined]  # it is the real one
            outcomes.append(sweep(*command, rows, "--project", workspace / "algorithms" / "money_line"))
    same, different = (json.loads(outcome.stdout) for outcome in outcomes)
    assert [outcome.exit_code for outcome in outcomes] == [0, 1]
    assert same["holds"] and same["engine"] == "cloud"
    assert [row["engine"] >= 10 for row in same["rows"]] == [True, True]
    assert different["rows"][0]["differences"] and not different["rows"][0]["stored"]
