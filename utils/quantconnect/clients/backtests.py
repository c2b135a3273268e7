"""Backtests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from utils.quantconnect.errors import ApiError
from utils.quantconnect.once import Lookout, create_once
from utils.quantconnect.records import Backtest, BacktestSummary, parse, parse_all
from utils.quantconnect.transport import Caller, Json

ORDERS_PAGE = 99
"""The API answers fewer than 100 orders a call."""


class Backtests:
    """`backtests/*`."""

    def __init__(self, transport: Caller, lookout: Lookout) -> None:
        self._transport = transport
        self._lookout = lookout

    def create(
        self, project_id: int, compile_id: str, name: str, parameters: Mapping[str, str] | None = None
    ) -> Backtest:
        """Start a backtest, once, even when the answer is lost.

        QuantConnect runs it on a free backtest node of its own choice among those enabled for the project.
        """
        before = {summary.backtest_id for summary in self.list(project_id)}
        payload: Json = {"projectId": project_id, "compileId": compile_id, "backtestName": name}
        if parameters:
            payload["parameters"] = dict(parameters)

        def attempt() -> Backtest:
            answer = self._transport.call("backtests/create", payload, repeatable=False)
            return _one(answer, "backtests/create")

        def find() -> Backtest | None:
            new = (one for one in self.list(project_id) if one.backtest_id not in before and one.name == name)
            summary = next(new, None)
            return self.read(project_id, summary.backtest_id) if summary else None

        return create_once(attempt, find, self._lookout)

    def read(self, project_id: int, backtest_id: str) -> Backtest:
        """How a backtest stands, with its results once it is finished."""
        return _one(
            self._call("read", {"projectId": project_id, "backtestId": backtest_id}), "backtests/read"
        )

    def list(self, project_id: int) -> Sequence[BacktestSummary]:
        """All backtests of a project."""
        answer = self._call("list", {"projectId": project_id, "includeStatistics": False})
        return parse_all(BacktestSummary, answer.get("backtests"), "backtests/list")

    def orders(self, project_id: int, backtest_id: str) -> Sequence[dict[str, Any]]:
        """All orders of a backtest, as LEAN writes them."""
        found: list[dict[str, Any]] = []
        while True:
            start = len(found)
            page = {
                "projectId": project_id,
                "backtestId": backtest_id,
                "start": start,
                "end": start + ORDERS_PAGE,
            }
            orders = self._call("orders/read", page).get("orders") or []
            if not isinstance(orders, list):
                raise ApiError(
                    "backtests/orders/read: the answer has no list of orders; the API may have changed"
                )
            found.extend(orders)
            if len(orders) < ORDERS_PAGE:
                return found

    def chart(
        self, project_id: int, backtest_id: str, name: str, start: int, end: int, count: int = 1_000
    ) -> dict[str, Any] | None:
        """A chart's series between two Unix times, thinned to `count` points; None while it is loading."""
        payload: Json = {"projectId": project_id, "backtestId": backtest_id, "name": name}
        payload |= {"start": start, "end": end, "count": count}
        chart = self._call("chart/read", payload).get("chart")
        return chart if isinstance(chart, dict) else None

    def delete(self, project_id: int, backtest_id: str) -> None:
        """Delete a backtest, running or not."""
        self._call("delete", {"projectId": project_id, "backtestId": backtest_id})

    def _call(self, what: str, payload: Json) -> Json:
        return self._transport.call(f"backtests/{what}", payload, repeatable=True)


def _one(answer: Json, endpoint: str) -> Backtest:
    return parse(Backtest, answer.get("backtest"), endpoint)
