"""Live trading: what must hold before it starts, and starting it exactly once."""

from __future__ import annotations

from collections.abc import Callable

from utils.errors import UserError
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.clients.live import LiveSettings
from utils.quantconnect.deploy.backtest import completed_backtest
from utils.quantconnect.deploy.code_hash import code_hash
from utils.quantconnect.deploy.waiting import Clock, wait_until
from utils.quantconnect.errors import ApiError, OutcomeUnknownError
from utils.quantconnect.records import CloudNode, LiveAlgorithm, LiveState
from utils.workspace import Project

START_LIMIT = 900.0
"""Seconds from the start until the algorithm trades: brokers ask for a second factor on the way."""


def require_approval(project: Project, approval: str | None) -> None:
    """Live trading needs the project's name in the user's own words.

    Args:
        project: what would trade.
        approval: the name that was passed or typed, or None.

    Raises:
        UserError: it is not the project's name.
    """
    if approval is None:
        raise UserError(f"live trading must be approved: repeat with --approve {project.name}")
    if approval != project.name:
        raise UserError(f"--approve {approval!r} is not the project's name; approve with {project.name}")


def require_backtest(api: QuantConnect, project: Project, project_id: int | None) -> None:
    """Live trading needs a completed backtest of the same code.

    Raises:
        UserError: there is none.
    """
    if project_id is None or completed_backtest(api, project, project_id) is None:
        raise UserError(
            f"{project.name}: no completed backtest of this code ({code_hash(project)}): run --type backtest "
            "first, or insist with --no-backtest-check"
        )


def require_not_live(api: QuantConnect, project: Project, project_id: int) -> None:
    """A project trades live once at most.

    Raises:
        UserError: it trades already.
    """
    running = api.live.read(project_id)
    if running is not None and not running.over:
        raise UserError(
            f"{project.name} trades live already ({running.deploy_id}, {running.status or 'state unknown'}): "
            f"stop it first with `lean cloud live stop {project.name}`"
        )


def start_live(
    api: QuantConnect,
    project: Project,
    project_id: int,
    compile_id: str,
    node: CloudNode,
    settings: LiveSettings,
    clock: Clock,
    each: Callable[[LiveAlgorithm], None],
) -> LiveAlgorithm:
    """Start trading and wait until it runs.

    Raises:
        OutcomeUnknownError: it cannot be told whether it was started; it names the page to look at.
        UserError: it ended before it ran, or does not run after 15 minutes; it names the deployment.
    """
    require_not_live(api, project, project_id)
    try:
        created = api.live.create(project_id, compile_id, node.id, settings)
    except OutcomeUnknownError as unknown:
        raise OutcomeUnknownError(
            f"{project.name} may be trading: {unknown}: {live_url(project_id)}"
        ) from None

    def look() -> LiveAlgorithm:
        current = api.live.read(project_id)
        if current is None or current.deploy_id != created.deploy_id:
            return created
        return current

    try:
        running = wait_until(
            look,
            lambda live: live.over or live.status is LiveState.RUNNING,
            clock,
            limit=START_LIMIT,
            what=f"start of {project.name} as {created.deploy_id}",
            each=each,
        )
    except ApiError as error:
        raise ApiError(
            f"{project.name} was started as {created.deploy_id}, but cannot be followed ({error}): "
            f"see {live_url(project_id)}"
        ) from None
    if running.over:
        reason = api.transport.redaction.clean(running.message or "no reason given")
        raise UserError(f"{project.name} ended as {running.status}: {reason}; see {live_url(project_id)}")
    return running


def live_url(project_id: int) -> str:
    """The project's live page."""
    return f"https://www.quantconnect.com/project/{project_id}/live"
