"""The profile of a host of a cluster, measured there and assessed here."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from utils.cluster.ssh import NOT_FOUND, Ssh, SshError
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import HostProfile

MEASURE_SECONDS: Final = 300.0

_MEASURE: Final = (
    "import sys\n"
    "from utils.readiness.measurement.host import measure\n"
    "from utils.readiness.plan import ReadinessPlan\n"
    "print(measure(ReadinessPlan.model_validate_json(sys.stdin.read())).model_dump_json())\n"
)


def measure_on(ssh: Ssh, name: str, plan: ReadinessPlan) -> HostProfile:
    """Measure a host of the cluster with the environment that `up` made there.

    The plan travels on standard input. Where its database is, and the password, are that host's: its
    environment's FEATURES_DB and its ~/.pgpass.

    Raises:
        SshError: it was not reached, nothing is installed there, or it could not be measured.
    """
    python = f"{ssh.cluster.host(name).path}/current/bin/python"
    sent = plan.model_dump_json().encode()
    answer = ssh.run(name, [python, "-c", _MEASURE], stdin=sent, timeout=MEASURE_SECONDS)
    if answer.code == NOT_FOUND:
        raise SshError(f"{name}: nothing is installed there; scripts/cluster.py up")
    if answer.code:
        said = answer.errors.strip().splitlines() or ["no reason given"]
        raise SshError(
            f"{name}: it was not measured: {said[-1]}; scripts/cluster.py up brings it to this version"
        )
    try:
        return HostProfile.model_validate_json(answer.output)
    except ValidationError:
        raise SshError(f"{name}: it has another version of this workspace; scripts/cluster.py up") from None
