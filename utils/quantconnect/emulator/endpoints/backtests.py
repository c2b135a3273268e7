"""backtests/*"""

from __future__ import annotations

from typing import Any

from utils.quantconnect.emulator import backtests
from utils.quantconnect.emulator.compilations import successful_compilation
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoints
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.parameters import scalar

ENDPOINTS = Endpoints()
ORDERS_A_CALL = 100


def _find(call: Call) -> Any:
    return backtests.find_backtest(
        call.db, call.parameters.integer("projectId"), call.parameters.text("backtestId")
    )


def _described(call: Call, row: Any) -> Answer:
    node = next((node.name for node in call.nodes if node.id == row["node_id"]), None)
    return {
        "backtest": backtests.describe_backtest(row, call.settings.organization_id, node),
        "debugging": False,
    }


@ENDPOINTS.at("backtests/create")
def _create(call: Call) -> Answer:
    given = call.parameters
    compilation = successful_compilation(
        call.db,
        given.integer("projectId"),
        given.text("compileId"),
        call.now,
        call.settings.latency,
    )
    values = given.record("parameters").values
    parameters = {key: scalar(f"parameters[{key}]", value) for key, value in values.items()}
    row = backtests.create_backtest(call.db, compilation, given.text("backtestName"), parameters, call.now)
    return _described(call, row)


@ENDPOINTS.at("backtests/read")
def _read(call: Call) -> Answer:
    if "backtestId" not in call.parameters:
        return _list(call)
    return _described(call, _find(call))


@ENDPOINTS.at("backtests/list")
def _list(call: Call) -> Answer:
    rows = backtests.backtests_of(call.db, call.parameters.integer("projectId"))
    statistics = call.parameters.flag("includeStatistics")
    found = [backtests.summarize_backtest(row, statistics) for row in rows]
    return {"backtests": found, "count": len(found)}


@ENDPOINTS.at("backtests/update")
def _update(call: Call) -> Answer:
    row = _find(call)
    for name in ("name", "note"):
        if (value := call.parameters.optional_text(name)) is not None:
            call.db.execute(f"UPDATE backtest SET {name} = ? WHERE id = ?", (value, row["id"]))
    return {}


@ENDPOINTS.at("backtests/delete")
def _delete(call: Call) -> Answer:
    project_id = call.parameters.integer("projectId")
    backtests.delete_backtest(call.db, project_id, call.parameters.text("backtestId"))
    return {}


@ENDPOINTS.at("backtests/orders/read")
def _orders(call: Call) -> Answer:
    orders = backtests.outcome_of(_find(call)).orders
    start = call.parameters.optional_integer("start") or 0
    end = call.parameters.optional_integer("end")
    last = start + ORDERS_A_CALL if end is None else end
    if not 0 <= start <= last or last - start > ORDERS_A_CALL:
        raise RefusalError(f"end - start must be from 0 to {ORDERS_A_CALL}")
    found = orders[start:last]
    return {"orders": found, "length": len(found)}


@ENDPOINTS.at("backtests/read/insights")
def _insights(call: Call) -> Answer:
    insights = backtests.outcome_of(_find(call)).insights
    return {"insights": insights, "length": len(insights)}


@ENDPOINTS.at("backtests/chart/read")
def _chart(call: Call) -> Answer:
    name = call.parameters.text("name")
    start, end = call.parameters.optional_integer("start"), call.parameters.optional_integer("end")
    if start is not None and end is not None and end < start:
        raise RefusalError("start must not be after end")
    charts = backtests.outcome_of(_find(call)).charts
    if name not in charts:
        raise RefusalError(f"Chart not found: {name[:100]}")
    return {"chart": charts[name]}
