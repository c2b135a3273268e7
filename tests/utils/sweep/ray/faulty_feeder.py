"""A feeder whose workers misbehave: python -m tests.utils.sweep.ray.faulty_feeder ADDRESS FAULT COMBO FOLDER.

They crash at, raise at, or hang at a combination, of a search at trials with that ATR period; or they do so
the first time only (a file in the folder says that they did). `slow` does none of it, and takes COMBO
milliseconds for a lease.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.sweep.ray.feeder import feed
from utils.sweep.ray.worker import Worker


def faulty(fault: str, combo: int, folder: Path) -> type[Worker]:
    class Faulty(Worker):
        def rows(self, *arguments: Any) -> tuple[NDArray[np.void], float]:
            kind, _, times = fault.partition("-")
            done = folder / "happened"
            if kind == "slow":
                time.sleep(combo / 1000)
            elif _meets(combo, *arguments) and not (times == "once" and done.exists()):
                done.touch()
                if kind == "crash":
                    os.abort()
                if kind == "hang":
                    time.sleep(10_000)
                if kind == "full":
                    raise OSError(28, "No space left on device")
                raise ZeroDivisionError("no volume")
            rows: tuple[NDArray[np.void], float] = super().rows(*arguments)
            return rows

    return Faulty


def _meets(combo: int, first: Any, second: Any) -> bool:
    if isinstance(first, list):
        return any(values["atr_period"] == combo for values in first)
    return bool(first <= combo < second)


def main(address: str, fault: str, combo: str, folder: str) -> Any:
    feed(None if address == "own" else address, 2, faulty(fault, int(combo), Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
