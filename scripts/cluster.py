"""Other machines: check them, trust their keys, prepare and start them, watch them, run sweeps on them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from rich.markup import escape
from rich.table import Table

from utils.cli import examples, group, json_option, output, print_json, progress_output
from utils.cluster.bundle import ROOT
from utils.cluster.config import DEFAULT_FILE, ClusterConfig, load_cluster
from utils.cluster.doctor import GIB, Diagnosis, examine
from utils.cluster.down import down as end_nodes
from utils.cluster.down import failed
from utils.cluster.ssh import Ssh
from utils.cluster.status import ClusterStatus, status
from utils.cluster.submission import fetch, jobs, newest, stop, submit
from utils.cluster.submission import follow as follow_log
from utils.cluster.trust import check_change, offered_key, trust, trusted_keys
from utils.cluster.up import prepare
from utils.cluster.up import up as bring_up
from utils.errors import UserError
from utils.readiness.finding import Level, verdict_of
from utils.sweep.config import load_config

COLOURS: Final = {Level.OK: "green", Level.RISK: "yellow", Level.BLOCKER: "red"}

F = TypeVar("F", bound=Callable[..., object])

_cluster = click.option(
    "--cluster", "cluster_file", type=click.Path(path_type=Path, dir_okay=False), default=DEFAULT_FILE,
    show_default=True, help="The cluster file.",
)  # fmt: skip


@group()
def main() -> None:
    """Hosts over SSH: doctor, trust, up, status, down; submit, jobs, logs, fetch, stop."""


@main.command()
@_cluster
@json_option
@examples("python scripts/cluster.py doctor", "python scripts/cluster.py doctor --json")
def doctor(cluster_file: Path, as_json: bool) -> None:
    """Check every host: connection, versions, disk, memory, clock, ports. Changes nothing.

    Ends with 1 when something must be mended.
    """
    ssh = Ssh(load_cluster(cluster_file), shared=False)
    with progress_output().status("Asking the hosts"):
        diagnoses = examine(ssh)
    findings = [finding for seen in diagnoses for finding in seen.findings]
    verdict = verdict_of(findings)
    if as_json:
        hosts = {seen.host: [asdict(finding) for finding in seen.findings] for seen in diagnoses}
        print_json({"verdict": verdict, "hosts": hosts})
    else:
        output().print(_findings_table(diagnoses))
        output().print(f"{verdict}: {_islands_line(ssh.cluster)}", markup=False)
    if any(finding.level is Level.BLOCKER for finding in findings):
        raise click.exceptions.Exit(1)


@main.command("trust")
@click.argument("hosts", nargs=-1)
@_cluster
@click.option("--yes", is_flag=True, help="Do not ask: the fingerprints were compared before.")
@click.option("--fingerprint", help="Of one host: trust its key only if it is this one.")
@click.option("--replace", is_flag=True, help="Take a key in place of another that was trusted.")
@examples(
    "python scripts/cluster.py trust",
    "python scripts/cluster.py trust worker1 --fingerprint SHA256:...",
    "python scripts/cluster.py trust worker1 --replace",
)
def trust_command(
    hosts: tuple[str, ...], cluster_file: Path, yes: bool, fingerprint: str | None, replace: bool
) -> None:
    """Show the host keys' fingerprints, and record those that you say are right. All hosts, unless named."""
    ssh = _ssh(cluster_file)
    cluster = ssh.cluster
    names = list(hosts) or list(cluster.hosts)
    if fingerprint is not None and len(names) != 1:
        raise click.UsageError("--fingerprint is of one host: name it")
    for name in names:
        cluster.host(name)
    for name in sorted(names, key=lambda name: len(cluster.route(name))):
        with progress_output().status(f"Asking {name}"):
            key = offered_key(ssh, name)
        if trusted_keys(cluster).get(name) == key:
            output().print(f"{name}: {key.kind} {key.fingerprint} is trusted already")
            continue
        if not replace:
            check_change(cluster, name, key)
        if fingerprint is not None and fingerprint != key.fingerprint:
            raise UserError(f"{name}: its key is {key.fingerprint}, not {fingerprint}; nothing was recorded")
        output().print(f"{name}: {key.kind} {key.fingerprint}")
        if not (yes or fingerprint) and not click.confirm(f"Is this the key of {name}?", err=True):
            raise UserError(f"{name}: not trusted; compare it with ssh-keygen -lf on the host's own console")
        trust(cluster, name, key)
    output().print(f"trusted: {cluster.known_hosts}", markup=False, soft_wrap=True)


