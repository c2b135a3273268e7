"""The report: the guide's text to the letter, then what it rests on; the plans; and the same as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from utils.cli import print_json
from utils.nodes.catalog import StorageTier, load_catalog
from utils.nodes.optimizer import NodeOptimizer
from utils.nodes.plans import plans
from utils.nodes.report import render_report, report_data
from utils.nodes.requirements import AlgorithmRequirements, Analysis, Evidence, Source

GUIDE = """\
============================================================
QUANTCONNECT COMPUTE NODE RECOMMENDATIONS
============================================================

BACKTESTING:
  Recommended: B8-16
  Cores: 8 @ 4.9GHz
  RAM: 16GB
  Cost: $28/month
  Reason: High memory requirements (4.3GB) or options trading
  Estimated Memory: 4.35GB

RESEARCH:
  Recommended: R8-16
  Cores: 8 @ 2.4GHz
  RAM: 16GB
  Cost: $14/month
  Reason: High memory or LLM ensemble analysis (4.3GB)
  Estimated Memory: 4.35GB

LIVE_TRADING:
  Recommended: L2-4
  Cores: 2 @ 2.6GHz
  RAM: 4GB
  Cost: $50/month
  Reason: Options trading with multiple chains (4.3GB)
  Estimated Memory: 4.35GB

TOTAL MONTHLY COST: $92/month
============================================================
"""

BREAKDOWN = """\
Memory estimate:
  Base overhead:                 1,100 MB
  Securities (10):                  50 MB
  Option contracts (500):        2,500 MB
  Greeks calculations:             200 MB
  Scanners:                        150 MB
  Risk management:                 100 MB
  Two-part spread:                 200 MB
  LLM API calls:                    50 MB
  Total:                         4,350 MB
"""

REQUIREMENTS = AlgorithmRequirements(
    num_securities=10, num_option_chains=5, contracts_per_chain=100, use_llm_analysis=True
)
ANALYSIS = Analysis(
    REQUIREMENTS,
    (
        Evidence("num_option_chains", 5, (Source("add_option", Path("bot/main.py"), 53),)),
        Evidence("warm_up_bars", 0, (Source("no warm-up is set"),)),
        Evidence("num_securities", 10, tuple(Source(f"add_equity {n}") for n in range(5))),
    ),
)
OPTIMIZER = NodeOptimizer()
RECOMMENDATIONS = OPTIMIZER.recommend_nodes(REQUIREMENTS)


@pytest.fixture(scope="module")
def text() -> str:
    return render_report(ANALYSIS, RECOMMENDATIONS, OPTIMIZER)


def test_it_begins_with_the_guides_text_to_the_letter(text: str) -> None:
    assert text.startswith(GUIDE)


def test_it_shows_the_guides_memory_breakdown(text: str) -> None:
    assert BREAKDOWN in text


def test_it_says_plainly_that_the_live_node_is_too_small(text: str) -> None:
    assert "WARNING live_trading: the estimate of 4,350 MB exceeds L2-4's 4,000 MB by 350 MB" in text
    assert "WARNING backtesting" not in text


def test_it_shows_the_evidence_with_its_places(text: str) -> None:
    assert "  num_option_chains = 5\n    bot/main.py:53: add_option\n" in text
    assert "  warm_up_bars = 0\n    assumed: no warm-up is set\n" in text
    assert "    assumed: add_equity 2\n    and 2 more\n" in text


def test_it_ranks_alternatives_with_headroom_and_the_reason(text: str) -> None:
    assert "  live_trading: L2-4 ($50), headroom -350 MB\n" in text
    assert "    L8-16-GPU ($400): its GPU would be idle, headroom 11,650 MB\n" in text


def test_the_plans_cost_the_sums_of_their_lines() -> None:
    found = {plan.name: plan for plan in plans(RECOMMENDATIONS, OPTIMIZER.catalog)}
    assert {name: plan.monthly_usd for name, plan in found.items()} == {
        "Development": 34,
        "Production": 92,
        "Scale": 120,
        "Production with storage": 112,
    }
    assert dict(found["Development"].lines) == {
        "Backtesting (B4-12)": 20,
        "Research (R4-12)": 14,
        "Live Trading (paper)": 0,
    }
    assert [label for label, _ in found["Scale"].lines] == [
        "Backtesting 1 (B8-16)",
        "Backtesting 2 (B8-16)",
        "Research (R8-16)",
        "Live Trading (L2-4)",
    ]
    assert found["Production with storage"].lines[-1] == ("Object Store (5GB)", 20)


def test_the_development_plan_takes_no_node_that_is_too_small() -> None:
    large = REQUIREMENTS.model_copy(update={"num_securities": 1_600})  # 12.3 GB: not on B4-12
    first, *_ = plans(OPTIMIZER.recommend_nodes(large), OPTIMIZER.catalog)
    assert first.lines[0] == ("Backtesting (B8-16)", 28)


def test_the_development_plan_of_local_machine_learning_keeps_its_gpu() -> None:
    learning = REQUIREMENTS.model_copy(update={"use_ml_training": True})
    first, *_ = plans(OPTIMIZER.recommend_nodes(learning), OPTIMIZER.catalog)
    assert first.lines[0] == ("Backtesting (B4-16-GPU)", 400)


def test_without_a_large_enough_tier_there_is_no_plan_with_storage() -> None:
    small = load_catalog().model_copy(update={"object_store": (StorageTier(storage_gb=2, monthly_usd=10),)})
    assert "Production with storage" not in {plan.name for plan in plans(RECOMMENDATIONS, small)}


def test_the_data_say_the_same_and_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(report_data(ANALYSIS, RECOMMENDATIONS, OPTIMIZER))
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert data["total_monthly_cost"] == 92
    assert data["estimated_memory_mb"] == 4350
    assert sum(term["mb"] for term in data["memory"]) == 4350
    assert {kind: one["model"] for kind, one in data["recommendations"].items()} == {
        "backtesting": "B8-16",
        "research": "R8-16",
        "live_trading": "L2-4",
    }
    live = data["recommendations"]["live_trading"]
    assert live["fits"] is False
    assert live["headroom_mb"] == -350
    assert [limits["max_option_chains"] for limits in live["fitting_limits"]] == [2, 4]
    assert len(live["alternatives"]) == 4
    assert data["evidence"][0] == {
        "field": "num_option_chains",
        "value": 5,
        "sources": ["bot/main.py:53: add_option"],
    }
    assert {plan["name"]: plan["monthly_cost"] for plan in data["plans"]}["Scale"] == 120
