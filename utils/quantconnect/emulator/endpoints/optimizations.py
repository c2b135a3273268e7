"""optimizations/*"""

from __future__ import annotations

import math

from utils.quantconnect.emulator import optimizations
from utils.quantconnect.emulator.compilations import successful_compilation
from utils.quantconnect.emulator.endpoints.call import Answer, Call, Endpoints
from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.parameters import Parameters

ENDPOINTS = Endpoints()


def _request(call: Call) -> optimizations.OptimizationRequest:
    given = call.parameters
    parameters = [_parameter(entry) for entry in given.records("parameters") or []]
    for parameter in parameters:
        parameter.check()
    return optimizations.OptimizationRequest(
        given.text("name"),
        given.text("target"),
        given.optional_text("targetTo") or "max",
        given.optional_text("targetValue") or "",
        given.text("strategy"),
        given.text("nodeType"),
        given.optional_integer("parallelNodes") or 1,
        parameters,
        [entry.values for entry in given.records("constraints") or []],
    )


def _parameter(entry: Parameters) -> optimizations.OptimizationParameter:
    name = entry.optional_text("key") or entry.text("name")
    low, high, step = (_number(entry, field) for field in ("min", "max", "step"))
    return optimizations.OptimizationParameter(name, low, high, step)


def _number(entry: Parameters, name: str) -> float:
    try:
        value = float(entry.text(name))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RefusalError(f"{name} is not a number")
    return value


@ENDPOINTS.at("optimizations/estimate")
def _estimate(call: Call) -> Answer:
    request = _request(call)
    count = len(optimizations.combinations(request.parameters))
    seconds = count * optimizations.SECONDS_PER_BACKTEST / max(request.parallel_nodes, 1)
    return {"estimate": {"estimateId": "", "time": math.ceil(seconds), "balance": 0}}


@ENDPOINTS.at("optimizations/create")
def _create(call: Call) -> Answer:
    given = call.parameters
    compilation = successful_compilation(
        call.db, given.integer("projectId"), given.text("compileId"), call.now, call.settings.latency
    )
    row = optimizations.create_optimization(call.db, compilation, _request(call), call.now)
    return {"optimizations": [optimizations.summarize_optimization(call.db, row)]}


@ENDPOINTS.at("optimizations/read")
def _read(call: Call) -> Answer:
    row = optimizations.find_optimization(call.db, call.parameters.text("optimizationId"))
    return {"optimization": optimizations.describe_optimization(call.db, row)}


@ENDPOINTS.at("optimizations/list")
def _list(call: Call) -> Answer:
    rows = optimizations.optimizations_of(call.db, call.parameters.integer("projectId"))
    found = [optimizations.summarize_optimization(call.db, row) for row in rows]
    return {"optimizations": found, "count": len(found)}


@ENDPOINTS.at("optimizations/update")
def _update(call: Call) -> Answer:
    row = optimizations.find_optimization(call.db, call.parameters.text("optimizationId"))
    name = call.parameters.text("name")
    call.db.execute("UPDATE optimization SET name = ? WHERE id = ?", (name, row["id"]))
    return {}


@ENDPOINTS.at("optimizations/abort")
def _abort(call: Call) -> Answer:
    optimizations.abort_optimization(call.db, call.parameters.text("optimizationId"), call.now)
    return {}


@ENDPOINTS.at("optimizations/delete")
def _delete(call: Call) -> Answer:
    optimizations.delete_optimization(call.db, call.parameters.text("optimizationId"))
    return {}
