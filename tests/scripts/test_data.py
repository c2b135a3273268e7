"""`scripts/data.py` as its users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts.data import main

ROOT = Path(__file__).parent.parent.parent
HEADER = "timestamp,open,high,low,close,volume\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def in_a_process(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "data.py", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'Library'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to work in with a sample in `data`, made by the command itself."""
    home = tmp_path_factory.mktemp("work")
    result = in_a_process(home, "sample", "--days", 5)
    assert result.returncode == 0, result.stderr
    assert "SPX is real; SYNTH and SYNUSD are made up" in result.stdout
    return home


def bars(folder: Path, minutes: int, count: int = 200) -> Path:
    path = folder / f"{minutes}m.csv"
    rows = (f"{1_751_328_000 + 60 * minutes * i},10,12,9,11,{i}\n" for i in range(count))
    path.write_text(HEADER + "".join(rows))
    return path


CRYPTO = ("--symbol", "ETHUSD", "--security-type", "crypto", "--market", "coinbase")


def test_info_lists_the_sample(folder: Path) -> None:
    result = in_a_process(folder, "info")
    assert (result.returncode, result.stderr) == (0, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[-1][:1] == ["index/usa/daily/spx/trade"]
    assert lines[-1][-3:] == ["5,031", "0", "0"]


def test_info_prints_json(folder: Path) -> None:
    result = run("info", "--data", folder / "data", "--json")
    (spx,) = (one for one in json.loads(result.stdout) if one["symbol"] == "SPX")
    assert spx == {
        "series": "index/usa/daily/spx/trade",
        "security_type": "index",
        "market": "usa",
        "symbol": "SPX",
        "resolution": "daily",
        "tick_type": "trade",
        "first": "1999-01-04T05:00:00+00:00",
        "last": "2018-12-31T05:00:00+00:00",
        "bars": 5031,
        "expected": 5031,
        "missing": 0,
        "gaps": [],
        "error": None,
    }


def test_info_of_a_folder_with_a_damaged_file_says_so_and_fails(tmp_path: Path) -> None:
    assert run("import", bars(tmp_path, 1), *CRYPTO, "--data", tmp_path / "data").exit_code == 0
    (path,) = (tmp_path / "data" / "crypto").rglob("*.zip")
    path.write_bytes(b"PK")
    result = run("info", "--data", tmp_path / "data")
    assert result.exit_code == 1
    assert "cannot be read" in result.stdout
    first, last = result.stderr.splitlines()
    assert first.startswith(f"crypto/coinbase/minute/ethusd/trade: {path}: ")
    assert last == f"error: {tmp_path / 'data'}: 1 of 1 series cannot be read; mend or remove them"


def test_import_says_what_came_in(tmp_path: Path) -> None:
    result = run("import", bars(tmp_path, 1), *CRYPTO, "--data", tmp_path / "data")
    name = tmp_path / "data/crypto/coinbase/minute/ethusd/20250701_trade.zip"
    assert result.stdout == f"200 bars of crypto/coinbase/minute/ethusd/trade in {name}\n"
    result = run(
        "import", bars(tmp_path, 5), *CRYPTO, "--resample", "hour", "--data", tmp_path / "data", "--json"
    )
    assert json.loads(result.stdout) == {
        "series": "crypto/coinbase/hour/ethusd/trade",
        "bars": 16,
        "files": [str(tmp_path / "data/crypto/coinbase/hour/ethusd_trade.zip")],
    }


def test_import_says_what_lean_misses(folder: Path, tmp_path: Path) -> None:
    result = run("import", bars(tmp_path, 1), *CRYPTO, "--data", tmp_path / "data")
    assert result.stderr.startswith("note: LEAN will not trade it yet: ")
    assert "symbol-properties-database.csv: no symbol properties database" in result.stderr
    spy = ("--symbol", "SPY", "--security-type", "equity", "--market", "usa", "--resample", "daily")
    result = run("import", bars(tmp_path, 60), *spy, "--data", folder / "data")
    assert (result.exit_code, result.stderr) == (0, "")


def test_five_minute_bars_are_refused_with_the_remedy(tmp_path: Path) -> None:
    path = bars(tmp_path, 5)
    for _ in range(2):
        result = in_a_process(tmp_path, "import", path, *CRYPTO)
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr == (
            f"error: {path}: bars of 5 minutes have no resolution in LEAN, which would misread them; "
            "add --resample hour\n"
        )
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        ("", "is empty"),
        (HEADER, "no bars"),
        (HEADER + "2025-07-01,1,2,0,1,1\n", "line 2: low 0 is not above 0"),
        (HEADER + "2025-07-01,1,x,1,1,1\n", "line 2: high 'x' is not a number"),
        (HEADER + "2025-07-02,1,1,1,1,1\n2025-07-01,1,1,1,1,1\n", "line 3: timestamp"),
    ],
)
def test_a_bad_file_is_one_line_and_exit_code_1(tmp_path: Path, content: str | None, message: str) -> None:
    path = tmp_path / "bars.csv"
    if content is not None:
        path.write_text(content)
    result = run("import", path, *CRYPTO, "--data", tmp_path / "data")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {path}: {message}") or message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "bars.csv"),
        ("import", "bars.csv", "--symbol", "X", "--security-type", "bond", "--market", "usa"),
        ("import", "bars.csv", *CRYPTO, "--resolution", "week"),
        ("import", "bars.csv", *CRYPTO, "--resample", "second"),
        ("sample", "--days", "2"),
        ("sample", "--seed", "-1"),
        ("info", "--no-such"),
        ("nothing",),
    ],
)
def test_bad_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_missing_or_empty_data_folder_says_how_to_make_one(tmp_path: Path) -> None:
    for folder in (tmp_path / "none", tmp_path):
        result = run("info", "--data", folder)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"error: {folder}: no ")
        assert "scripts/data.py sample" in result.stderr


def test_a_sample_needs_a_folder_it_can_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("sample", "--output", tmp_path / "file" / "data")
    assert result.exit_code == 1
    assert "cannot be written: Not a directory; free space or choose another folder" in result.stderr


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting a full disk takes root")
@pytest.mark.parametrize("kilobytes", [8, 64, 256, 512])
def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path, kilobytes: int) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let tests mount a disk")
    try:
        result = run("sample", "--output", disk / "data")
        assert result.exit_code == 1
        assert "No space left on device; free space" in result.stderr
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("command", ["sample", "import", "info"])
def test_help_has_examples(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"$ python scripts/data.py {command}" in result.stdout
