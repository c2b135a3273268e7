"""What runs in a worker process of a Ray cluster: one evaluator over bars in the node's shared memory."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import ray
from numpy.typing import NDArray

from utils.sweep.definition import Sweep
from utils.sweep.evaluation import Evaluator
from utils.sweep.ray.definition import Columns, rebuilt
from utils.sweep.search.definition import Search
from utils.sweep.search.evaluation import TrialEvaluator


class Worker:
    """Evaluates ranges of one sweep, or trials of one search, one lease at a time.

    Args:
        header: of the message that holds the sweep or search.
        columns: the bars' columns, of one copy that all workers of a node share.
    Raises:
        UserError: this node has other code.
    """

    def __init__(self, header: Mapping[str, Any], columns: Columns) -> None:
        shared = {name: _writable(column) for name, column in columns.items()}
        self._evaluate = _evaluation(rebuilt(header, shared, socket.gethostname()))

    def place(self) -> tuple[str, int]:
        """Id of its node in the Ray cluster, and its process id."""
        return ray.get_runtime_context().get_node_id(), os.getpid()

    def rows(self, *arguments: Any) -> tuple[NDArray[np.void], float]:
        """Results of what an evaluator's `rows` takes, and the seconds that they took.

        Of a sweep it takes the first combination and the one after the last, of a search sets of parameters
        and their span.
        """
        begun = time.perf_counter()
        rows = self._evaluate(*arguments)
        return rows, time.perf_counter() - begun


def _evaluation(asked: Sweep | Search) -> Callable[..., NDArray[np.void]]:
    config, bars = asked.config, asked.swept_bars
    if isinstance(asked, Search):
        trials = TrialEvaluator(config.registered(), bars, config.instrument, config.capital)
        return lambda params, span: trials.rows(params, tuple(span))
    evaluator = Evaluator(asked.grid.strategy, asked.grid, bars, config.instrument, config.capital)
    with _one_at_a_time():  # kernels that nobody has compiled yet are compiled once a node
        evaluator.rows(0, 1)
    return evaluator.rows


class _View:
    """The memory of an array, to be written to as far as numpy knows; keeps the array alive."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array
        interface = array.__array_interface__
        self.__array_interface__ = {**interface, "data": (interface["data"][0], False)}


def _writable(array: NDArray[Any]) -> NDArray[Any]:
    """The same memory without its read-only mark, for which numba would compile every kernel once more.

    Nobody writes to bars.
    """
    return np.asarray(_View(array))


class _one_at_a_time:  # noqa: N801 - reads as a function
    """Held by one process of this machine."""

    def __enter__(self) -> None:
        path = Path(tempfile.gettempdir()) / f"lean-sweep-{os.getuid()}.compiling"
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
