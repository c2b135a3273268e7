"""`scripts/readiness.py` as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from tests.utils.readiness.hosts import ROOT, T3_FILE, TRILLIUM_FILE
from utils.features.plan import FeaturePlan

TRILLIUM = str(TRILLIUM_FILE)


def readiness(folder: Path, *terms: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "FEATURES_DB"}
    command = [sys.executable, str(ROOT / "scripts/readiness.py"), *terms]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_this_host_is_told_whether_it_holds_six_to_nine_workers(tmp_path: Path) -> None:
    run = readiness(tmp_path, TRILLIUM, "--json", "--record", "host.json")
    seen = json.loads(run.stdout)
    assert run.returncode == (1 if seen["verdict"] == "NOT READY" else 0)
    levels = {finding["subject"]: finding["level"] for finding in seen["findings"]}
    assert levels["database"] == "blocker"  # FEATURES_DB is not set
    if len(os.sched_getaffinity(0)) < 6:
        assert levels["processors"] == "blocker"
        assert seen["workers"] is None
        assert seen["workers_alone"]["1"] == min(3, int(seen["profile"]["processors"]["allowed"]))
    again = readiness(tmp_path, TRILLIUM, "--json", "--profile", "host.json")
    assert json.loads(again.stdout)["findings"] == seen["findings"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["host.json"]


def test_a_recorded_host_on_the_terminal_and_as_files(tmp_path: Path) -> None:
    files = ("--markdown", "r.md", "--html", "r.html", "--features", "limits.yaml")
    run = readiness(tmp_path, TRILLIUM, "--profile", str(T3_FILE), *files)
    assert run.returncode == 0, run.stderr
    last = "READY WITH RISKS: 7 workers fit (track 1: 3, track 2: 3, track 3: 1) in 21.0 GiB"
    assert run.stdout.splitlines()[-1] == last
    told = ("18 to 28 GiB planned", "t3.2xlarge has x86_64 processors, not aarch64", "$11.64 of surplus")
    markdown, page = ((tmp_path / name).read_text() for name in ("r.md", "r.html"))
    for text in told:
        assert text in run.stdout
        assert text in page
        assert text in markdown.replace("\\", "")
    assert {line.count("|") - line.count("\\|") for line in markdown.splitlines() if line[:1] == "|"} == {6}
    HTMLParser().feed(page)
    limits = FeaturePlan.model_validate(yaml.safe_load((tmp_path / "limits.yaml").read_text()))
    assert limits.workers == {1: 3, 2: 3, 3: 1}


def test_a_name_with_markup_is_text(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(
        TRILLIUM_FILE.read_text().replace("name: trillium", "name: '<b>[red]|'")
    )
    files = ("--markdown", "r.md", "--html", "r.html")
    run = readiness(tmp_path, "plan.yaml", "--profile", str(T3_FILE), *files)
    assert run.stdout.startswith("<b>[red]| on trillium-master")
    assert "&lt;b&gt;[red]|" in (tmp_path / "r.html").read_text()
    assert (tmp_path / "r.md").read_text().startswith(r"# \<b\>\[red\]\| on")


@pytest.mark.parametrize(
    ("terms", "code", "said"),
    [
        ((), 2, "Missing argument 'PLAN'"),
        ((TRILLIUM, "--record", "a", "--profile", "b"), 2, "give one of them"),
        (("none.yaml",), 1, "error: none.yaml: cannot be read: No such file or directory; allow it"),
        ((TRILLIUM, "--profile", "none.json"), 1, "error: none.json: cannot be read"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, terms: tuple[str, ...], code: int, said: str) -> None:
    run = readiness(tmp_path, *terms)
    assert run.returncode == code
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert not run.stdout
