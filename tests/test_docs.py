"""Every command in the README and the docs works as it stands there.

Commands are the lines that begin with `$ ` in ```console blocks. Those of one page run in order, in a fresh
copy of the workspace with the sample data beside it. `make` targets are checked to exist: they are what runs
these tests. A page's links must lead somewhere.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
OTHERWISE_TESTED = (
    "data.md",  # tests/scripts/test_data_docs.py compares its output too
    "deployment.md",  # tests/scripts/test_deployment_docs.py runs it against an emulator
    "options-bot.md",  # tests/scripts/test_options_bot_docs.py runs it over real chains
    "cluster.md",  # tests/cluster_rig/test_on_hosts_docs.py runs it with three hosts
    "lean-docker.md",  # tests/scripts/test_lean_docker.py runs it with a server
)
COPIED = ("algorithms", "Library", "config", "scripts", "lean.json", "Makefile")


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line[2:] for line in lines if line.startswith("$ ")]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample data, made once."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    script = [sys.executable, str(ROOT / "scripts" / "data.py"), "sample", "--output", str(folder)]
    subprocess.run(script, check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, sample_folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    shutil.copytree(sample_folder, tmp_path / "data")
    return tmp_path


def with_commands() -> list[Path]:
    return [page for page in PAGES if commands(page) and page.name not in OTHERWISE_TESTED]


@pytest.mark.parametrize("page", with_commands(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_work(page: Path, workspace: Path) -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for line in commands(page):
        words = shlex.split(line, comments=True)
        if words[0] == "make":
            assert {word for word in words[1:] if "=" not in word} <= targets(), line
            continue
        run = subprocess.run(
            ["bash", "-c", line],
            cwd=workspace,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert run.returncode == 0, f"{page.name}: $ {line}\n{run.stdout}{run.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readmes_transcript_is_what_the_demo_prints(workspace: Path) -> None:
    recipe = re.search(r"^demo:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe is not None
    output = ""
    for line in recipe[1].replace("$(BIN)/python", sys.executable).splitlines():
        run = subprocess.run(
            ["bash", "-c", line.strip("\t@")],
            cwd=workspace,
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        output += run.stdout
    printed = {" ".join(line.split()) for line in output.splitlines()}
    transcript = re.search(r"^```text\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert transcript is not None
    missing = [line for line in transcript[1].splitlines() if line and " ".join(line.split()) not in printed]
    assert not missing
