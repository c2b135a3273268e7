"""CPU credits of burstable instances.

A credit is one vCPU for one minute. An instance earns them at a steady rate and spends them as it computes;
up to a limit, what it does not spend is kept. Without credits it either slows down to its baseline
(standard) or borrows as much as it can earn in 24 hours (unlimited): what it borrows beyond that, or has not
paid back when it stops, is charged. Source: Amazon EC2 User Guide, "Unlimited mode concepts" and "Standard
mode concepts" of burstable performance instances.

Within a stretch the use is taken as even: bursts shorter than the balance lasts average out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from utils.readiness.instances import Burstable
from utils.readiness.profile import CreditMode


@dataclass(frozen=True)
class Stretch:
    """Hours in which so many vCPUs are busy."""

    hours: float
    vcpus: float


@dataclass(frozen=True)
class CreditForecast:
    """What becomes of the credits; all counts are credits.

    start + earned + charged = spent + discarded + left - owed

    Attributes:
        earned, spent, discarded: over the whole time.
        left: in the balance at the end.
        owed: borrowed and not paid back at the end, before the instance stops.
        charged: borrowed beyond what may be owed.
        exhausted_after: hours until the balance was first empty with more wanted; None when it never was.
        throttled_vcpu_hours: work that standard mode did not do in time.
        surplus_usd: price of what was charged, and of what is owed when the instance stops.
    """

    start: float
    earned: float
    spent: float
    discarded: float
    left: float
    owed: float
    charged: float
    exhausted_after: float | None
    throttled_vcpu_hours: float
    surplus_usd: float


def forecast(
    terms: Burstable, mode: CreditMode, stretches: Sequence[Stretch], start: float = 0.0
) -> CreditForecast:
    """What becomes of the credits over stretches of even use.

    Args:
        terms: of the instance.
        mode: what it does without credits.
        stretches: one after the other.
        start: the balance; T3 and T4g instances begin without any.
    """
    lowest = -terms.max_balance if mode is CreditMode.UNLIMITED else 0.0
    balance = start = min(start, terms.max_balance)  # below zero it is what is owed
    earned = spent = discarded = charged = throttled = elapsed = 0.0
    exhausted: float | None = None
    for stretch in stretches:
        gain = terms.credits_per_hour * stretch.hours
        wanted = 60 * stretch.vcpus * stretch.hours
        drain = (wanted - gain) / stretch.hours
        after = balance + gain - wanted
        if exhausted is None and drain > 0 and after < 0:
            exhausted = elapsed + max(0.0, balance) / drain
        short = max(0.0, lowest - after)
        if mode is CreditMode.UNLIMITED:
            charged += short
            spent += wanted
        else:
            throttled += short / 60
            spent += wanted - short
        over = max(0.0, after - terms.max_balance)
        discarded += over
        earned += gain
        balance = after + short - over
        elapsed += stretch.hours
    owed = max(0.0, -balance)
    usd = (charged + owed) / 60 * terms.surplus_usd
    return CreditForecast(
        start, earned, spent, discarded, max(0.0, balance), owed, charged, exhausted, throttled, usd
    )


def breakeven(terms: Burstable, hourly_usd: float, other_hourly_usd: float) -> float:
    """vCPUs busy on average, above which another instance without credits costs less."""
    return terms.baseline + (other_hourly_usd - hourly_usd) / terms.surplus_usd
