"""The page with the sweeps of this machine: how far they are, and buttons that start and stop them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from utils.cli import command, examples, progress_output
from utils.dashboard.access import TOKEN, is_loopback, keep_token
from utils.dashboard.cluster import ConfiguredHosts
from utils.dashboard.server import DashboardServer
from utils.dashboard.settings import Settings
from utils.notify.notifier import Notifier
from utils.notify.targets import targets
from utils.sweep.selection import METRICS

PORT = 3001
TOKEN_FILE = "dashboard.token"


@command()
@examples(
    "python scripts/dashboard.py",
    "python scripts/dashboard.py --db results/btc.db --metric sortino --min-trades 50",
    "python scripts/dashboard.py --host 0.0.0.0 --allow-host desk.example.com",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="0 takes a free one."
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Name by which browsers reach it, beside localhost; may be repeated.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Settings.folder,
    show_default=True,
    help="Folder of the databases to show, and of new ones.",
)
@click.option(
    "--db",
    "databases",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A database elsewhere; may be repeated.",
)
@click.option(
    "--configs",
    type=click.Path(path_type=Path),
    default=Settings.configs,
    show_default=True,
    help="Folder of the sweep files that can be started.",
)
@click.option(
    "--cluster",
    "cluster_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Cluster file whose hosts are shown too; they are asked over SSH.",
)
@click.option(
    "--metric",
    type=click.Choice(METRICS),
    default=Settings.metric,
    show_default=True,
    help="Rank by it.",
)
@click.option(
    "--min-trades",
    type=click.IntRange(0),
    default=Settings.min_trades,
    show_default=True,
    help="Leave out rows with fewer.",
)
@click.option(
    "--top", type=click.IntRange(1, 100), default=Settings.top, show_default=True, help="Rows to show."
)
@click.option(
    "--notify", type=click.Path(path_type=Path), help="apprise configuration; see docs/notifications.md."
)
@click.option(
    "--stall",
    "stall_minutes",
    type=click.FloatRange(0),
    default=Settings.stall_minutes,
    show_default=True,
    help="Minutes without a completed chunk until a sweep counts as stalled; 0: never.",
)
def main(
    host: str,
    port: int,
    hosts: tuple[str, ...],
    folder: Path,
    databases: tuple[Path, ...],
    configs: Path,
    cluster_file: Path | None,
    metric: str,
    min_trades: int,
    top: int,
    notify: Path | None,
    stall_minutes: float,
) -> None:
    """Serve the page at http://localhost:3001/cluster until Ctrl-C; sweeps that run go on.

    What changes anything needs a token. It is made at each start (or given by SWEEP_DASHBOARD_TOKEN), is part
    of the address that is printed, and is kept in FOLDER/dashboard.token for programs of this user. On an
    address that other machines reach, looking needs it too, and --allow-host must say what they call it.
    """
    if not is_loopback(host) and not hosts:
        raise click.UsageError(f"--host {host}: say with --allow-host by which name browsers reach it")
    settings = Settings(
        folder=folder,
        databases=databases,
        configs=configs,
        metric=metric,
        min_trades=min_trades,
        top=top,
        stall_minutes=stall_minutes,
    )
    notifier = Notifier(targets(notify), lambda line: progress_output().print(line, markup=False))
    views = [ConfiguredHosts(cluster_file)] if cluster_file else []
    server = DashboardServer(settings, host, port, hosts, os.environ.get(TOKEN), notifier, notify, views)
    keep_token(folder / TOKEN_FILE, server.token)
    click.echo(f"Sweeps: {server.url_with_token}")
    server.serve()


if __name__ == "__main__":
    main()
