"""Numbers as LEAN's files write them: decimals in full, no exponent, no trailing zero."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from utils.data.lean.clock import DAY
from utils.data.lean.series import Resolution


def decimals(values: NDArray[np.float64]) -> pa.Array:
    """The shortest decimal text that reads back as the same float; NaN is empty. Shape (n,)."""
    texts = pc.cast(pa.array(np.where(values == 0, 0.0, values)), pa.string())  # -0.0 is written 0
    for mark, rewrite in (("e", _in_full), ("nan", _empty)):
        rows = np.flatnonzero(np.asarray(pc.match_substring(texts, mark)))
        if len(rows):
            written = pa.array([rewrite(texts[row].as_py()) for row in rows.tolist()], pa.string())
            mask = np.zeros(len(texts), np.bool_)
            mask[rows] = True
            texts = pc.replace_with_mask(texts, pa.array(mask), written)
    return texts


def times(wall: NDArray[np.int64], resolution: Resolution) -> pa.Array:
    """Milliseconds since midnight, or `yyyyMMdd HH:mm` at hour and daily resolution. Shape (n,)."""
    if resolution.file_a_day:
        return pc.cast(pa.array(wall % DAY // 1_000_000), pa.string())
    minutes = pa.array(wall.view("M8[ns]").astype("M8[s]"))
    return pc.strftime(minutes, format="%Y%m%d %H:%M")


def lines(time: pa.Array, columns: Sequence[pa.Array]) -> list[str]:
    """The lines of a file, without line ends."""
    joined: list[str] = pc.binary_join_element_wise(time, *columns, ",").to_pylist()
    return joined


def _in_full(text: str) -> str:
    return format(Decimal(text), "f")


def _empty(_text: str) -> str:
    return ""
