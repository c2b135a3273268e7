"""Many files put into a folder together: all of them, or none when making them fails."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from utils.errors import UserError


@contextmanager
def staged(folder: Path, *needed: Path) -> Iterator[Path]:
    """A folder to write files to that go to `folder` when the block ends well, and nowhere when it does not.

    What costs space and takes time is done by then; what is left is to rename files on the same disk.

    Args:
        folder: where the files go, made when it is not there; files of the same name are replaced.
        needed: paths below `folder` of files the block reads; those that exist are copied beforehand.

    Raises:
        UserError: the folder cannot be made or written.
    """
    stage: Path | None = None
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(dir=folder, prefix=".staging-"))
        for path in needed:
            if (folder / path).exists():
                (stage / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / path, stage / path)
        yield stage
        _publish(stage, folder)
        new = []
    except UserError as error:  # of a file in the stage: the user knows it as one of the folder
        raise UserError(str(error).replace(str(stage), str(folder))) from error
    except OSError as error:
        reason = error.strerror or error
        raise UserError(
            f"{folder}: cannot be written: {reason}; free space or choose another folder"
        ) from error
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)
        for path in new:  # innermost first; one that somebody else uses by now is not empty and stays
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def _publish(stage: Path, folder: Path) -> None:
    files = sorted(path for path in stage.rglob("*") if path.is_file())
    for path in files:
        (folder / path.relative_to(stage)).parent.mkdir(parents=True, exist_ok=True)
    for path in files:
        path.replace(folder / path.relative_to(stage))
