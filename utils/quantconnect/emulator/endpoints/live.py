"""live/*"""

from __future__ import annotations

import math
from typing import Any

from utils.quantconnect.emulator import live
from utils.quantconnect.emulator.compilations import successful_compilation
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoints
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.parameters import Parameters
from utils.quantconnect.emulator.projects import find_project

ENDPOINTS = Endpoints()
LOG_LINES_A_CALL = 250
LARGEST_AMOUNT = 1e15


@ENDPOINTS.at("live/create")
def _create(call: Call) -> Answer:
    given, latency = call.parameters, call.settings.latency
    project_id, compile_id = given.integer("projectId"), given.text("compileId")
    compilation = successful_compilation(call.db, project_id, compile_id, call.now, latency)
    brokerage = given.record("brokerage")
    deployment = live.Deployment(
        project_id,
        compilation["id"],
        given.text("nodeId"),
        brokerage.text("id"),
        given.optional_integer("versionId") or -1,
        [_cash(entry) for entry in brokerage.records("cash") or []],
        [_holding(entry) for entry in brokerage.records("holdings") or []],
    )
    row = live.deploy(call.db, deployment, call.nodes, call.now, latency)
    described = live.describe_live(row, call.now, latency)
    return described | {"live": described, "source": "api-v2", "responseCode": "0"}


def _cash(entry: Parameters) -> dict[str, Any]:
    return {"currency": entry.text("currency"), "amount": _number(entry, "amount")}


def _holding(entry: Parameters) -> dict[str, Any]:
    return {
        "symbolId": entry.text("symbolId"),
        "symbol": entry.optional_text("symbol") or entry.text("symbolId"),
        "quantity": _number(entry, "quantity"),
        "averagePrice": _number(entry, "averagePrice"),
    }


def _number(entry: Parameters, name: str) -> float:
    try:
        value = float(entry.text(name))
    except ValueError:
        value = math.nan
    if not abs(value) <= LARGEST_AMOUNT:  # NaN is not
        raise RefusalError(f"{name} is not a number")
    return value


@ENDPOINTS.at("live/read")
def _read(call: Call) -> Answer:
    if "projectId" not in call.parameters:
        return _list(call)
    row = live.find_latest(call.db, call.parameters.integer("projectId"))
    project = find_project(call.db, row["project_id"])
    described = live.describe_live(row, call.now, call.settings.latency)
    return described | {"projectName": project["name"]}


@ENDPOINTS.at("live/list")
def _list(call: Call) -> Answer:
    start, end = call.parameters.optional_integer("start"), call.parameters.optional_integer("end")
    rows = call.db.execute(
        "SELECT * FROM live WHERE launched >= coalesce(?, launched) AND launched <= coalesce(?, launched) "
        "ORDER BY launched DESC, rowid DESC",
        (start, end),
    ).fetchall()
    found = [live.describe_live(row, call.now, call.settings.latency) for row in rows]
    wanted = call.parameters.optional_text("status")
    project_id = call.parameters.optional_integer("projectId")
    kept = [
        one for one in found if wanted in (None, "", one["status"]) and project_id in (None, one["projectId"])
    ]
    return {"live": kept}


@ENDPOINTS.at("live/update/stop")
def _stop(call: Call) -> Answer:
    live.end(call.db, call.parameters.integer("projectId"), live.STOPPED, call.now)
    return {}


@ENDPOINTS.at("live/update/liquidate")
def _liquidate(call: Call) -> Answer:
    live.end(call.db, call.parameters.integer("projectId"), live.LIQUIDATED, call.now)
    return {}


@ENDPOINTS.at("live/logs/read")
def _logs(call: Call) -> Answer:
    project_id = call.parameters.integer("projectId")
    live_id = call.parameters.optional_text("algorithmId")
    row = live.find_live(call.db, project_id, live_id) if live_id else live.find_latest(call.db, project_id)
    start = call.parameters.optional_integer("startLine") or 0
    end = call.parameters.optional_integer("endLine")
    last = start + LOG_LINES_A_CALL if end is None else end
    if not 0 <= start <= last or last - start > LOG_LINES_A_CALL:
        raise RefusalError(f"endLine - startLine must be from 0 to {LOG_LINES_A_CALL}")
    lines = live.log_lines(call.db, row, call.now)
    return {"logs": lines[start:last], "length": len(lines), "deploymentOffset": 0}


@ENDPOINTS.at("live/orders/read")
def _orders(call: Call) -> Answer:
    live.find_latest(call.db, call.parameters.integer("projectId"))
    return {"orders": [], "length": 0}


@ENDPOINTS.at("live/insights/read")
def _insights(call: Call) -> Answer:
    live.find_latest(call.db, call.parameters.integer("projectId"))
    return {"insights": [], "length": 0}


@ENDPOINTS.at("live/chart/read")
def _chart(call: Call) -> Answer:
    live.find_latest(call.db, call.parameters.integer("projectId"))
    raise RefusalError(f"Chart not found: {call.parameters.text('name')[:100]}")


@ENDPOINTS.at("live/portfolio/read")
def _portfolio(call: Call) -> Answer:
    row = live.find_latest(call.db, call.parameters.integer("projectId"))
    return {"portfolio": live.portfolio(row)}


@ENDPOINTS.at("live/commands/broadcast")
def _broadcast(call: Call) -> Answer:
    command = call.parameters.record("command").values
    excluded = call.parameters.optional_integer("excludeProjectId")
    for row in call.db.execute("SELECT project_id FROM live WHERE stopped IS NULL").fetchall():
        if row["project_id"] != excluded:
            live.command(call.db, row["project_id"], ", ".join(sorted(command)), call.now)
    return {}


@ENDPOINTS.at("live/commands/create")
def _command(call: Call) -> Answer:
    command = call.parameters.record("command").values
    live.command(call.db, call.parameters.integer("projectId"), ", ".join(sorted(command)), call.now)
    return {}
