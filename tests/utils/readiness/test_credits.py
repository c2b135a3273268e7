"""The credit model against Amazon's worked figures, a simulation by the minute, and what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.utils.readiness.hosts import CATALOG
from utils.readiness.credits import Stretch, breakeven, forecast
from utils.readiness.instances import Burstable, Instance
from utils.readiness.profile import CreditMode

MODES = st.sampled_from(CreditMode)
STRETCHES = st.lists(
    st.builds(Stretch, st.integers(1, 200), st.integers(0, 80).map(lambda n: n / 10)), max_size=6
)
NANO = Burstable(credits_per_hour=6, max_balance=144, surplus_usd=0.05)  # 2 vCPUs, baseline 5 % each


def instance(name: str) -> Instance:
    found = CATALOG.find(name)
    assert found is not None
    return found


def burst(name: str) -> Burstable:
    terms = instance(name).burstable
    assert terms is not None
    return terms


@pytest.mark.parametrize(("name", "baseline"), [("t3.large", 0.3), ("t3.xlarge", 0.4), ("t3.2xlarge", 0.4)])
def test_the_listed_terms_agree_with_each_other_and_with_amazons_baseline(name: str, baseline: float) -> None:
    terms = burst(name)
    assert terms.baseline / instance(name).vcpus == pytest.approx(baseline)
    assert terms.max_balance == 24 * terms.credits_per_hour


def test_the_breakeven_of_amazons_guide() -> None:
    """The guide: t3.large at $0.0835 against m5.large at $0.096 is even at 42.5 % of two vCPUs."""
    assert breakeven(burst("t3.large"), 0.0835, 0.096) / 2 == pytest.approx(0.425)


def test_the_first_24_hours_of_amazons_idle_example_fill_the_balance() -> None:
    seen = forecast(NANO, CreditMode.UNLIMITED, [Stretch(24, 0)])
    assert (seen.left, seen.discarded, seen.surplus_usd) == (144, 0, 0)


def test_a_burst_is_charged_beyond_what_a_day_earns_and_the_rest_when_the_instance_stops() -> None:
    terms = burst("t3.2xlarge")
    busy = Stretch(100, 8)
    seen = forecast(terms, CreditMode.UNLIMITED, [busy])
    assert seen.exhausted_after == 0
    assert (seen.charged, seen.owed) == (100 * (480 - 192) - 4608, 4608)
    assert seen.surplus_usd == pytest.approx(100 * (8 - 3.2) * 0.05)
    paid_back = forecast(terms, CreditMode.UNLIMITED, [busy, Stretch(24, 0)])
    assert paid_back.owed == 0
    assert paid_back.surplus_usd == pytest.approx(seen.charged / 60 * 0.05)


def test_standard_mode_charges_nothing_and_slows_down() -> None:
    seen = forecast(burst("t3.2xlarge"), CreditMode.STANDARD, [Stretch(24, 0), Stretch(48, 8)])
    assert seen.exhausted_after == pytest.approx(24 + 4608 / 288)
    assert seen.throttled_vcpu_hours == pytest.approx((48 - 16) * 4.8)
    assert (seen.surplus_usd, seen.charged, seen.owed) == (0, 0, 0)


@given(MODES, STRETCHES, st.integers(0, 6000))
def test_nothing_is_negative_and_no_credit_appears_or_vanishes(
    mode: CreditMode, stretches: list[Stretch], start: int
) -> None:
    terms = burst("t3.2xlarge")
    seen = forecast(terms, mode, stretches, start)
    counts = (seen.earned, seen.spent, seen.discarded, seen.left, seen.owed, seen.charged, seen.surplus_usd)
    assert min(*counts, seen.throttled_vcpu_hours) >= 0
    assert max(seen.left, seen.owed) <= terms.max_balance
    there = seen.start + seen.earned + seen.charged
    assert there == pytest.approx(seen.spent + seen.discarded + seen.left - seen.owed, abs=1e-6)
    wanted = sum(60 * one.vcpus * one.hours for one in stretches)
    assert seen.spent + 60 * seen.throttled_vcpu_hours == pytest.approx(wanted, abs=1e-6)


@given(MODES, STRETCHES, st.integers(0, 4608))
def test_minute_by_minute_it_comes_to_the_same(
    mode: CreditMode, stretches: list[Stretch], start: int
) -> None:
    terms = burst("t3.2xlarge")
    balance, charged, late, exhausted, minute = float(start), 0.0, 0.0, None, 0
    for stretch in stretches:
        for _ in range(int(stretch.hours * 60)):
            minute += 1
            balance += terms.credits_per_hour / 60 - stretch.vcpus
            if balance < -1e-6 and stretch.vcpus > 3.2 and exhausted is None:
                exhausted = minute / 60
            lowest = -terms.max_balance if mode is CreditMode.UNLIMITED else 0.0
            if balance < lowest:
                if mode is CreditMode.UNLIMITED:
                    charged += lowest - balance
                else:
                    late += (lowest - balance) / 60
                balance = lowest
            balance = min(balance, terms.max_balance)
    seen = forecast(terms, mode, stretches, start)
    assert seen.left - seen.owed == pytest.approx(balance, abs=1e-3)
    assert seen.charged == pytest.approx(charged, abs=1e-3)
    assert seen.throttled_vcpu_hours == pytest.approx(late, abs=1e-3)
    if exhausted is None:
        assert seen.exhausted_after is None
    else:
        assert seen.exhausted_after == pytest.approx(exhausted, abs=0.02)
