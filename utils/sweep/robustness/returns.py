"""Daily returns of all rows of a sweep, as the sums over time blocks that the store keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trading.simulation.records import BLOCK_SUMS, BLOCKS
from utils.sweep.store import Store, SweepRecord

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Returns:
    """N rows that were simulated, in order of combination, over 16 blocks of days.

    Attributes:
        combos: combination of each row, shape (N,).
        hashes: equal for rows with equal trades, shape (N,).
        sums, squares: sum of r and of r^2 in each block, shape (N, 16).
        cubes, fourths: sums of r^3 and r^4 over all days, shape (N,).
        days: days in each block, shape (16,).
    """

    combos: NDArray[np.int64]
    hashes: NDArray[np.int64]
    sums: Array
    squares: Array
    cubes: Array
    fourths: Array
    days: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.combos)

    def distinct(self) -> Returns:
        """The first row of each set of equal trades."""
        _, first = np.unique(self.hashes, return_index=True)
        first.sort()
        return Returns(
            self.combos[first],
            self.hashes[first],
            self.sums[first],
            self.squares[first],
            self.cubes[first],
            self.fourths[first],
            self.days,
        )


def returns_of(
    blocks: Array, days: NDArray[np.int64], combos: NDArray[np.int64], hashes: NDArray[np.int64]
) -> Returns:
    """Returns from block sums as `RESULT_DTYPE` lays them out, shape (N, 34)."""
    squares = blocks[:, BLOCKS : 2 * BLOCKS]
    return Returns(combos, hashes, blocks[:, :BLOCKS], squares, blocks[:, -2], blocks[:, -1], days)


def load_returns(store: Store, sweep: SweepRecord) -> Returns:
    """The returns of a stored sweep; rows that were not simulated are left out, those that went bust not."""
    rows = store.query(
        "SELECT coalesce(combo, trial), trades_hash, blocks FROM strategies"
        " WHERE sweep = ? AND blocks IS NOT NULL ORDER BY id",
        (sweep.id,),
    )
    combos = np.array([row[0] for row in rows], np.int64)
    hashes = np.array([row[1] for row in rows], np.int64)
    blocks = np.frombuffer(b"".join(row[2] for row in rows), "<f8").reshape(-1, BLOCK_SUMS)
    return returns_of(blocks.astype(np.float64), np.array(sweep.block_days, np.int64), combos, hashes)
