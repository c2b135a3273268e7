"""An idle node of the chosen model, or who uses the busy ones."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from utils.errors import UserError
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.deploy.waiting import Clock
from utils.quantconnect.records import CloudNode


class Purpose(StrEnum):
    """What to deploy for; the kinds of node in the API's words."""

    BACKTEST = "backtest"
    RESEARCH = "research"
    LIVE = "live"


class NodeBusyError(UserError):
    """All nodes of the model are in use."""


def pick_node(
    api: QuantConnect,
    purpose: Purpose,
    model: str,
    clock: Clock,
    *,
    wait: float = 0.0,
    each: Callable[[str], None] = lambda _: None,
) -> CloudNode:
    """An idle node of a model.

    Args:
        api: the account.
        purpose: what for.
        model: such as `B8-16`.
        clock: how often to look while waiting.
        wait: seconds to wait for one when all are busy.
        each: shown who uses them, at each look.

    Raises:
        NodeBusyError: all of them are in use, still after waiting.
        UserError: the account has none.
    """

    def look() -> list[CloudNode]:
        nodes = nodes_of(api, purpose)
        ours = [node for node in nodes if node.sku == model]
        if not ours:
            have = ", ".join(sorted({node.sku for node in nodes})) or "none"
            raise UserError(
                f"the account has no {model} node for {purpose} (it has: {have}); rent one, or name another "
                "with --node"
            )
        if all(node.busy for node in ours):
            each(_users(model, ours))
        return ours

    ours = look()
    begin = clock.now()
    while all(node.busy for node in ours) and clock.now() - begin < wait:
        clock.sleep(clock.longest)
        ours = look()
    idle = [node for node in ours if not node.busy]
    if not idle:
        raise NodeBusyError(
            f"{_users(model, ours)}; wait with --wait SECONDS, stop it, or use another with --node"
        )
    return idle[0]


def nodes_of(api: QuantConnect, purpose: Purpose) -> list[CloudNode]:
    """The account's nodes of one kind."""
    nodes = api.nodes.read(api.organization_id)
    by_purpose = {
        Purpose.BACKTEST: nodes.backtest,
        Purpose.RESEARCH: nodes.research,
        Purpose.LIVE: nodes.live,
    }
    return by_purpose[purpose]


def _users(model: str, nodes: list[CloudNode]) -> str:
    uses = "; ".join(
        f"{node.name or node.id} is used by {node.used_by or 'somebody'}"
        + (f" for {node.project_name}" if node.project_name else "")
        for node in nodes
    )
    return f"every {model} is busy: {uses}"
