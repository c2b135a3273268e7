"""Optimizations of a project's parameters on QuantConnect's own machines. They cost credit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from utils.quantconnect.errors import ApiError
from utils.quantconnect.once import Lookout, create_once
from utils.quantconnect.records import Optimization, OptimizationEstimate, parse, parse_all
from utils.quantconnect.transport import Caller, Json

GRID_SEARCH = "QuantConnect.Optimizer.Strategies.GridSearchOptimizationStrategy"


@dataclass(frozen=True)
class ParameterRange:
    """A parameter's values: from `low` to `high`, both included, by `step`."""

    name: str
    low: float
    high: float
    step: float


@dataclass(frozen=True)
class OptimizationRequest:
    """What to optimize. `target` is a path into LEAN's statistics; `node_type` is O2-8, O4-12 or O8-16."""

    project_id: int
    compile_id: str
    name: str
    parameters: tuple[ParameterRange, ...]
    target: str = "TotalPerformance.PortfolioStatistics.SharpeRatio"
    direction: str = "max"
    strategy: str = GRID_SEARCH
    node_type: str = "O2-8"
    parallel_nodes: int = 1
    estimated_cost: float = 0.01

    def payload(self) -> Json:
        """The form fields of the API."""
        fields: Json = {
            "projectId": self.project_id,
            "compileId": self.compile_id,
            "name": self.name,
            "strategy": self.strategy,
            "target": self.target,
            "targetTo": self.direction,
            "targetValue": "",
            "nodeType": self.node_type,
            "parallelNodes": self.parallel_nodes,
            "estimatedCost": str(self.estimated_cost),
        }
        for index, parameter in enumerate(self.parameters):
            fields[f"parameters[{index}][key]"] = parameter.name
            fields[f"parameters[{index}][min]"] = parameter.low
            fields[f"parameters[{index}][max]"] = parameter.high
            fields[f"parameters[{index}][step]"] = parameter.step
        return fields


class Optimizations:
    """`optimizations/*`."""

    def __init__(self, transport: Caller, lookout: Lookout) -> None:
        self._transport = transport
        self._lookout = lookout

    def estimate(self, request: OptimizationRequest) -> OptimizationEstimate:
        """What it would take."""
        answer = self._call("estimate", request.payload())
        return parse(OptimizationEstimate, answer.get("estimate"), "optimizations/estimate")

    def create(self, request: OptimizationRequest) -> Optimization:
        """Start it, once, even when the answer is lost."""
        before = {one.optimization_id for one in self.list(request.project_id)}

        def attempt() -> Optimization:
            answer = self._transport.call(
                "optimizations/create", request.payload(), repeatable=False, form=True
            )
            made = parse_all(Optimization, answer.get("optimizations"), "optimizations/create")
            if not made:
                raise ApiError("optimizations/create: the answer has no optimization; look at the project")
            return made[0]

        def find() -> Optimization | None:
            new = (one for one in self.list(request.project_id) if one.optimization_id not in before)
            return next((one for one in new if one.name == request.name), None)

        return create_once(attempt, find, self._lookout)

    def read(self, optimization_id: str) -> Optimization:
        """How it stands."""
        answer = self._call("read", {"optimizationId": optimization_id})
        return parse(Optimization, answer.get("optimization"), "optimizations/read")

    def list(self, project_id: int) -> Sequence[Optimization]:
        """All optimizations of a project."""
        answer = self._call("list", {"projectId": project_id})
        return parse_all(Optimization, answer.get("optimizations"), "optimizations/list")

    def abort(self, optimization_id: str) -> None:
        """Stop it; finished backtests stay."""
        self._call("abort", {"optimizationId": optimization_id})

    def delete(self, optimization_id: str) -> None:
        """Delete it."""
        self._call("delete", {"optimizationId": optimization_id})

    def _call(self, what: str, payload: Json) -> Json:
        return self._transport.call(f"optimizations/{what}", payload, repeatable=True, form=True)
