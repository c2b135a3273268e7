"""What does it cost, and what would others cost?"""

from __future__ import annotations

from utils.readiness.credits import breakeven, forecast
from utils.readiness.demand import stretches
from utils.readiness.finding import Finding, Level, ok
from utils.readiness.instances import Instance, InstanceCatalog
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import CreditMode, HostProfile

SUBJECT = "cost"
UNAVAILABLE = 0.05
"""Share of an instance's memory taken for the system, when nobody has measured it."""


def find_cost(profile: HostProfile, plan: ReadinessPlan, catalog: InstanceCatalog) -> Finding:
    """The price of this instance beside the planned one, and the cheapest that holds the plan."""
    here = catalog.find(profile.instance_type)
    other = catalog.find(plan.compare_with)
    said = [f"prices of {catalog.prices_of}"]
    if here is not None:
        said.append(_priced(here, plan))
    if other is not None and other is not here:
        said.append(_priced(other, plan))
    if here is not None and other is not None and other is not here:
        said.append(_compared(here, other, plan))
    for end, which in enumerate(("fewest", "most")):
        cheapest = cheapest_for(plan, catalog, end)
        said.append(
            f"cheapest for the {which} workers: {_priced(cheapest, plan) if cheapest else 'none listed'}"
        )
    evidence = "; ".join(said)
    if here is not None and other is not None and other.memory_gib > here.memory_gib:
        return Finding(
            SUBJECT,
            Level.RISK,
            evidence,
            f"{here.type} has {here.memory_gib:g} GiB, {other.type} {other.memory_gib:g} GiB: less for less",
            "compare only instances that hold the plan",
        )
    return ok(SUBJECT, evidence)


def cheapest_for(plan: ReadinessPlan, catalog: InstanceCatalog, end: int) -> Instance | None:
    """The instance that holds the fewest (0) or the most (1) workers for the least; None when none does."""
    holding = (one for one in catalog.instances if holds(one, plan, end))
    return min(holding, key=lambda one: total_usd(one, plan, end), default=None)


def holds(instance: Instance, plan: ReadinessPlan, end: int) -> bool:
    """Whether the fewest (0) or the most (1) workers fit on it."""
    usable = instance.memory_gib * (1 - UNAVAILABLE) * (1 - plan.memory_reserve)
    return instance.vcpus >= plan.workers[end] and usable >= plan.memory_gib[end]


def total_usd(instance: Instance, plan: ReadinessPlan, end: int) -> float:
    """USD of the plan's phases, or of an hour where it has none, with surplus credits in unlimited mode."""
    hours = sum(phase.hours for phase in plan.phases) or 1.0
    surplus = 0.0
    if instance.burstable is not None:
        busy = stretches(plan, instance.vcpus, end)
        surplus = forecast(instance.burstable, CreditMode.UNLIMITED, busy).surplus_usd
    return hours * instance.hourly_usd + surplus


def _priced(instance: Instance, plan: ReadinessPlan) -> str:
    text = f"{instance.type} ${instance.hourly_usd:g} an hour, ${instance.monthly_usd:,.0f} a month"
    if plan.phases:
        low, high = total_usd(instance, plan, 0), total_usd(instance, plan, 1)
        same = f"${low:,.0f}" if round(low) == round(high) else f"${low:,.0f} to ${high:,.0f}"
        text += f", {same} for the phases"
    return text


def _compared(here: Instance, other: Instance, plan: ReadinessPlan) -> str:
    low, high = (1 - total_usd(here, plan, end) / total_usd(other, plan, end) for end in (0, 1))
    text = f"by the hour {1 - here.hourly_usd / other.hourly_usd:.0%} less than {other.type}"
    if here.burstable is not None:
        text += (
            f", with surplus credits {min(low, high):.0%} to {max(low, high):.0%} less; always busy it is "
            f"${here.dearest_hour:.4f} an hour"
        )
        even = breakeven(here.burstable, here.hourly_usd, other.hourly_usd)
        if even < here.vcpus:
            text += f", and {other.type} costs less from {even:.1f} busy vCPUs on average"
    return text
