"""The report as a file: all in one, the store's numbers, and one line where there can be none."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from tests.utils.sweep.report.samples import HOSTILE, hostile, sweep
from utils.sweep.definition import redefine
from utils.sweep.detail import Details
from utils.sweep.report.content import Content, pair_maps
from utils.sweep.report.page import render
from utils.sweep.robustness import assess_store, plateau_scores
from utils.sweep.selection import chosen_sweep
from utils.sweep.store import Store

ROOT = Path(__file__).parents[4]


def without_scripts(page: str) -> str:
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def table(page: str, caption: str) -> list[list[str]]:
    """Cells of the body of the table that says `caption` (or has it in its tag), row by row."""
    (found,) = (text for text in re.findall(r"<table.*?</table>", page, re.DOTALL) if caption in text)
    body = found[found.index("<tbody>") :]
    return [
        [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    ]


def test_the_file_needs_nothing_else(report: Path) -> None:
    page = report.read_text()
    assert report.stat().st_size < 6_000_000
    own = without_scripts(page)
    assert not re.search(r"""(src|href|action)\s*=\s*["']?\s*(https?:)?//""", own)
    assert "@import" not in own
    assert "url(" not in own
    assert not re.search(r"<(link(?! rel=\"icon\" href=\"data:,\")|iframe|base|object)\b", own)


def test_the_top_table_is_the_stores(report: Path, database: Path) -> None:
    rows = table(report.read_text(), 'id="top"')
    with Store.to_read(database) as store:
        record = chosen_sweep(store, None)
        details = Details(redefine(record))
        assessment = assess_store(store, record)
        stored = store.query(
            "SELECT combo, pnl, sharpe, profit_factor, max_drawdown, total_trades, trades_hash, params"
            " FROM strategies WHERE total_trades >= 10 AND status = 'ok' ORDER BY sharpe DESC, combo"
        )
        sharpes = dict(store.query("SELECT combo, sharpe FROM strategies WHERE status = 'ok'"))
    shape = redefine(record).grid.shape
    axes = redefine(record).grid.names
    values = np.array([sharpes.get(combo) for combo in range(record.combos)], np.float64)
    seen: set[int] = set()
    expected: list[list[str]] = []
    for combo, pnl, sharpe, factor, drawdown, trades, trades_hash, params in stored:
        if trades_hash in seen or len(expected) == 20:
            continue
        seen.add(trades_hash)
        ahead = details.holdout(combo)
        assert ahead is not None
        expected.append(
            [
                str(combo),
                f"{pnl:,.0f}",
                f"{sharpe:.2f}",
                "-" if factor is None else f"{factor:.2f}",
                f"{drawdown:.1%}",
                str(trades),
                f"{assessment.deflated_distinct[combo]:.2f}",
                "-" if sharpe <= 0 else f"{plateau_scores(values, shape, [combo])[0]:.2f}",
                f"{ahead['pnl']:,.0f}",
                "-" if ahead["sharpe"] is None else f"{ahead['sharpe']:.2f}",
                f"{ahead['max_drawdown']:.1%}",
                *(f"{json.loads(params)[axis]:g}" for axis in axes),
            ]
        )
    assert len(expected) > 5
    assert rows == expected


def test_verdict_years_and_costs(report: Path, database: Path, content: Content) -> None:
    page = report.read_text()
    with Store.to_read(database) as store:
        record = chosen_sweep(store, None)
        assert f'<p id="verdict">{assess_store(store, record).verdict}</p>' in page
    details = Details(redefine(record))
    best = content.leaders[0]["combo"]
    years = details.years(details.simulation(best))
    rows = table(page, "Calendar years")
    assert [row[0] for row in rows] == [str(year.year) for year in years]
    assert [row[1] for row in rows] == [f"{year.profit:,.0f}" for year in years]
    assert sum(year.profit for year in years) == pytest.approx(content.leaders[0]["pnl"])
    profits = table(page, "If trading were dearer")[0]
    dearer = details.sensitivity(best)
    assert profits[1:] == [
        f"{case['pnl']:,.0f}" for case in (content.leaders[0], *(dearer[name] for name in dearer))
    ]


