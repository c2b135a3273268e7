"""Do the credits of a burstable instance last for the plan's phases?"""

from __future__ import annotations

from utils.readiness.credits import CreditForecast, forecast
from utils.readiness.demand import stretches
from utils.readiness.finding import Finding, Level, ok
from utils.readiness.instances import Burstable, InstanceCatalog
from utils.readiness.plan import ReadinessPlan
from utils.readiness.profile import CreditMode, HostProfile

SUBJECT = "CPU credits"


def find_credits(profile: HostProfile, plan: ReadinessPlan, catalog: InstanceCatalog) -> Finding:
    """Forecast for the fewest and for the most workers, from the balance that is known, else from none."""
    instance = catalog.find(profile.instance_type)
    if instance is None or instance.burstable is None:
        return ok(SUBJECT, "not a burstable instance that config/instances.json lists")
    terms = instance.burstable
    mode = profile.credit_mode or terms.mode
    start = profile.credit_balance or 0.0
    evidence = (
        f"{instance.type} ({mode}): {terms.baseline:g} of {instance.vcpus} vCPUs can be busy for ever; "
        f"{terms.credits_per_hour:g} credits earned an hour, {terms.max_balance:g} kept, "
        f"{start:g} to start with{'' if profile.credit_balance is not None else ' (assumed)'}"
    )
    if not plan.phases:
        return Finding(
            SUBJECT,
            Level.RISK,
            f"{evidence}; the plan has no phases",
            "nobody knows whether the credits last",
            "state phases in the plan",
        )
    low, high = (forecast(terms, mode, stretches(plan, instance.vcpus, end), start) for end in (0, 1))
    evidence += f"; fewest workers: {_told(low, plan, mode)}; most workers: {_told(high, plan, mode)}"
    if high.exhausted_after is None and low.exhausted_after is None:
        return ok(SUBJECT, evidence)
    return Finding(SUBJECT, Level.RISK, evidence, _risk(high, terms, mode), _remedy(terms))


def _told(seen: CreditForecast, plan: ReadinessPlan, mode: CreditMode) -> str:
    if seen.exhausted_after is None:
        return f"they last, {seen.left:,.0f} are left"
    cost = (
        f"${seen.surplus_usd:,.2f} of surplus credits"
        if mode is CreditMode.UNLIMITED
        else f"{seen.throttled_vcpu_hours:,.0f} vCPU hours of work late"
    )
    return f"gone after {seen.exhausted_after:.0f} h, in {_phase_at(plan, seen.exhausted_after)}, {cost}"


def _phase_at(plan: ReadinessPlan, hours: float) -> str:
    end = 0.0
    for phase in plan.phases:
        end += phase.hours
        if hours < end:
            return phase.name
    return plan.phases[-1].name


def _risk(seen: CreditForecast, terms: Burstable, mode: CreditMode) -> str:
    if mode is CreditMode.STANDARD:
        return f"without credits everything slows down to {terms.baseline:g} vCPUs"
    return (
        f"what is borrowed beyond {terms.max_balance:g} credits, or not paid back at the end, "
        f"costs ${terms.surplus_usd:g} a vCPU hour, up to ${seen.surplus_usd:,.2f} here"
    )


def _remedy(terms: Burstable) -> str:
    return (
        f"keep at most {terms.baseline:g} vCPUs busy in the long run, watch CPUCreditBalance and "
        "CPUSurplusCreditBalance, or take an instance without credits"
    )
