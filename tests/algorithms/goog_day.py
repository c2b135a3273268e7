"""A day of real quotes of GOOG and of one expiry of its options, cut out of the sample data."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

EXPIRY = "20160115"
STRIKES = (730, 765)
DAY, DAY_BEFORE = "20151224", "20151223"


def cut_out(sample: Path, folder: Path) -> Path:
    """A LEAN data folder with what a run over that day reads.

    Args:
        sample: the sample data's `lean` folder.
        folder: made.
    """
    for name in ("market-hours", "symbol-properties", "alternative"):
        if (sample / name).is_dir():
            shutil.copytree(sample / name, folder / name)
    usa = Path("equity") / "usa"
    for kind in ("map_files", "factor_files"):
        (folder / usa / kind).mkdir(parents=True)
        for path in (sample / usa / kind).glob("goo*"):
            shutil.copy(path, folder / usa / kind)
    (folder / usa / "minute" / "goog").mkdir(parents=True)
    for kind in ("trade", "quote"):
        shutil.copy(sample / usa / "minute" / "goog" / f"{DAY}_{kind}.zip", folder / usa / "minute" / "goog")
    (folder / usa / "daily").mkdir()
    shutil.copy(sample / usa / "daily" / "goog.zip", folder / usa / "daily")
    _cut_universe(sample, folder)
    for kind in ("quote", "trade", "openinterest"):
        _cut_archive(sample, folder, kind)
    return folder


def _cut_universe(sample: Path, folder: Path) -> None:
    name = Path("option") / "usa" / "universes" / "goog" / f"{DAY_BEFORE}.csv"
    (folder / name).parent.mkdir(parents=True)
    lines = (sample / name).read_text().splitlines()
    kept = [line for line in lines if line.startswith(("#", ",,,")) or _wanted(line.split(",")[:2])]
    (folder / name).write_text("\n".join(kept) + "\n")


def _wanted(named: list[str]) -> bool:
    expiry, strike = named
    return expiry == EXPIRY and STRIKES[0] <= float(strike) <= STRIKES[1]


def _cut_archive(sample: Path, folder: Path, kind: str) -> None:
    name = Path("option") / "usa" / "minute" / "goog" / f"{DAY}_{kind}_american.zip"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(sample / name) as source, zipfile.ZipFile(folder / name, "w") as target:
        for entry in source.namelist():
            strike, expiry = entry.removesuffix(".csv").split("_")[-2:]
            if _wanted([expiry, str(int(strike) / 10_000)]):
                target.writestr(entry, source.read(entry))
