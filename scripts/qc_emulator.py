"""QuantConnect's API on this machine: for trying out deployments, and for the LEAN CLI with QC_API=local."""

from __future__ import annotations

import os
from pathlib import Path

import click

from utils.cli import command, examples
from utils.errors import UserError
from utils.nodes.catalog import NodeKind, load_catalog
from utils.quantconnect.emulator.embedded_runner import EmbeddedRunner
from utils.quantconnect.emulator.faults import parse_fault
from utils.quantconnect.emulator.nodes import Kind, NodeModel
from utils.quantconnect.emulator.runners import BacktestRunner, SampleRunner, UnavailableRunner
from utils.quantconnect.emulator.server import EmulatorServer
from utils.quantconnect.emulator.settings import EmulatorSettings

PORT = 5612
TOKEN = "QC_EMULATOR_TOKEN"
KINDS: dict[NodeKind, Kind] = {
    NodeKind.BACKTESTING: "backtest",
    NodeKind.RESEARCH: "research",
    NodeKind.LIVE_TRADING: "live",
}
ENGINES = ("none", "sample", "embedded")


@command()
@examples(
    "python scripts/qc_emulator.py --engine sample",
    "python scripts/qc_emulator.py --engine embedded --data-folder data",
    "python scripts/qc_emulator.py --port 0 --db build/emulator.db --node L2-4 --node L2-4",
    "python scripts/qc_emulator.py --fault live/create:lost_answer:1",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="0 takes a free one."
)
@click.option(
    "--db", "path", type=click.Path(path_type=Path), help="Keep the state in this file.  [default: in memory]"
)
@click.option("--user-id", default="1", show_default=True, help="The account's user id.")
@click.option(
    "--organization-id",
    default=EmulatorSettings.organization_id,
    show_default=True,
    help="The account's organization; calls for another one are refused.",
)
@click.option(
    "--engine",
    type=click.Choice(sorted(ENGINES)),
    default="none",
    show_default=True,
    help="What runs backtests; `sample` ends them with made-up figures, `embedded` runs them.",
)
@click.option(
    "--data-folder",
    type=click.Path(path_type=Path),
    default=Path("data"),
    show_default=True,
    help="LEAN-format data of --engine embedded.",
)
@click.option(
    "--node",
    "models",
    multiple=True,
    metavar="MODEL",
    help="A node of the account, from config/nodes.json; repeat for more.  [default: one of each]",
)
@click.option(
    "--latency",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Seconds that compilations, deployments and backtests take.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="ENDPOINT:KIND[:TIMES][@NTH]",
    help="Let calls go wrong, such as live/create:lost_answer:1 or *:429:3.",
)
def main(
    host: str,
    port: int,
    path: Path | None,
    user_id: str,
    organization_id: str,
    engine: str,
    data_folder: Path,
    models: tuple[str, ...],
    latency: float,
    faults: tuple[str, ...],
) -> None:
    """Answer as QuantConnect's API does. The API token is "x", or what QC_EMULATOR_TOKEN says."""
    planned = [parse_fault(text) for text in faults]
    settings = EmulatorSettings(
        user_id=user_id,
        api_token=os.environ.get(TOKEN, "x"),
        organization_id=organization_id,
        models=_models(models),
        latency=latency,
    )
    server = EmulatorServer(settings, path, _runner(engine, data_folder), host, port)
    for fault in planned:
        server.running.faults.add(fault)
    click.echo(f"QuantConnect's API, emulated: {server.running.url}")
    server.serve()


def _runner(engine: str, data_folder: Path) -> BacktestRunner:
    if engine == "embedded":
        return EmbeddedRunner(data_folder)
    return SampleRunner() if engine == "sample" else UnavailableRunner()


def _models(names: tuple[str, ...]) -> tuple[NodeModel, ...]:
    """The node models of these names, or all of the catalog."""
    known = {node.model: node for node in load_catalog().nodes}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UserError(f"--node {unknown[0]}: not in the catalog; there are {', '.join(known)}")
    return tuple(
        NodeModel(
            KINDS[node.kind], node.model, node.cores, node.ghz, node.ram_gb, int(node.monthly_usd), node.gpu
        )
        for node in (known[name] for name in names or known)
    )


if __name__ == "__main__":
    main()
