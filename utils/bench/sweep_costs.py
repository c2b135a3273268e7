"""What a combination costs each process of a sweep on Ray, in processor time: the costs of the model.

Processor time depends less than the ratios of `cluster` do on what else a machine has to do. Ray's own part
of a feeder is not among it.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from trading.simulation.records import RESULT_DTYPE
from utils.bench import sweeps
from utils.sweep.definition import Sweep
from utils.sweep.enrollment import enroll
from utils.sweep.evaluation import Evaluator
from utils.sweep.ray.protocol import Frame, read_frame, write_frame
from utils.sweep.scaling import Costs
from utils.sweep.store import Store

CHUNKS = 8


def measured() -> tuple[Costs, int]:
    """Costs of the reference sweep, and how many combinations they are from."""
    config, bars = sweeps.reference_inputs()
    sweep = Sweep(config, "", bars, len(bars))
    grid = sweep.grid
    evaluator = Evaluator(grid.strategy, grid, bars, config.instrument, config.capital)
    evaluator.rows(0, 1)  # compiles
    compute = coordinator = feeder = 0.0
    combinations = 0
    with tempfile.TemporaryDirectory() as folder, Store.to_write(Path(folder) / "costs.db") as store:
        record = enroll(store, sweep)
        for chunk in store.unfinished(record.id)[:CHUNKS]:
            begun = time.thread_time()
            rows = evaluator.rows(chunk.start_combo, chunk.end_combo)
            compute += time.thread_time() - begun
            frame, sending, receiving = _through_a_pipe(Frame("result", {}, rows))
            begun = time.thread_time()
            arrived = np.frombuffer(frame.payload, RESULT_DTYPE)
            store.start(chunk, "worker")
            store.complete(record, chunk, grid.params_json(chunk.start_combo, chunk.end_combo), arrived)
            coordinator += time.thread_time() - begun + receiving
            feeder += sending
            combinations += len(arrived)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        stored = store.path.stat().st_size
    costs = Costs(
        compute_seconds=compute / combinations,
        coordinator_seconds=coordinator / combinations,
        feeder_seconds=feeder / combinations,
        result_bytes=float(RESULT_DTYPE.itemsize),
        stored_bytes=round(stored / combinations),
    )
    return costs, combinations


def _through_a_pipe(frame: Frame) -> tuple[Frame, float, float]:
    """What arrives, and the seconds that sending and receiving took."""
    source, sink = os.pipe()
    spent: list[float] = []

    def send() -> None:
        with open(sink, "wb", buffering=0) as stream:  # noqa: PTH123 - a descriptor
            write_frame(stream, frame)
        spent.append(time.thread_time())

    thread = threading.Thread(target=send)
    thread.start()
    begun = time.thread_time()
    with open(source, "rb", buffering=0) as stream:  # noqa: PTH123
        arrived = read_frame(stream)
    receiving = time.thread_time() - begun
    thread.join()
    assert arrived
    return arrived, spent[0], receiving
