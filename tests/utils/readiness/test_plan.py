"""Plans as files: what is right is read, what is wrong is one line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.utils.readiness.hosts import ROOT, T3_FILE, TRILLIUM_FILE, t3
from utils.errors import UserError
from utils.readiness.instances import load_instances
from utils.readiness.plan import load_plan
from utils.readiness.profile import load_profile, save_profile

TRACK = "{name: a, workers: [1, 2], memory_gib: [1, 2], cpu: {average: [10, 20], burst: 90}}"
GOOD = f"name: x\ntracks:\n  1: {TRACK}\n"


def read(folder: Path, text: str) -> str:
    path = folder / "plan.yaml"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        load_plan(path)
    assert "\n" not in str(error.value)
    return str(error.value).replace(f"{path}", "plan.yaml")


def test_the_plans_of_the_workspace() -> None:
    plan = load_plan(TRILLIUM_FILE)
    assert plan.workers == (6, 9)
    assert plan.memory_gib == (18.0, 28.0)
    assert plan.disk_gib == (50.0, 100.0)
    assert plan.connections == (12, 18)
    assert load_plan(ROOT / "config/readiness/features.yaml").workers == (2, 4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"plan\.yaml: the document: .*; correct it"),
        ("name: [", r"plan\.yaml: not YAML: .*; correct it"),
        ("name: x\ntracks: {}\n", r"plan\.yaml: tracks: .*at least 1"),
        (GOOD.replace("[1, 2], memory", "[2, 1], memory"), r"tracks\.1\.workers: 2 to 1 is no range"),
        (GOOD.replace("burst: 90", "burst: 190"), r"tracks\.1\.cpu\.burst: .*100"),
        (GOOD + "surprise: 1\n", r"plan\.yaml: surprise: Extra inputs"),
        (GOOD + "packages: ['numpy=1']\n", r"packages\.0: 'numpy=1' is no requirement, such as numpy>=1\.24"),
        (GOOD + "python: three\n", r"python: 'three' is no range of versions"),
        (GOOD + "network: [pypi.org]\n", r"network\.0: 'pypi\.org' is no address, such as pypi\.org:443"),
        (GOOD + "phases: [{name: p, hours: 1, tracks: {7: burst}}]\n", r"phase p: there is no track 7"),
        (GOOD + "database: {url: 'mysql://a/b'}\n", r"database\.url: is no URL, such as postgresql"),
        (GOOD + "memory_reserve: .nan\n", r"memory_reserve: .*finite"),
        (GOOD + "when: 2024-01-01\n", r"plan\.yaml: .*; correct it"),
    ],
)
def test_a_wrong_plan_is_one_line_with_file_field_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    line = read(tmp_path, text)
    assert re.search(said, line), line
    assert line.endswith("correct it")


@pytest.mark.parametrize("url", ["postgresql://u:secret@h/d", "postgresql://h/d?user=u&password=secret"])
def test_a_password_in_a_plan_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    line = read(tmp_path, GOOD + f"database: {{url: '{url}'}}\n")
    assert "PGPASSWORD" in line
    assert "secret" not in line


def test_a_missing_plan_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.yaml: cannot be read"):
        load_plan(tmp_path / "none.yaml")


def test_a_profile_comes_back_as_it_was_recorded(tmp_path: Path) -> None:
    save_profile(t3(), tmp_path / "host.json")
    assert load_profile(tmp_path / "host.json") == t3()


def test_a_wrong_profile_or_catalog_names_file_and_field(tmp_path: Path) -> None:
    path = tmp_path / "host.json"
    path.write_text(T3_FILE.read_text().replace('"available_gib": 25', '"available_gib": 31'))
    with pytest.raises(UserError, match=r"host\.json: memory: available_gib is more than total_gib; correct"):
        load_profile(path)
    text = (ROOT / "config/instances.json").read_text().replace("m5.large", "t3.large")
    path.write_text(text)
    with pytest.raises(UserError, match=r"host\.json: the document: t3\.large is listed twice; correct"):
        load_instances(path)
