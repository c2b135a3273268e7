"""Files that come together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from utils.data.staging import staged
from utils.errors import UserError


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_files_arrive_when_the_block_ends_well(tmp_path: Path) -> None:
    home = tmp_path / "a" / "b"
    with staged(home) as stage:
        (stage / "deep").mkdir()
        (stage / "deep" / "file").write_text("new")
        assert not (home / "deep").exists()
    assert contents(home) == {"deep/file": "new"}
    assert [path.name for path in home.iterdir()] == ["deep"]


def test_what_is_needed_is_there_and_replaced(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "old").write_text("1")
    (tmp_path / "kept").write_text("kept")
    with staged(tmp_path, Path("sub/old"), Path("sub/none")) as stage:
        (stage / "sub" / "old").write_text((stage / "sub" / "old").read_text() + "2")
        assert (tmp_path / "sub" / "old").read_text() == "1"
    assert contents(tmp_path) == {"sub/old": "12", "kept": "kept"}


@pytest.mark.parametrize(
    "error", [UserError("no"), OSError(28, "No space left on device"), KeyboardInterrupt()]
)
def test_nothing_is_left_when_it_fails(tmp_path: Path, error: BaseException) -> None:
    (tmp_path / "file").write_text("old")
    expected = UserError if isinstance(error, OSError) else type(error)
    for home in (tmp_path, tmp_path / "new" / "folder"):
        with pytest.raises(expected), staged(home) as stage:
            (stage / "file").write_text("half")
            raise error
    assert contents(tmp_path) == {"file": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(UserError, match="file/folder: cannot be written: Not a directory"),
        staged(tmp_path / "file" / "folder"),
    ):
        pytest.fail("there is no folder to write to")
