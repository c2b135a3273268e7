"""A feeder without Ray, whose leases go wrong: python -m tests.utils.sweep.ray.scripted_feeder SEED FOLDER.

It gives each set of parameters a row with its own `k` in it. A lease may fail, be lost or be answered twice;
the first two feeders that are started (FOLDER counts them) may end at any lease. `{"k": -1}` always fails.
"""

from __future__ import annotations

import io
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np

from trading.simulation.records import RESULT_DTYPE
from utils.sweep.ray.protocol import Frame, read_frame, write_frame

WORKERS = 2


def main(seed: str, folder: str) -> None:
    starts = len(list(Path(folder).glob("start-*")))
    (Path(folder) / f"start-{starts}").touch()
    draw = random.Random(f"{seed}-{starts}")
    source, sink = io.FileIO(0, "rb", closefd=False), io.FileIO(1, "wb", closefd=False)

    def tell(kind: str, payload: Any = b"", **fields: Any) -> None:
        write_frame(sink, Frame(kind, fields, payload))

    while (frame := read_frame(source)) is not None and frame.kind != "goodbye":
        if frame.kind == "sweep":
            tell("alive", workers=WORKERS)
        if frame.kind == "lease":
            if starts < 2 and draw.random() < 0.1:
                sys.exit(3)
            answer(frame.fields, draw, tell)


def answer(lease: dict[str, Any], draw: random.Random, tell: Any) -> None:
    number, (params, _) = lease["lease"], lease["arguments"]
    tell("started", lease=number, worker="toy")
    fate = draw.random()
    if any(values["k"] == -1 for values in params):
        tell("failed", lease=number, worker="toy", node="toy", reason="it always does")
    elif fate < 0.15 and len(params) > 1:
        tell("failed", lease=number, worker="toy", node="toy", reason="by chance")
    elif fate < 0.3:
        tell("lost", lease=number, reason="its node has gone")
    else:
        rows = np.zeros(len(params), RESULT_DTYPE)
        rows["total_trades"] = [values["k"] for values in params]
        for _ in range(draw.choice([1, 1, 2])):
            tell("result", rows, lease=number, worker="toy", seconds=0.001)


if __name__ == "__main__":
    main(*sys.argv[1:])
