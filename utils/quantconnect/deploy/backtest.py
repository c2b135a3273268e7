"""A backtest on a chosen node, followed to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from utils.errors import UserError
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.deploy.code_hash import backtest_name, tag
from utils.quantconnect.deploy.waiting import Clock, wait_until
from utils.quantconnect.records import Backtest, CloudNode
from utils.workspace import Project


class BacktestFailedError(UserError):
    """The backtest ended with an error of the algorithm's own."""


def run_backtest(
    api: QuantConnect,
    project: Project,
    project_id: int,
    compile_id: str,
    node: CloudNode,
    clock: Clock,
    each: Callable[[Backtest], None],
    parameters: Mapping[str, str] | None = None,
) -> Backtest:
    """Run it and wait for its results.

    The API gives a backtest no node of its own: the project is limited to the chosen one first.

    Args:
        api: the account.
        project: what runs.
        project_id: its id in the cloud.
        compile_id: its compilation.
        node: where.
        clock: how often to look.
        each: shown the backtest at each look.
        parameters: over the project's own.

    Raises:
        BacktestFailedError: the algorithm failed.
    """
    api.nodes.select(project_id, node)
    # Only a backtest with the project's own parameters counts as one of this code.
    name = f"{project.folder.name} with other parameters" if parameters else backtest_name(project)
    started = api.backtests.create(project_id, compile_id, name, parameters)
    done = wait_until(
        lambda: api.backtests.read(project_id, started.backtest_id),
        lambda backtest: backtest.finished,
        clock,
        limit=None,
        what="backtest",
        each=each,
    )
    if done.failed:
        reason = api.transport.redaction.clean(done.error or "runtime error without a text")
        raise BacktestFailedError(
            f"backtest of {project.name}: {reason}; see {backtest_url(project_id, done)}"
        )
    return done


def completed_backtest(api: QuantConnect, project: Project, project_id: int) -> str | None:
    """The id of a completed backtest of exactly this code, or None."""
    for summary in api.backtests.list(project_id):
        if tag(project) in summary.name and summary.status.startswith("Completed"):
            return summary.backtest_id
    return None


def backtest_url(project_id: int, backtest: Backtest) -> str:
    """The page with its results."""
    return f"https://www.quantconnect.com/project/{project_id}/{backtest.backtest_id}"
