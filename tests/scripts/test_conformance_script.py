"""conformance.py over a small checkout: verdicts, exit codes, expectations from C#."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from utils.engine.conformance.checkout import Checkout
from utils.engine.testing import LeanData

ROOT = Path(__file__).parents[2]
SCRIPT = str(ROOT / "scripts" / "conformance.py")

HEAD = """
from AlgorithmImports import *

class {name}(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2020, 1, 2)
        self.set_end_date(2020, 1, 10)
        self.add_equity("SPY", Resolution.DAILY)
        {line}
"""
LINES = {
    "Quiet": "self.log(self.get_parameter('ema-fast'))",
    "Raises": "1 / 0",
    "Endless": "while True: pass",
    "Exits": "import os; os._exit(3)",
    "Future": "self.add_future('ES')",
}
CSHARP = """
namespace QuantConnect.Algorithm.CSharp {
    /// class Comment { } "quoted
    public class Quiet : QCAlgorithm, IRegressionAlgorithmDefinition {
        private class Inner { public string Brace = "}"; public List<Language> Languages = null; }
        public bool CanRunLocally { get; } = true;
        public virtual List<Language> Languages { get; } = new() { Language.CSharp, Language.Python };
        public virtual Dictionary<string, string> ExpectedStatistics => new Dictionary<string, string>
        {
            {"Total Orders", "0"},
            {"Total Fees", "\\u20ac0.00"},   // {"Not", "this"}
        };
    }
    public class Raises : Quiet { }
    public class Exits : Quiet {
        public override List<Language> Languages { get; } = new() { Language.CSharp };
    }
}
"""


@pytest.fixture
def lean(tmp_path: Path) -> Path:
    folder = tmp_path / "lean"
    (folder / "Algorithm.Python").mkdir(parents=True)
    (folder / "Algorithm.CSharp").mkdir()
    (folder / "Algorithm.CSharp" / "Quiet.cs").write_text(CSHARP)
    for name, line in LINES.items():
        (folder / "Algorithm.Python" / f"{name}.py").write_text(HEAD.format(name=name, line=line))
    LeanData(tmp_path / "data").daily(
        "equity/usa/daily/spy", "2020-01-02", [100, 101, 102, 103, 104, 105, 106]
    )
    return folder


def run(lean: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, SCRIPT, "--lean", str(lean), "--data", str(lean.parent / "data"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def expected(lean: Path, **figures: dict[str, str]) -> list[str]:
    path = lean.parent / "expected.json"
    path.write_text(json.dumps(figures))
    return ["--expected", str(path)]


def verdicts(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return {row["name"]: row for row in json.loads(done.stdout)}


def test_each_way_to_end_has_its_status(lean: Path) -> None:
    figures = {name: {"Total Orders": "0"} for name in LINES}
    done = run(lean, *expected(lean, **figures), "--json", "--time-limit", "6", "--jobs", "3")
    found = verdicts(done)
    assert done.returncode == 1
    assert {name: row["status"] for name, row in found.items()} == {
        "Quiet": "match",
        "Raises": "crashed",
        "Endless": "crashed",
        "Exits": "crashed",
        "Future": "refused",
    }
    assert set(found["Quiet"]) == {"name", "status", "differences"} and not found["Quiet"]["differences"]
    assert "Raises.py:9" in found["Raises"]["differences"][0]
    assert found["Endless"]["differences"] == ["took longer than 6 s"]
    assert "exit code 3" in found["Exits"]["differences"][0]
    assert "add_future" in found["Future"]["differences"][0]


@pytest.mark.parametrize(
    ("key", "status"),
    [("End Equity", "differs"), ("OrderListHash", "differs"), ("Tracking Error", "match-core")],
)
def test_a_difference_is_in_the_core_or_not(lean: Path, key: str, status: str) -> None:
    done = run(lean, *expected(lean, Quiet={"Total Orders": "0", key: "tulip"}), "--json")
    row = verdicts(done)["Quiet"]
    assert done.returncode == 1 and row["status"] == status
    assert len(row["differences"]) == 1 and row["differences"][0].startswith(f"{key}: expected 'tulip'")


def test_where_data_are_absent_the_differences_begin_with_that(lean: Path) -> None:
    line = "self.add_equity('AAPL', Resolution.DAILY)"
    (lean / "Algorithm.Python" / "Absent.py").write_text(HEAD.format(name="Absent", line=line))
    done = run(lean, *expected(lean, Absent={"Total Orders": "1"}), "--json")
    row = verdicts(done)["Absent"]
    assert done.returncode == 1 and row["status"] == "differs"
    assert row["differences"][0] == "no data of AAPL (daily): equity/usa/daily/aapl.zip is not there"
    assert row["differences"][1].startswith("Total Orders: expected '1'")


def test_lines_and_a_sum(lean: Path) -> None:
    done = run(lean, "Quiet", *expected(lean, Quiet={"Total Orders": "0"}, Gone={}))
    assert done.returncode == 0, done.stderr
    first, *_, last = done.stdout.splitlines()
    assert first == "LEAN (not a git checkout, commit unknown)" and last == "1 of 1 match"
    assert "match      Quiet" in done.stdout


def test_a_checkout_s_commit(lean: Path) -> None:
    git = ["git", "-C", str(lean), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout
    assert Checkout(lean).commit == head.strip()


def test_expectations_come_from_the_csharp_sources(lean: Path) -> None:
    figures = {"Total Orders": "0", "Total Fees": "€0.00"}
    assert Checkout(lean).expected() == {"Quiet": figures, "Raises": figures}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["Nonsense"], 2, "Nonsense: no statistics are expected"),
        (["--expected", "nowhere.json"], 1, "nowhere.json"),
        (["--jobs", "0"], 2, "--jobs"),
    ],
)
def test_mistakes(lean: Path, arguments: list[str], code: int, said: str) -> None:
    done = run(lean, *arguments)
    assert done.returncode == code and said in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def test_a_name_without_a_file(lean: Path) -> None:
    done = run(lean, "Gone", *expected(lean, Gone={}))
    assert done.returncode == 2 and "Gone.py is not there" in done.stderr


def test_a_folder_that_is_no_checkout(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 1 and done.stderr.startswith("error: --lean")
