"""What LEAN and the cloud ask of a library: sizes, names, imports, and no reach outside."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "Library" / "trading"
SOURCES = sorted(PACKAGE.rglob("*.py"))
IN_LEANS_IMAGE = {"numpy", "pandas", "scipy", "numba", "pydantic", "psutil"}
SENTIMENT = {"requests", "nltk", "vaderSentiment"}  # what only `sentiment` may import
SKIPPED_BY_THE_CLI = {"live", "backtests", "optimizations", "storage", "report", "bin", "obj"}
REACHING_OUT = {
    "socket",
    "subprocess",
    "threading",
    "multiprocessing",
    "urllib",
    "http",
    "asyncio",
    "shutil",
    "tempfile",
}


def imported_roots(source: Path) -> set[str]:
    roots: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            roots.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            roots.add(node.module.split(".")[0])
    return roots


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 20


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_fits_leans_image_and_the_clouds_lowest_tier(source: Path) -> None:
    assert source.stat().st_size < 32_000
    allowed = IN_LEANS_IMAGE | (SENTIMENT if "sentiment" in source.parts else set())
    assert imported_roots(source) <= allowed | set(sys.stdlib_module_names) | {"trading"}
    if source.stem != "__init__":
        assert source.stem not in sys.stdlib_module_names


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_opens_no_file_socket_or_process(source: Path) -> None:
    if source.name == "compiled.py":  # reads its own sources, to key the kernel cache
        return
    reaching = imported_roots(source) & REACHING_OUT
    # The indicator table is shared among a sweep's threads, and locks; it starts none. Sentiment parses URLs.
    assert reaching <= {"threading"} | ({"urllib"} if "sentiment" in source.parts else set())
    starts_threads = "Thread(" in source.read_text()
    assert starts_threads == (source.relative_to(PACKAGE).as_posix() == "sentiment/desk.py")
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "open" not in calls


def test_no_folder_that_the_lean_cli_skips() -> None:
    folders = {path.name for path in PACKAGE.rglob("*") if path.is_dir()}
    assert not folders & SKIPPED_BY_THE_CLI


def test_code_only() -> None:
    others = [
        path
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix != ".py"
        and path.name != "config.json"
    ]
    assert others == []