def test_the_curve_runs_on_into_the_holdout(content: Content) -> None:
    curve = content.curve
    assert curve is not None
    initial = content.sweep.config.capital.initial_equity
    first = content.leaders[0]
    assert len(curve.dates) == len(curve.equity) == len(curve.hold) == len(np.unique(content.sweep.bars.day))
    assert curve.dates == sorted(set(curve.dates))
    swept_end = curve.equity[curve.holdout - 1]
    assert swept_end == pytest.approx(initial + first["pnl"])
    assert curve.equity[-1] / swept_end == pytest.approx(1 + first["holdout_pnl"] / initial)
    assert curve.dates[curve.holdout] == str(
        content.sweep.bars.day[content.sweep.split].astype("datetime64[D]")
    )
    assert curve.drawdown().max() == 0
    assert -curve.drawdown()[: curve.holdout].min() <= first["max_drawdown"] + 1e-12


@pytest.mark.parametrize("least_is_best", [False, True])
def test_heatmaps_are_medians_and_bests_over_the_other_axes(least_is_best: bool) -> None:
    shape = (3, 1, 2, 4)
    values = np.random.default_rng(1).normal(size=24)
    values[[0, 7, 11]] = np.nan
    values[16:20] = np.nan  # a cell of the first two axes with nothing in it
    grid = values.reshape(shape)
    maps = pair_maps(values, shape, least_is_best)
    assert set(maps) == {(0, 2), (0, 3), (2, 3)}  # the axis of one value makes no map
    for (rows, columns), found in maps.items():
        for i in range(shape[rows]):
            for j in range(shape[columns]):
                cell = grid.take([i], rows).take([j], columns)
                cell = cell[~np.isnan(cell)]
                best = (np.min if least_is_best else np.max)(cell) if len(cell) else np.nan
                median = np.median(cell) if len(cell) else np.nan
                np.testing.assert_equal(found["best"][i, j], best)
                np.testing.assert_allclose(found["median"][i, j], median)


def test_hostile_text_is_escaped(content: Content) -> None:
    assert content.curve is not None
    label = replace(content.curve, dates=[*content.curve.dates[:-1], HOSTILE])  # goes into the charts' data
    page = render(replace(hostile(content), curve=label))
    assert page.count("</script>") == 3
    assert HOSTILE not in page
    assert "<img" not in without_scripts(page)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    charts = json.loads(data[1])["charts"]
    assert set(charts) >= {"equity", "parallel", "distribution"}
    assert charts["equity"]["data"][0]["x"][-1] == HOSTILE


def test_undefined_figures_are_dashes(content: Content) -> None:
    nothing = replace(
        content.assessment, best_sharpe=np.nan, lucky_sharpe=np.nan, overfitting=None, anchored=None
    )
    page = without_scripts(render(replace(content, assessment=nothing)))
    values = re.findall(r'<dd class="value">(.*?)</dd>', page)
    assert [values[0], *values[2:4]] == ["-", "- : -", "-"]
    assert "nan" not in re.sub(r"<[^>]*>", " ", page).lower().split()


def test_a_sweep_that_has_only_begun(database: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun.db"
    shutil.copy(database, begun)
    connection = sqlite3.connect(begun)
    with connection:
        connection.execute("DELETE FROM strategies")
        connection.execute("UPDATE chunks SET status = 'pending'")
    connection.close()
    result = sweep("report", "--db", begun)
    assert result.exit_code == 0, result.output
    page = begun.with_suffix(".html").read_text()
    assert "There is too little history" in page
    assert "No row has enough trades to be ranked." in page


def test_as_a_command(database: Path, tmp_path: Path) -> None:
    command = [sys.executable, "scripts/sweep.py", "report", "--db", str(database), "--output"]
    (tmp_path / "file").write_text("")
    runs = [
        subprocess.run(
            [*command, str(tmp_path / target)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        for target in ("deep/er/small.html", "file/small.html")
    ]
    assert [run.returncode for run in runs] == [0, 1]
    assert (tmp_path / "deep/er/small.html").read_text().startswith("<!doctype html>")
    assert [path.name for path in (tmp_path / "deep/er").iterdir()] == ["small.html"]
    assert runs[1].stderr.startswith("error: ")
    assert runs[1].stderr.count("\n") == 1
    assert "file/small.html" in runs[1].stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--db", "absent.db", "--output", "x.html"], "absent.db"),
        (["--db", "{db}", "--symbol", "XYZ", "--output", "x.html"], "XYZ"),
        (["--db", "{db}", "--output", "/proc/no/x.html"], "/proc/no/x.html"),
    ],
)
def test_what_cannot_be_reported(database: Path, arguments: list[str], says: str) -> None:
    result = sweep("report", *(argument.replace("{db}", str(database)) for argument in arguments))
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert says in result.stderr
