"""Which QuantConnect nodes an algorithm needs, and deploying it to one of them."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from trading.monitoring.memory import MemoryModel
from utils.cli import command, examples, json_option, output, print_json, progress_output, resumable
from utils.errors import UserError
from utils.nodes.account import compare_with_account, refreshed
from utils.nodes.analysis.analyze import analyze
from utils.nodes.calibration import calibrate, load_memory_model, save_memory_model
from utils.nodes.catalog import Catalog, NodeKind, load_catalog, save_catalog
from utils.nodes.optimizer import MARGIN, NodeOptimizer, Recommendation
from utils.nodes.report import render_report, report_data
from utils.nodes.requirements import Analysis
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.credentials import api_address, find_credentials
from utils.quantconnect.deploy.brokerage import paper_trading, read_brokerage, secrets
from utils.quantconnect.deploy.deployment import Deployment, Observer, Order, deploy
from utils.quantconnect.deploy.lean_command import lean_commands
from utils.quantconnect.deploy.node_choice import NodeBusyError, Purpose
from utils.quantconnect.deploy.rehearsal import Rehearsal
from utils.quantconnect.deploy.waiting import Clock
from utils.quantconnect.records import Backtest, LiveAlgorithm
from utils.quantconnect.transport import Transport
from utils.workspace import Project, find_project, organization_id

KINDS = {
    Purpose.BACKTEST: NodeKind.BACKTESTING,
    Purpose.RESEARCH: NodeKind.RESEARCH,
    Purpose.LIVE: NodeKind.LIVE_TRADING,
}


@dataclass(frozen=True)
class _Choice:
    """An analysed project with the recommendation for it."""

    project: Project
    analysis: Analysis
    optimizer: NodeOptimizer
    recommendations: dict[str, Recommendation]

    def data(self) -> dict[str, object]:
        return report_data(self.analysis, self.recommendations, self.optimizer)


@command()
@examples(
    "python scripts/deploy_with_nodes.py algorithms/options_trading_bot.py --analyze-only",
    "python scripts/deploy_with_nodes.py algorithms/money_line --type backtest",
    "python scripts/deploy_with_nodes.py algorithms/money_line --type live --node L1-2 "
    "--approve algorithms/money_line",
    "python scripts/deploy_with_nodes.py algorithms/money_line --type backtest --dry-run",
)
@click.argument("algorithm", type=click.Path(path_type=Path))
@click.option(
    "--type",
    "purpose",
    type=click.Choice([one.value for one in Purpose]),
    help="Deploy for this; without it the algorithm is only analysed.",
)
@click.option("--node", "model", help="Node model instead of the recommended one, such as B8-16.")
@click.option("--project-id", type=click.IntRange(min=1), help="Cloud project to deploy to.")
@click.option("--analyze-only", is_flag=True, help="Print the recommendation, deploy nothing.")
@click.option("--dry-run", is_flag=True, help="Print the API calls it would make, make only those that read.")
@click.option("--strict", is_flag=True, help="Only nodes that fit the estimate with the margin.")
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, max_open=True),
    default=MARGIN,
    show_default=True,
    help="Fraction of a node's memory to keep free.",
)
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Override a requirement.")
@click.option(
    "--catalog", "catalog_file", type=click.Path(path_type=Path), help="Instead of config/nodes.json."
)
@click.option("--refresh-catalog", is_flag=True, help="Take the account's figures into the catalog.")
@click.option(
    "--memory-model",
    type=click.Path(path_type=Path),
    help="Memory model to use, or to write with --calibrate.",
)
@click.option(
    "--calibrate",
    "metrics",
    type=click.Path(path_type=Path),
    help="Refit the memory model from recorded resource metrics (JSON lines).",
)
@click.option(
    "--brokerage",
    type=click.Path(path_type=Path),
    help="JSON file with brokerage settings.  [default: paper trading]",
)
@click.option("--approve", metavar="PROJECT", help="The project's name, to approve live trading.")
@click.option("--no-backtest-check", is_flag=True, help="Trade live without a backtest of the same code.")
@click.option("--overwrite", is_flag=True, help="Delete files of the cloud project that are not here.")
@click.option(
    "--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for a busy node."
)
@click.option("--api", help="API address, or `local` for the emulator.  [default: QC_API, else QuantConnect]")
@json_option
def main(
    algorithm: Path,
    purpose: str | None,
    model: str | None,
    project_id: int | None,
    analyze_only: bool,
    dry_run: bool,
    strict: bool,
    margin: float,
    settings: tuple[str, ...],
    catalog_file: Path | None,
    refresh_catalog: bool,
    memory_model: Path | None,
    metrics: Path | None,
    brokerage: Path | None,
    approve: str | None,
    no_backtest_check: bool,
    overwrite: bool,
    wait: float,
    api: str | None,
    as_json: bool,
) -> None:
    """Analyse ALGORITHM (a project's folder, its main.py, or algorithms/NAME.py), pick nodes, deploy."""
    project = find_project(algorithm)
    catalog = load_catalog(catalog_file)
    if refresh_catalog:
        catalog = _refreshed(catalog, catalog_file, project, api)
    terms = _memory_model(memory_model, metrics)
    choice = _choose(project, NodeOptimizer(catalog, terms, margin), settings, strict)
    if not as_json:
        click.echo(render_report(choice.analysis, choice.recommendations, choice.optimizer), nl=False)
    if purpose is None or analyze_only:
        if as_json:
            print_json(choice.data())
        return
    kind = KINDS[Purpose(purpose)]
    if model:
        choice.optimizer.catalog.node(model, kind)  # a model that is not sold is a mistake, found now
    order = Order(
        project=project,
        purpose=Purpose(purpose),
        model=model or choice.recommendations[kind]["node"].model,
        project_id=project_id,
        wait=wait,
        overwrite=overwrite,
        approval=approve,
        settings=read_brokerage(brokerage) if brokerage else paper_trading(),
        backtest_check=not no_backtest_check,
    )
    if dry_run:
        _rehearse(order, choice, api, as_json)
    else:
        _deploy(order, choice, api, as_json)


def _choose(project: Project, optimizer: NodeOptimizer, settings: tuple[str, ...], strict: bool) -> _Choice:
    overrides = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.BadParameter(f"{setting!r} is not FIELD=VALUE", param_hint="--set")
        overrides[name.strip()] = value.strip()
    analysis = analyze(project, overrides)
    recommendations = optimizer.recommend_nodes(analysis.requirements, strict=strict)
    return _Choice(project, analysis, optimizer, recommendations)


def _memory_model(path: Path | None, metrics: Path | None) -> MemoryModel:
    model = load_memory_model(path) if path is not None and path.exists() else MemoryModel()
    if path is not None and not path.exists() and metrics is None:
        raise UserError(f"{path}: no such memory model; make one with --calibrate METRICS")
    if metrics is None:
        return model
    fit = calibrate(metrics, model)
    click.echo(str(fit), err=True)
    if path is not None:
        save_memory_model(fit.model, path)
    return fit.model


def _connect(workspace: Path, api: str | None) -> QuantConnect:
    transport = Transport(api_address(api), find_credentials())
    return QuantConnect(transport, organization_id(workspace))


def _refreshed(catalog: Catalog, path: Path | None, project: Project, api: str | None) -> Catalog:
    client = _connect(project.workspace, api)
    nodes = client.nodes.read(client.organization_id)
    account = (*nodes.backtest, *nodes.research, *nodes.live)
    comparison = compare_with_account(catalog, account)
    for difference in comparison.differences:
        click.echo(str(difference), err=True)
    for model in comparison.unknown:
        click.echo(f"{model}: not in the catalog", err=True)
    if not comparison.differences:
        click.echo("the account's nodes are as in the catalog", err=True)
        return catalog
    found = refreshed(catalog, account)
    save_catalog(found, path or project.workspace / "config" / "nodes.json")
    return found


def _deploy(order: Order, choice: _Choice, api: str | None, as_json: bool) -> None:
    client = _connect(order.project.workspace, api)
    client.transport.redaction.add(secrets(order.settings))
    order = _with_consent(order)
    with _progress() as progress:
        observer = _observer(progress)
        with resumable("what was started in the cloud goes on; see the project's page"):
            done = _deploy_patiently(client, order, observer)
    if as_json:
        print_json(choice.data() | {"deployment": done.data()})
        return
    _show(done)


def _deploy_patiently(client: QuantConnect, order: Order, observer: Observer) -> Deployment:
    """Deploy; when every node is busy and somebody is there to ask, offer to wait."""
    try:
        return deploy(client, order, Clock(), observer)
    except NodeBusyError as busy:
        if not sys.stdin.isatty() or not click.confirm(f"{busy}. Wait for one?", err=True):
            raise
    return deploy(client, replace(order, wait=math.inf), Clock(), observer)


def _with_consent(order: Order) -> Order:
    """Ask for the project's name when somebody is there to type it."""
    if order.purpose is not Purpose.LIVE or order.approval is not None or not sys.stdin.isatty():
        return order
    typed = click.prompt(f"Type {order.project.name} to trade it live on {order.model}", err=True)
    return replace(order, approval=typed.strip())


def _rehearse(order: Order, choice: _Choice, api: str | None, as_json: bool) -> None:
    real: Transport | None = None
    try:
        credentials = find_credentials()
    except UserError as error:
        click.echo(f"note: {error}; planned as for a new account", err=True)
    else:
        real = Transport(api_address(api), credentials)
        real.redaction.add(secrets(order.settings))
    rehearsal = Rehearsal(real, _catalog_nodes(choice.optimizer.catalog))
    client = QuantConnect(rehearsal, organization_id(order.project.workspace) if real else "")
    done = deploy(client, replace(order, remember=False), Clock(sleep=lambda _: None), Observer())
    commands = lean_commands(order, done.node.name or done.node.id)
    if as_json:
        calls = [
            {"endpoint": call.endpoint, "changes": call.changes, "payload": call.payload}
            for call in rehearsal.calls
        ]
        print_json(choice.data() | {"calls": calls, "lean_commands": list(commands)})
        return
    click.echo("\nAPI calls:")
    for call in rehearsal.calls:
        shown = ", ".join(f"{key}={_short(value)}" for key, value in call.payload.items())
        click.echo(f"  {'*' if call.changes else ' '} {call.endpoint}  {shown}".rstrip())
    click.echo("  (* changes something)\n\nThe same with the LEAN CLI:")
    for line in commands:
        click.echo(f"  {line}")


def _short(value: object) -> str:
    """A list or mapping of many by its number."""
    many = isinstance(value, dict | list) and len(value) > 3
    return f"({len(value)} of them)" if many and isinstance(value, dict | list) else str(value)


def _catalog_nodes(catalog: Catalog) -> dict[str, Any]:
    """An account that has one idle node of each model."""
    return {
        purpose.value: [
            {"id": f"<id of {node.model}>", "name": f"<name of {node.model}>", "sku": node.model}
            for node in catalog.of(kind)
        ]
        for purpose, kind in KINDS.items()
    }


def _progress() -> Progress:
    console = progress_output()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _observer(progress: Progress) -> Observer:
    task = progress.add_task("deploying", total=None)

    def backtest(current: Backtest) -> None:
        progress.update(task, description=current.status or "backtest", total=1.0, completed=current.progress)

    def live(current: LiveAlgorithm) -> None:
        progress.update(task, description=f"live: {current.status or 'starting'}")

    return Observer(say=lambda text: click.echo(text, err=True), backtest=backtest, live=live)


def _show(done: Deployment) -> None:
    if done.backtest:
        table = Table(box=None, header_style="bold")
        table.add_column("statistic")
        table.add_column("value", justify="right")
        rows = {**(done.backtest.runtime_statistics or {}), **(done.backtest.statistics or {})}
        for name, value in rows.items():
            table.add_row(name, str(value))
        output().print(table)
        if done.backtest.note:
            output().print(done.backtest.note, markup=False)
    if done.live:
        output().print(f"live: {done.live.status} as {done.live.deploy_id}", markup=False)
    output().print(done.url, markup=False)


if __name__ == "__main__":
    main()
