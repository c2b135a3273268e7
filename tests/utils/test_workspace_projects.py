"""Projects of a workspace: how they are named, found and read, and what is wrong with those that are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.utils.quantconnect.cloud import make_workspace
from utils.errors import UserError
from utils.workspace import Project, find_project, organization_id


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_workspace(tmp_path)


@pytest.mark.parametrize("name", ["algorithms/first", "algorithms/first/main.py", "algorithms/first.py"])
def test_three_ways_to_name_a_project(name: str, project: Project) -> None:
    found = find_project(project.workspace / name)
    assert found.name == "algorithms/first" and found.main.is_file()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("algorithms/none", "no such project"),
        ("algorithms", "has no main.py"),
        ("lean.json", "not a project"),
        ("x" * 300, "no file can have this name"),
        ("a\x00b", "no such project"),
    ],
)
def test_what_is_no_project_is_said_to_be_none(name: str, said: str, project: Project) -> None:
    with pytest.raises(UserError, match=said):
        find_project(project.workspace / name)


def test_a_project_outside_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("")
    with pytest.raises(UserError, match=r"not inside a LEAN workspace; make lean\.json"):
        find_project(tmp_path)


def test_libraries_come_after_those_they_need_and_cycles_end(project: Project) -> None:
    first, second = (project.workspace / "Library" / name for name in ("shared", "base"))
    second.mkdir()
    back = {"name": "shared", "path": "Library/shared"}
    (second / "config.json").write_text(json.dumps({"libraries": [back]}))
    needed = {"name": "base", "path": "Library/base"}
    (first / "config.json").write_text(json.dumps({"libraries": [needed]}))
    assert [one.name for one in find_project(project.folder).libraries] == ["Library/base", "Library/shared"]


def test_remembering_the_cloud_keeps_everything_else(project: Project) -> None:
    path = project.folder / "config.json"
    before = json.loads(path.read_text()) | {"python-venv": 1}
    path.write_text(json.dumps(before))
    project.remember_cloud_id(7, "organization")
    assert json.loads(path.read_text()) == before | {"cloud-id": 7, "organization-id": "organization"}
    assert project.config.cloud_id == 7


@given(st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(
        st.sampled_from(("parameters", "libraries", "cloud-id", "object-store", "name", "path", "a")), inner
    ),
    max_leaves=8,
))  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_any_config_is_read_or_refused_in_one_line(project: Project, content: object) -> None:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    (project.folder / "config.json").write_bytes(raw)
    try:
        found = find_project(project.folder)
        assert found.libraries is not None and found.files
    except UserError as error:
        assert "config.json" in str(error) and "\n" not in str(error)


def test_the_organization_of_a_lean_json_with_comments(tmp_path: Path) -> None:
    (tmp_path / "lean.json").write_text('{\n  // yours\n  "organization-id": "abc", /* and */\n}\n')
    assert organization_id(tmp_path) == "abc"
    (tmp_path / "lean.json").write_text("{")
    with pytest.raises(UserError, match=r"lean\.json: not JSON"):
        organization_id(tmp_path)


def test_a_file_that_is_no_text_is_named(project: Project) -> None:
    (project.folder / "data.py").write_bytes(b"x = '\xff'\n")
    with pytest.raises(UserError, match=r"data\.py: byte 6 is not UTF-8"):
        _ = project.files
