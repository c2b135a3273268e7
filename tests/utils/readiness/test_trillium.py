"""The assessment of 2025-11-13 again, from its own figures: what it concluded, and where it was wrong."""

from __future__ import annotations

import pytest

from tests.utils.readiness.hosts import CATALOG, t3, trillium
from utils.readiness.assessment import assess
from utils.readiness.credits import breakeven, forecast
from utils.readiness.demand import average_demand, stretches
from utils.readiness.finding import Finding, Level, Verdict
from utils.readiness.profile import CreditMode

ASSESSMENT = assess(t3(), trillium(), CATALOG)


def finding(subject: str) -> Finding:
    return next(one for one in ASSESSMENT.findings if one.subject == subject)


def test_it_may_start_as_it_was_approved_but_with_risks() -> None:
    assert ASSESSMENT.verdict is Verdict.WITH_RISKS


@pytest.mark.parametrize("subject", ["disk", "load", "Python", "packages", "indicators", "network"])
def test_what_it_found_right(subject: str) -> None:
    assert finding(subject).level is Level.OK


def test_memory_is_not_sufficient_at_the_upper_end_nor_with_one_worker_less() -> None:
    assert finding("memory").level is Level.RISK
    assert "18 to 28 GiB planned, 25.0 of 30.0 GiB available" in finding("memory").evidence
    plan = trillium()
    with_one_less = plan.memory_gib[1] - plan.tracks[2].memory_of(4) + plan.tracks[2].memory_of(3)
    assert with_one_less == 24  # the remedy that was approved leaves 1 GiB of 25
    assert "7 workers fit" in finding("memory").remedy


def test_nine_workers_are_more_than_eight_processors() -> None:
    assert finding("processors").level is Level.RISK


def test_the_pool_was_compared_with_a_guess() -> None:
    assert finding("database").level is Level.RISK
    assert "12 to 18 connections planned, its limit was not measured" in finding("database").evidence


def test_the_instance_type_and_the_architecture_contradict_each_other() -> None:
    assert "t3.2xlarge has x86_64 processors, not aarch64" in finding("system").evidence


def test_credits_run_out_in_the_heavy_week_with_few_workers_and_with_many() -> None:
    assert average_demand(trillium()) == pytest.approx((1.9, 3.5))
    instance = CATALOG.find("t3.2xlarge")
    assert instance is not None
    assert instance.burstable is not None
    seen = [
        forecast(instance.burstable, CreditMode.UNLIMITED, stretches(trillium(), 8, end)) for end in (0, 1)
    ]
    # By hand: the balance is full after the first week; the second takes 3.7 to 5.5 of 3.2 vCPUs.
    assert [one.exhausted_after for one in seen] == pytest.approx([168 + 4608 / 30, 168 + 4608 / 138])
    assert [one.surplus_usd for one in seen] == pytest.approx([0, (168 * 138 - 2 * 4608) / 60 * 0.05])
    assert finding("CPU credits").level is Level.RISK


def test_a_third_cheaper_holds_by_the_hour_and_for_half_the_memory() -> None:
    cost = finding("cost")
    assert "by the hour 34% less than r6i.2xlarge, with surplus credits 29% to 34% less" in cost.evidence
    assert "t3.2xlarge has 32 GiB, r6i.2xlarge 64 GiB" in cost.risk
    t, r = CATALOG.find("t3.2xlarge"), CATALOG.find("r6i.2xlarge")
    assert t is not None
    assert r is not None
    assert t.burstable is not None
    assert t.dearest_hour > r.hourly_usd  # always busy it costs more
    assert breakeven(t.burstable, t.hourly_usd, r.hourly_usd) == pytest.approx(6.624)