@main.command("up")
@_cluster
@click.option(
    "--lock", type=click.Path(path_type=Path, exists=True), default=ROOT / "requirements.lock",
    help="The versions of an environment.  [default: requirements.lock]",
)  # fmt: skip
@click.option(
    "--require", "wanted", multiple=True, help="Requirements of an environment, instead of what a node needs."
)
@click.option("--no-services", is_flag=True, help="Only put environments and code there.")
@json_option
@examples("python scripts/cluster.py up")
def up_command(
    cluster_file: Path, lock: Path, wanted: tuple[str, ...], no_services: bool, as_json: bool
) -> None:
    """Bring environment and code to every host, and start its Ray node, to come back with the host.

    What is as it should be is left alone: a second time does nothing.
    """
    ssh = _ssh(cluster_file)
    console = progress_output()
    with console.status("Gathering wheels and code"):
        delivery = prepare(ssh, lock, list(wanted) or None)
    with console.status("Bringing up the hosts"):
        outcomes = bring_up(
            ssh, delivery, services=not no_services, say=lambda line: console.print(line, markup=False)
        )
    if as_json:
        print_json({name: asdict(outcome) for name, outcome in outcomes.items()})
    else:
        for name, outcome in outcomes.items():
            done = "; ".join(outcome.done) or "nothing to do"
            output().print(
                f"{name}: {f'NOT UP: {outcome.problem}' if outcome.problem else done}", markup=False
            )
    _fail_for([name for name, outcome in outcomes.items() if outcome.problem], "up")


@main.command("down")
@_cluster
@click.option("--remove", is_flag=True, help="Also remove everything there, submitted sweeps included.")
@json_option
@examples("python scripts/cluster.py down", "python scripts/cluster.py down --remove")
def down_command(cluster_file: Path, remove: bool, as_json: bool) -> None:
    """End the Ray nodes; they do not come back with their hosts. What was computed stays, unless --remove."""
    ssh = _ssh(cluster_file)
    with progress_output().status("Ending the nodes"):
        lines = end_nodes(ssh, remove=remove)
    if as_json:
        print_json(lines)
    else:
        for name, line in lines.items():
            output().print(f"{name}: {line}", markup=False)
    _fail_for([name for name, line in lines.items() if failed(line)], "down")


@main.command("status")
@_cluster
@json_option
@examples("python scripts/cluster.py status", "python scripts/cluster.py status --json")
def status_command(cluster_file: Path, as_json: bool) -> None:
    """Hosts, their Ray nodes, and the submitted sweeps with their chunks.

    Ends with 1 when a node is not there, or something could not be asked.
    """
    ssh = _ssh(cluster_file)
    with progress_output().status("Asking the hosts"):
        found = status(ssh)
    if as_json:
        print_json(asdict(found))
    else:
        output().print(_hosts_table(found))
        if found.sweeps:
            output().print(_sweeps_table(found.sweeps))
        for problem in found.problems:
            output().print(problem, markup=False)
    if found.problems or not all(host.alive for host in found.hosts):
        raise click.exceptions.Exit(1)


@main.command("submit")
@click.argument("config", type=click.Path(path_type=Path))
@_cluster
@click.option("--data", help="CSV or Parquet file of bars; {symbol} stands for each symbol.")
@click.option("--symbol", "symbols", multiple=True, help="Symbol to sweep; may be repeated.")
@json_option
@examples("python scripts/cluster.py submit config/sweeps/money_line_reference.yaml --data BTC-USD_5m.csv")
def submit_command(
    config: Path, cluster_file: Path, data: str | None, symbols: tuple[str, ...], as_json: bool
) -> None:
    """Start the sweep of CONFIG on the cluster and return: it goes on without this machine.

    The same sweep again goes on where it was stopped, and is left alone otherwise.
    """
    ssh = _ssh(cluster_file)
    overrides = {"data.path": data, "data.symbols": list(symbols) or None}
    settings = load_config(config, {name: value for name, value in overrides.items() if value is not None})
    with progress_output().status("Sending configuration and bars"):
        answer = submit(ssh, settings)
    if as_json:
        print_json(answer)
    else:
        what = "submitted" if answer["new"] else "it is there already"
        output().print(f"{answer['id']}: {what}, {answer['state']}", markup=False)


