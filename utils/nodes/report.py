"""The recommendation as text for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from trading.monitoring.memory import MemoryEstimate
from utils.nodes.catalog import usd
from utils.nodes.optimizer import Alternative, NodeOptimizer, Recommendation, total_monthly_cost
from utils.nodes.plans import Plan, plans
from utils.nodes.requirements import Analysis

RULE = "=" * 60
SOURCES_SHOWN = 3


def render_report(
    analysis: Analysis, recommendations: dict[str, Recommendation], optimizer: NodeOptimizer
) -> str:
    """The report: nodes and total cost, then what it rests on."""
    lines = [RULE, "QUANTCONNECT COMPUTE NODE RECOMMENDATIONS", RULE, ""]
    for kind, recommendation in recommendations.items():
        lines += [*_block(kind, recommendation), ""]
    lines += [f"TOTAL MONTHLY COST: {usd(total_monthly_cost(recommendations))}/month", RULE, ""]
    lines += _warnings(recommendations)
    lines += _memory(optimizer.estimate(analysis.requirements))
    lines += _evidence(analysis)
    lines += _alternatives(recommendations)
    lines += _plans(plans(recommendations, optimizer.catalog))
    return "\n".join(lines).rstrip() + "\n"


def report_data(
    analysis: Analysis, recommendations: dict[str, Recommendation], optimizer: NodeOptimizer
) -> dict[str, object]:
    """The same as JSON-ready data."""
    estimate = optimizer.estimate(analysis.requirements)
    return {
        "recommendations": {kind: _data(one) for kind, one in recommendations.items()},
        "total_monthly_cost": total_monthly_cost(recommendations),
        "estimated_memory_mb": estimate.total_mb,
        "memory": [
            {
                "term": line.term.name,
                "count": line.count,
                "mb_each": line.term.mb,
                "mb": line.mb,
                "source": line.term.source,
            }
            for line in estimate.lines
        ],
        "margin": optimizer.margin,
        "requirements": analysis.requirements.model_dump(mode="json"),
        "evidence": [
            {"field": one.field, "value": one.value, "sources": [str(source) for source in one.sources]}
            for one in analysis.evidence
        ],
        "plans": [
            {"name": plan.name, "lines": dict(plan.lines), "monthly_cost": plan.monthly_usd}
            for plan in plans(recommendations, optimizer.catalog)
        ],
    }


def _block(kind: str, recommendation: Recommendation) -> Iterator[str]:
    node = recommendation["node"]
    yield f"{kind.upper()}:"
    yield f"  Recommended: {node.model}"
    yield f"  Cores: {node.cores} @ {node.ghz}GHz"
    yield f"  RAM: {node.ram_gb:g}GB"
    yield f"  Cost: {usd(node.monthly_usd)}/month"
    yield f"  Reason: {recommendation['reason']}"
    yield f"  Estimated Memory: {recommendation['estimated_memory_gb']:.2f}GB"


def _warnings(recommendations: dict[str, Recommendation]) -> list[str]:
    lines = []
    for kind, recommendation in recommendations.items():
        for index, text in enumerate(recommendation["warnings"]):
            lines.append(f"{'WARNING' if index == 0 else '       '} {kind}: {text}")
    return [*lines, ""] if lines else []


def _memory(estimate: MemoryEstimate) -> list[str]:
    lines = ["Memory estimate:"]
    for line in estimate.lines:
        count = f" ({line.count:,.0f})" if line.count > 1 else ""
        lines.append(f"  {line.term.label + count + ':':<28}{line.mb:>8,.0f} MB")
    return [*lines, f"  {'Total:':<28}{estimate.total_mb:>8,.0f} MB", ""]


def _evidence(analysis: Analysis) -> list[str]:
    lines = ["Evidence:"]
    for one in analysis.evidence:
        lines.append(f"  {one.field} = {one.value}")
        lines += [f"    {source}" for source in one.sources[:SOURCES_SHOWN]]
        if len(one.sources) > SOURCES_SHOWN:
            lines.append(f"    and {len(one.sources) - SOURCES_SHOWN} more")
    return [*lines, ""]


def _alternatives(recommendations: dict[str, Recommendation]) -> list[str]:
    lines = ["Alternatives:"]
    for kind, recommendation in recommendations.items():
        lines.append(f"  {kind}: {recommendation['node']}, headroom {recommendation['headroom_mb']:,.0f} MB")
        lines += [f"    {_alternative(one)}" for one in recommendation["alternatives"]]
    return [*lines, ""]


def _alternative(one: Alternative) -> str:
    suits = "would do, " if one["fits"] else ""
    return f"{one['node']}: {suits}{one['why_not']}, headroom {one['headroom_mb']:,.0f} MB"


def _plans(found: tuple[Plan, ...]) -> list[str]:
    lines = ["Plans:"]
    for plan in found:
        lines.append(f"  {plan.name} ({usd(plan.monthly_usd)}/month): {plan.purpose}")
        lines += [f"    {label + ':':<28}{usd(cost)}" for label, cost in plan.lines]
    return lines


def _data(recommendation: Recommendation) -> dict[str, object]:
    node = recommendation["node"]
    return {
        "model": node.model,
        "node": node.model_dump(mode="json"),
        "reason": recommendation["reason"],
        "cost": recommendation["cost"],
        "estimated_memory_gb": recommendation["estimated_memory_gb"],
        "headroom_mb": recommendation["headroom_mb"],
        "fits": recommendation["fits"],
        "warnings": recommendation["warnings"],
        "fitting_limits": [asdict(limits) for limits in recommendation["limits"]],
        "alternatives": [
            {
                "model": one["node"].model,
                "cost": one["node"].monthly_usd,
                "headroom_mb": one["headroom_mb"],
                "fits": one["fits"],
                "why_not": one["why_not"],
            }
            for one in recommendation["alternatives"]
        ],
    }
