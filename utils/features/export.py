"""Features as Parquet files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from utils.errors import UserError
from utils.features.schema import KEY, METADATA
from utils.features.store import FeatureStore, Unit
from utils.features.training import TrainingSet


def export_unit(store: FeatureStore, unit: Unit, folder: Path) -> Path:
    """Write one unit to `TABLE/SERIES/WINDOW.parquet`; undefined figures are null.

    Raises:
        UserError: the file cannot be written.
    """
    time, columns = store.rows(unit)
    names = [column.name for column in METADATA.tables[unit.table].columns if column.name not in KEY]
    arrays = {"time": _times(time)} | {
        name: pa.array(column, from_pandas=True) for name, column in zip(names, columns, strict=True)
    }
    return _written(pa.table(arrays), folder / unit.table / unit.series / f"{unit.window}.parquet")


def export_training(training: TrainingSet, folder: Path) -> Path:
    """Write a training set to `training/SERIES/HORIZON.parquet`.

    Raises:
        UserError: the file cannot be written.
    """
    arrays = {"time": _times(training.time), "target_end": _times(training.target_end)}
    arrays |= {
        name: pa.array(np.ascontiguousarray(column), from_pandas=True)
        for name, column in zip(training.names, training.features.T, strict=True)
    }
    arrays["log_return"] = pa.array(training.target)
    path = folder / "training" / training.series / f"{training.horizon}.parquet"
    return _written(pa.table(arrays), path)


def _times(time_ns: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    return pa.array(time_ns // 1000).cast(pa.timestamp("us", tz="UTC"))


def _written(table: pa.Table, path: Path) -> Path:
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, part, compression="zstd")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(f"{path}: cannot be written: {error.strerror or error}; free or allow it") from error
    return path