@main.command("jobs")
@_cluster
@json_option
@examples("python scripts/cluster.py jobs")
def jobs_command(cluster_file: Path, as_json: bool) -> None:
    """The submitted sweeps, their state and chunks."""
    found = jobs(_ssh(cluster_file))
    if as_json:
        print_json(found)
    else:
        output().print(_sweeps_table(found))


@main.command("logs")
@click.argument("sweep", required=False)
@_cluster
@click.option("--follow", is_flag=True, help="Go on until the sweep ends, over lost connections too.")
@examples("python scripts/cluster.py logs money_line-1a2b3c4d --follow")
def logs_command(sweep: str | None, cluster_file: Path, follow: bool) -> None:
    """What submitted sweep SWEEP printed: the newest, unless one is named."""
    ssh = _ssh(cluster_file)
    follow_log(ssh, sweep or newest(ssh), sys.stdout.buffer, wait=follow)


@main.command("fetch")
@click.argument("sweep", required=False)
@_cluster
@click.option("--db", type=click.Path(path_type=Path), help="Where to.  [default: build/SWEEP.db]")
@examples("python scripts/cluster.py fetch money_line-1a2b3c4d --db build/money_line.db")
def fetch_command(sweep: str | None, cluster_file: Path, db: Path | None) -> None:
    """Copy the database of submitted sweep SWEEP here, as it is now: whole, checked, and while it goes on."""
    ssh = _ssh(cluster_file)
    sweep = sweep or newest(ssh)
    target = db or Path("build") / f"{sweep}.db"
    with progress_output().status(f"Fetching {sweep}"):
        fetch(ssh, sweep, target)
    output().print(f"fetched: {target}", markup=False, soft_wrap=True)


@main.command("stop")
@click.argument("sweep", required=False)
@_cluster
@json_option
@examples("python scripts/cluster.py stop money_line-1a2b3c4d")
def stop_command(sweep: str | None, cluster_file: Path, as_json: bool) -> None:
    """End submitted sweep SWEEP; what is done stays, and `submit` goes on with it."""
    ssh = _ssh(cluster_file)
    sweep = sweep or newest(ssh)
    state = stop(ssh, sweep)
    if as_json:
        print_json(state)
    else:
        output().print(f"{sweep}: {state['state']}", markup=False)


def _ssh(cluster_file: Path) -> Ssh:
    return Ssh(load_cluster(cluster_file))


def _fail_for(names: list[str], what: str) -> None:
    if names:
        raise UserError(
            f"{', '.join(names)}: not {what}; mend what is said above, then the same command again"
        )


def _islands_line(cluster: ClusterConfig) -> str:
    islands = cluster.islands()
    return "Ray clusters: " + "; ".join(f"{island} ({', '.join(names)})" for island, names in islands.items())


def _findings_table(diagnoses: list[Diagnosis]) -> Table:
    table = Table("host", "subject", "level", "evidence", "risk and remedy")
    for seen in diagnoses:
        for finding in seen.findings:
            advice = "; ".join(part for part in (finding.risk, finding.remedy) if part)
            colour = COLOURS[finding.level]
            level = f"[{colour}]{finding.level}[/{colour}]"
            table.add_row(seen.host, finding.subject, level, escape(finding.evidence), escape(advice))
    return table


def _hosts_table(found: ClusterStatus) -> Table:
    table = Table("host", "Ray cluster", "node", "service", "CPUs", "load", "memory available")
    for host in found.hosts:
        node = "?" if host.alive is None else "[green]alive[/green]" if host.alive else "[red]not there[/red]"
        again = f", started again {host.restarts} times" if host.restarts else ""
        load = "" if host.load is None else f"{host.load:.1f}"
        available, total = host.memory_available, host.memory
        memory = (
            "" if available is None or total is None else f"{available / GIB:.1f} of {total / GIB:.1f} GiB"
        )
        table.add_row(
            host.host, host.island, node, escape(host.service + again), f"{host.cpus:g}", load, memory
        )
    return table


def _sweeps_table(sweeps: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("sweep", "state", "attempts", "submitted", "chunks")
    for sweep in sweeps:
        chunks = ", ".join(f"{count} {state}" for state, count in sweep["chunks"].items())
        submitted = datetime.fromtimestamp(sweep["submitted"], UTC).strftime("%Y-%m-%d %H:%M UTC")
        table.add_row(sweep["id"], sweep["state"], str(sweep["attempts"]), submitted, chunks)
    return table


if __name__ == "__main__":
    main()
