"""Patches give what git's own differences say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.patches import apply_patch


def git_difference(folder: Path, before: str, after: str) -> str:
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    (folder / "a" / "main.py").write_bytes(before.encode())
    (folder / "b" / "main.py").write_bytes(after.encode())
    command = ["git", "diff", "--no-index", "--no-color", "--no-prefix", "a/main.py", "b/main.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1\n", "a = 2\n"),
        ("first\n\na = 1\n", "first\n\na = 2\nb = 3\n"),
        ("a\nb\nc\n", "b\nc\n"),
        ("a\n", "new\na\nlast\n"),
        ("a", "a\n"),
        ("a\n", "a"),
        ("a\nb", "a\nc"),
        ("", "a\n"),
        ("a\n", ""),
        ("a\r\nb\r\n", "a\r\nc\r\n"),
        ("a\x0cb\n\u2028\n", "a\x0cc\n\u2028\n"),
        ("".join(f"{n}\n" for n in range(50)), "".join(f"{n}\n" for n in range(50) if n not in (3, 40))),
    ],
)
def test_what_git_calls_the_difference_makes_one_from_the_other(
    tmp_path: Path, before: str, after: str
) -> None:
    patch = git_difference(tmp_path, before, after)
    assert apply_patch({"main.py": before, "other.py": "x"}, patch) == {"main.py": after}


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        (" ", "not a unified diff"),
        ("--- a/none.py\n+++ b/none.py\n@@ -1 +1 @@\n-a\n+b\n", "File not found: none.py"),
        ("--- a/main.py\n+++ b/main.py\n@@ -1 +1 @@\n-z\n+b\n", "does not fit main.py at line 1"),
        ("--- a/main.py\n+++ b/main.py\n@@ -9 +9 @@\n-z\n+b\n", "does not fit main.py at line 9"),
        ("--- a/main.py\n+++ b/main.py\n@@ -1,5 +1,5 @@\n a\n", "ends early"),
        ("--- a/main.py\n+++ b/main.py\n@@ -2 +2 @@\n-b\n+c\n@@ -1 +1 @@\n-a\n+c\n", "overlap"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(patch: str, said: str) -> None:
    with pytest.raises(RefusalError, match=said):
        apply_patch({"main.py": "a\nb\n"}, patch)


@given(st.text(alphabet="@-+ 1,\\\nab"))
def test_any_text_is_applied_or_refused(text: str) -> None:
    try:
        changed = apply_patch({"a": "a\nb\n"}, f"+++ a\n@@ -1 +1 @@\n{text}")
    except RefusalError as refusal:
        assert str(refusal)
    else:
        assert set(changed) == {"a"}
