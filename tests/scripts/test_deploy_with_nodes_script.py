"""deploy_with_nodes.py from the command line: the report, data for programs, exit codes, one-line errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.utils.quantconnect.cloud import make_workspace
from utils.quantconnect.emulator.runners import SampleRunner
from utils.quantconnect.emulator.server import running_emulator

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "deploy_with_nodes.py"
TOKEN = "token-0123456789abcdef"
REPORT = """\
============================================================
QUANTCONNECT COMPUTE NODE RECOMMENDATIONS
============================================================

BACKTESTING:
  Recommended: B8-16
  Cores: 8 @ 4.9GHz
  RAM: 16GB
  Cost: $28/month
  Reason: High memory requirements (4.3GB) or options trading
  Estimated Memory: 4.35GB

RESEARCH:
  Recommended: R8-16
  Cores: 8 @ 2.4GHz
  RAM: 16GB
  Cost: $14/month
  Reason: High memory or LLM ensemble analysis (4.3GB)
  Estimated Memory: 4.35GB

LIVE_TRADING:
  Recommended: L2-4
  Cores: 2 @ 2.6GHz
  RAM: 4GB
  Cost: $50/month
  Reason: Options trading with multiple chains (4.3GB)
  Estimated Memory: 4.35GB

TOTAL MONTHLY COST: $92/month
============================================================
"""


def run(*arguments: str, cwd: Path = ROOT, api: str | None = None) -> subprocess.CompletedProcess[str]:
    hidden = {"QC_API", "QUANTCONNECT_USER_ID", "QUANTCONNECT_API_TOKEN"}
    environment = {key: value for key, value in os.environ.items() if key not in hidden}
    environment["HOME"] = "/nonexistent"
    if api:
        environment |= {"QC_API": api, "QUANTCONNECT_USER_ID": "1", "QUANTCONNECT_API_TOKEN": TOKEN}
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "algorithm",
    [
        "algorithms/options_trading_bot.py",
        "algorithms/options_trading_bot",
        "algorithms/options_trading_bot/main.py",
    ],
)
def test_the_report_of_the_options_bot(algorithm: str) -> None:
    done = run(algorithm, "--analyze-only")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(REPORT)
    assert "exceeds L2-4's 4,000 MB by 350 MB" in done.stdout
    assert "algorithms/options_trading_bot/main.py:" in done.stdout
    assert "config/settings.json:" in done.stdout


def test_the_same_as_data() -> None:
    done = run("algorithms/options_trading_bot.py", "--analyze-only", "--json")
    data = json.loads(done.stdout)
    assert {kind: one["model"] for kind, one in data["recommendations"].items()} == {
        "backtesting": "B8-16",
        "research": "R8-16",
        "live_trading": "L2-4",
    }
    assert data["total_monthly_cost"] == 92
    assert data["estimated_memory_mb"] == 4_350
    assert data["requirements"]["num_option_chains"] == 5
    assert not data["recommendations"]["live_trading"]["fits"]


def test_strict_fails_with_the_options() -> None:
    done = run("algorithms/options_trading_bot.py", "--strict")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "L8-16-GPU" in done.stderr and "2" in done.stderr
    fewer = run("algorithms/options_trading_bot.py", "--strict", "--set", "num_option_chains=2")
    assert fewer.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["algorithms/nothing"], 1, "no such project"),
        (["config/nodes.json"], 1, "not a project"),
        (["algorithms/money_line", "--set", "num_option_chains"], 2, "FIELD=VALUE"),
        (["algorithms/money_line", "--set", "no_such=1"], 1, "no such field"),
        (["algorithms/money_line", "--set", "num_securities=-1"], 1, "num_securities"),
        (["algorithms/money_line", "--margin", "1"], 2, "margin"),
        (["algorithms/money_line", "--type", "paper"], 2, "paper"),
        (["algorithms/money_line", "--type", "backtest", "--node", "L2-4"], 1, "L2-4"),
        (["algorithms/money_line", "--catalog", "lean.json"], 1, "lean.json"),
        (["algorithms/money_line", "--calibrate", "lean.json"], 1, "lean.json"),
        (["algorithms/money_line", "--memory-model", "nowhere.json"], 1, "nowhere.json"),
        (["algorithms/money_line", "--type", "live", "--brokerage", "nowhere.json"], 1, "nowhere.json"),
        (["algorithms/money_line", "--type", "backtest"], 1, "lean login"),
        (["algorithms/money_line", "--type", "live"], 1, "lean login"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], code: int, said: str) -> None:
    done = run(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    if code == 1:
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_wrong_token_is_not_shown(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    with running_emulator(runner=SampleRunner()) as emulator:
        done = run(
            "algorithms/first", "--type", "backtest", "--node", "B8-16", cwd=tmp_path, api=emulator.url
        )
    assert done.returncode == 1
    assert "API token" in done.stderr and TOKEN not in done.stderr + done.stdout


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    done = run(
        "algorithms/first", "--type", "backtest", "--dry-run", cwd=tmp_path, api="http://127.0.0.1:9/api"
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("error: ")
    assert "no connection" in done.stderr


def test_a_dry_run_without_an_account_prints_every_call(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    done = run(
        "algorithms/first", "--type", "live", "--no-backtest-check", "--approve", "algorithms/first",
        "--dry-run", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for call in (
        "* projects/create",
        "* projects/update",
        "* object/set",
        "* compile/create",
        "* live/create",
    ):
        assert call in done.stdout
    assert "lean cloud live deploy algorithms/first --brokerage 'Paper Trading'" in done.stdout


def test_the_catalog_is_refreshed_from_the_account(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    catalog = tmp_path / "config" / "nodes.json"
    text = (ROOT / "config" / "nodes.json").read_text().replace('"monthly_usd": 28', '"monthly_usd": 27')
    catalog.write_text(text)
    with running_emulator() as emulator:
        done = run_as_owner(tmp_path, emulator.url, "--refresh-catalog", "--catalog", str(catalog))
    assert done.returncode == 0, done.stderr
    assert "B8-16: monthly_usd is 28 in the account, 27 in the catalog" in done.stderr
    assert '"monthly_usd": 28' in catalog.read_text()


def run_as_owner(folder: Path, api: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QC_API": api, "QUANTCONNECT_USER_ID": "1", "QUANTCONNECT_API_TOKEN": "x"}
    return subprocess.run(
        [sys.executable, str(SCRIPT), "algorithms/first", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
