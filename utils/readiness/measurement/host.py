"""The profile of this host, as far as a plan asks for it."""

from __future__ import annotations

import platform
import socket
from datetime import UTC, datetime
from pathlib import Path

from utils.readiness.measurement.database_probe import probe_database
from utils.readiness.measurement.installed import has_talib, packages
from utils.readiness.measurement.machine import disk, instance_type, memory, processors, system
from utils.readiness.measurement.reach import reach
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile


def measure(plan: ReadinessPlan) -> HostProfile:
    """Measure; it takes a few seconds, of which the disk at most four."""
    unburdened = processors()  # before the disk's measurement adds to the load
    return HostProfile(
        host=socket.gethostname(),
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        processors=unburdened,
        memory=memory(),
        disk=disk(Path(plan.disk.path)),
        python=platform.python_version(),
        system=system(),
        architecture=platform.machine(),
        packages=packages(),
        talib=has_talib(),
        database=probe_database(plan.database) if plan.database else None,
        network=tuple(reach(address) for address in plan.network),
        instance_type=instance_type(),
    )
