"""The LEAN CLI without Docker: `lean backtest` talks to this, and the embedded engine runs the backtest."""

from __future__ import annotations

import click

from utils.cli import command, examples
from utils.docker.server import DockerServer

PORT = 2375


@command()
@examples(
    "python scripts/lean_docker.py",
    "DOCKER_HOST=tcp://127.0.0.1:2375 lean backtest algorithms/money_line   # in another terminal",
    "python scripts/lean_docker.py --port 0",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at. Whoever reaches it may run code as you.",
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="0 takes a free one."
)
def main(host: str, port: int) -> None:
    """Answer as Docker does to `lean backtest`, and run LEAN's image by the embedded engine."""
    server = DockerServer(host, port)
    click.echo(f"LEAN without Docker: DOCKER_HOST={server.address}")
    server.serve()


if __name__ == "__main__":
    main()
