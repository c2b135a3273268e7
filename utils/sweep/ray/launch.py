"""How the feeder of each Ray cluster is started: a command line, here or through SSH."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ENVIRONMENT: Final = (
    "RAY_USAGE_STATS_ENABLED=0",  # nothing is told to Ray's makers
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO=0",
    "RAY_gcs_rpc_server_reconnect_timeout_s=20",  # then its feeder ends, and another one takes its place
)
"""Of a feeder, and of the cluster that it starts."""

MODULE: Final = "utils.sweep.ray.feeder"


def _last_line(errors: str) -> str:
    if "Failed to connect to GCS" in errors:
        return "the head of its Ray cluster does not answer; see that it runs"
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith("[20")]  # and not of Ray's log
    return (own or lines or ["it ended"])[-1]


@dataclass(frozen=True)
class Launch:
    """How to start a feeder.

    Attributes:
        name: of its cluster; begins the names of its workers.
        argv: the command line; its standard streams are the feeder's.
        explain: what its standard error means, one line.
    """

    name: str
    argv: tuple[str, ...]
    explain: Callable[[str], str] = _last_line


def own_cluster(cpus: int, name: str = "ray") -> Launch:
    """A Ray cluster on this machine that lives as long as its feeder."""
    return Launch(name, ("env", *ENVIRONMENT, sys.executable, "-m", MODULE, "--cpus", str(cpus)))


def cluster_at(address: str, name: str = "ray") -> Launch:
    """The Ray cluster at an address; `auto` is the one that runs on this machine."""
    return Launch(name, ("env", *ENVIRONMENT, sys.executable, "-m", MODULE, "--address", address))
