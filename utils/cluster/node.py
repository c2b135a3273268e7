"""The Ray node of a host: its command line, and the environment of all that runs beside it."""

from __future__ import annotations

import shlex
from typing import Any, Final

from utils.cluster.config import MAIN, ClusterConfig
from utils.cluster.ssh import HERE

CLIENT_PORT_OFFSET: Final = 8
"""Of Ray Client's server, which every head starts; nobody here uses it."""

OBJECT_STORE_SHARE: Final = 0.3


def variables(cluster: ClusterConfig, name: str, folder: str) -> dict[str, str]:
    """Environment of programs on a host: a Ray driver there finds its Ray cluster and is let in.

    Args:
        folder: the cluster's folder there, absolute.
    """
    return {
        HERE: name,
        "RAY_ADDRESS": ray_address(cluster, name),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": f"{folder}/ray_token",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_gcs_rpc_server_reconnect_timeout_s": "20",  # then a node ends, and is started again
        # A dozen processes that start at once: on a busy host that takes longer than Ray grants them.
        "RAY_DASHBOARD_SUBPROCESS_MODULE_WAIT_READY_TIMEOUT": "180",
        "RAY_DASHBOARD_STARTUP_TIMEOUT_S": "180",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "1",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    }


def variables_file(cluster: ClusterConfig, name: str, folder: str) -> str:
    """The same as lines of the shell."""
    return "".join(f"{key}={shlex.quote(value)}\n" for key, value in variables(cluster, name, folder).items())


def ray_address(cluster: ClusterConfig, name: str) -> str:
    """At which a node joins its Ray cluster, and a driver on it connects."""
    return f"{cluster.hosts[cluster.head_of(name)].node_address}:{cluster.ports.gcs}"


def has_jobs(cluster: ClusterConfig, name: str) -> bool:
    """Whether a host runs submitted sweeps: the head of the main Ray cluster does."""
    return name == cluster.head and cluster.island_of(name) == MAIN


def jobs_api(cluster: ClusterConfig) -> str:
    """Where the main head takes jobs, seen from itself."""
    return f"127.0.0.1:{cluster.ports.dashboard}"


def service(cluster: ClusterConfig, name: str, release: str) -> dict[str, Any]:
    """What the supervisor keeps running on a host, see `host_side.service.install`."""
    afterwards = [
        "{folder}/current/bin/python",
        "-m",
        "utils.cluster.host_side.sweeps",
        "resume",
        "{folder}",
        jobs_api(cluster),
    ]
    return {
        "release": release,
        "command": [
            "{folder}/current/bin/python",
            "-m",
            "ray.scripts.scripts",
            *start_arguments(cluster, name),
        ],
        "afterwards": afterwards if has_jobs(cluster, name) else None,
        "environment": {"PYTHONUNBUFFERED": "1"},
    }


def start_arguments(cluster: ClusterConfig, name: str) -> list[str]:
    """`ray start` with fixed ports, at the host's own address."""
    host, ports = cluster.hosts[name], cluster.ports
    first, last = ports.worker_range
    options = {
        "node-ip-address": host.node_address,
        "node-name": name,
        **ports.node,
        "min-worker-port": first,
        "max-worker-port": last,
    }
    if cluster.head_of(name) == name:
        options |= {
            "port": ports.gcs,
            "include-dashboard": str(has_jobs(cluster, name)).lower(),
            "dashboard-host": "127.0.0.1",
            "dashboard-port": ports.dashboard,
            "ray-client-server-port": ports.first + CLIENT_PORT_OFFSET,
        }
        words = ["start", "--head"]
    else:
        words = ["start", f"--address={ray_address(cluster, name)}"]
    if host.cpus is not None:
        options["num-cpus"] = host.cpus
    if host.memory is not None:
        store = int(host.memory * OBJECT_STORE_SHARE)
        options |= {"memory": int(host.memory) - store, "object-store-memory": max(store, 80 * 2**20)}
    if host.labels:
        options["labels"] = ",".join(f"{key}={value}" for key, value in host.labels.items())
    return [
        *words,
        "--block",
        "--disable-usage-stats",
        *(f"--{option}={value}" for option, value in options.items()),
    ]
