"""Recommended nodes: the guide's example, the cheapest that fits, what is said when none does."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.utils.nodes.brute_force import cheapest, largest, megabytes
from trading.monitoring.memory import MemoryModel
from utils.errors import UserError
from utils.nodes.catalog import Catalog, Node, NodeKind, load_catalog
from utils.nodes.memory_use import estimate_memory, fitting_limits
from utils.nodes.optimizer import NodeOptimizer, total_monthly_cost
from utils.nodes.requirements import AlgorithmRequirements, Resolution
from utils.nodes.sizing import needed_cores

EXAMPLE = AlgorithmRequirements(
    num_securities=10,
    num_option_chains=5,
    contracts_per_chain=100,
    max_concurrent_positions=20,
    use_llm_analysis=True,
    use_ml_training=False,
)
OPTIMIZER = NodeOptimizer()
BACKTESTING, RESEARCH, LIVE = NodeKind.BACKTESTING, NodeKind.RESEARCH, NodeKind.LIVE_TRADING


def models(requirements: AlgorithmRequirements) -> list[str]:
    return [one["node"].model for one in OPTIMIZER.recommend_nodes(requirements).values()]


def test_the_guides_snippet_runs_as_written() -> None:
    from utils import AlgorithmRequirements, NodeOptimizer

    requirements = AlgorithmRequirements(
        num_securities=10,
        num_option_chains=5,
        contracts_per_chain=100,
        max_concurrent_positions=20,
        use_llm_analysis=True,
        use_ml_training=False,
    )
    optimizer = NodeOptimizer()
    recommendations = optimizer.recommend_nodes(requirements)
    assert recommendations["backtesting"]["node"].model == "B8-16"
    assert recommendations["research"]["node"].model == "R8-16"
    assert recommendations["live_trading"]["node"].model == "L2-4"


def test_importing_utils_alone_loads_no_node_module() -> None:
    code = "import sys, utils; sys.exit(any(name.startswith('utils.nodes') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_name_that_utils_has_not_is_an_attribute_error() -> None:
    import utils

    with pytest.raises(AttributeError, match="NodeChooser"):
        _ = utils.NodeChooser


def test_the_example_costs_92_dollars_and_fits_all_but_live() -> None:
    found = OPTIMIZER.recommend_nodes(EXAMPLE)
    assert {kind: one["cost"] for kind, one in found.items()} == {
        "backtesting": 28,
        "research": 14,
        "live_trading": 50,
    }
    assert total_monthly_cost(found) == 92
    assert [one["fits"] for one in found.values()] == [True, True, False]
    assert [one["headroom_mb"] for one in found.values()] == [11_650, 11_650, -350]
    assert {one["estimated_memory_gb"] for one in found.values()} == {4.35}
    assert found["backtesting"]["warnings"] == []


def test_the_live_warning_says_by_how_much_and_what_makes_it_fit() -> None:
    live = OPTIMIZER.recommend_nodes(EXAMPLE)["live_trading"]
    assert live["warnings"] == [
        "the estimate of 4,350 MB exceeds L2-4's 4,000 MB by 350 MB",
        "fits with 20% to spare: max_option_chains 2 with 100 contracts each, "
        "or max_contracts_per_chain 54 with 5 chains",
        "fits without any to spare: max_option_chains 4 with 100 contracts each, "
        "or max_contracts_per_chain 86 with 5 chains",
        "fits as it is: --node L8-16-GPU at $400/month",
    ]
    with_margin, without = live["limits"]
    # By hand: 1,850 MB without contracts, so 1,350 and 2,150 MB are left for contracts at 5 MB each.
    assert (with_margin.max_option_chains, with_margin.max_contracts_per_chain) == (2, 54)
    assert (without.max_option_chains, without.max_contracts_per_chain) == (4, 86)


def test_strict_refuses_in_one_line_and_names_the_options() -> None:
    with pytest.raises(UserError) as raised:
        OPTIMIZER.recommend_nodes(EXAMPLE, strict=True)
    assert str(raised.value) == (
        "live_trading: no node fits with 20% of its memory to spare: the estimate of 4,350 MB exceeds L2-4's "
        "4,000 MB by 350 MB; options: max_option_chains 2 with 100 contracts each, "
        "or max_contracts_per_chain 54 with 5 chains, or --node L8-16-GPU at $400/month"
    )


@pytest.mark.parametrize(
    "change", [{"num_option_chains": 2}, {"contracts_per_chain": 54}], ids=["chains", "contracts"]
)
def test_the_limits_named_by_strict_make_strict_succeed(change: dict[str, int]) -> None:
    found = OPTIMIZER.recommend_nodes(EXAMPLE.model_copy(update=change), strict=True)
    assert found["live_trading"]["node"].model == "L2-4"
    assert found["live_trading"]["warnings"] == []


def test_between_the_margin_and_the_brim_the_warning_says_what_is_left() -> None:
    live = OPTIMIZER.recommend_nodes(EXAMPLE.model_copy(update={"num_option_chains": 4}))["live_trading"]
    assert live["node"].model == "L2-4"
    assert not live["fits"]
    assert live["headroom_mb"] == 150
    assert live["warnings"][0] == (
        "the estimate of 3,850 MB leaves 150 MB of L2-4's 4,000 MB free, less than 20%"
    )


def test_alternatives_come_with_headroom_and_why_they_were_not_chosen() -> None:
    research = OPTIMIZER.recommend_nodes(EXAMPLE)["research"]
    told = {one["node"].model: (one["headroom_mb"], one["why_not"]) for one in research["alternatives"]}
    assert told == {
        "R1-4": (-350, "350 MB short of memory"),
        "R2-8": (3_650, "2 of 8 cores"),
        "R4-12": (7_650, "4 of 8 cores"),
        "R4-16-GPU": (11_650, "4 of 8 cores"),
    }
    small = OPTIMIZER.recommend_nodes(AlgorithmRequirements(num_securities=1))["backtesting"]
    assert [(one["node"].model, one["fits"], one["why_not"]) for one in small["alternatives"]] == [
        ("B2-8", True, "$14/month more"),
        ("B4-12", True, "$20/month more"),
        ("B8-16", True, "$28/month more"),
        ("B4-16-GPU", False, "its GPU would be idle"),
    ]


def test_a_simple_strategy_gets_the_smallest_nodes_and_the_free_ones_delay_is_told() -> None:
    simple = AlgorithmRequirements(num_securities=1, resolution=Resolution.DAILY, backtest_days=7_300)
    assert models(simple) == ["B-MICRO", "R1-4", "L1-2"]
    assert "20 s late" in OPTIMIZER.recommend_nodes(simple)["backtesting"]["reason"]


def test_language_models_alone_ask_for_cores_in_research_only() -> None:
    assert models(AlgorithmRequirements(num_securities=1, use_llm_analysis=True)) == [
        "B-MICRO",
        "R8-16",
        "L1-2",
    ]


@pytest.mark.parametrize("use", ["use_ml_training", "use_local_inference"])
def test_local_machine_learning_gets_gpus_even_with_many_contracts(use: str) -> None:
    needs = EXAMPLE.model_copy(update={use: True})
    assert models(needs) == ["B4-16-GPU", "R4-16-GPU", "L8-16-GPU"]
    assert all(one["fits"] for one in OPTIMIZER.recommend_nodes(needs, strict=True).values())


def test_a_latency_that_no_node_keeps_is_told_and_refused_by_strict() -> None:
    needs = AlgorithmRequirements(num_securities=1, max_latency_ms=5)
    live = OPTIMIZER.recommend_nodes(needs)["live_trading"]
    assert live["warnings"] == ["no node suits; L2-4: latency of up to 100 ms, 5 ms allowed"]
    with pytest.raises(UserError, match="5 ms allowed"):
        OPTIMIZER.recommend_nodes(needs, strict=True)
    assert models(needs.model_copy(update={"max_latency_ms": 100})) == ["B-MICRO", "R1-4", "L1-2"]


def test_more_securities_than_any_node_holds_are_limited_by_number() -> None:
    found = OPTIMIZER.recommend_nodes(AlgorithmRequirements(num_securities=3_000))
    assert found["backtesting"]["node"].model == "B8-16"
    assert "fits without any to spare: at most 2,980 securities" in found["backtesting"]["warnings"]
    assert found["live_trading"]["reason"] == "The largest without a GPU (16.1GB needed)"


def test_a_live_estimate_leaves_a_backtests_results_out() -> None:
    found = OPTIMIZER.recommend_nodes(AlgorithmRequirements(backtest_days=7_305))
    assert found["backtesting"]["estimated_memory_gb"] == pytest.approx(1.29)
    assert found["live_trading"]["estimated_memory_gb"] == 1.1


@pytest.mark.parametrize(
    ("more", "mb"),
    [
        ({"resolution": Resolution.TICK}, 10 * 20),
        ({"resolution": Resolution.SECOND}, 10 * 2),
        ({"warm_up_bars": 100_000}, 100),
        ({"use_ml_training": True}, 4_000),
        ({"use_local_inference": True}, 2_000),
        ({"resolution": Resolution.DAILY}, 0),
        ({"backtest_days": 300}, 0),
        ({"scheduled_events": 50, "max_concurrent_positions": 9}, 0),
    ],
    ids=str,
)
def test_what_the_guide_leaves_out_adds_its_own_megabytes(more: dict[str, object], mb: float) -> None:
    plain = AlgorithmRequirements(num_securities=10)
    model = MemoryModel()
    difference = (
        estimate_memory(plain.model_copy(update=more), model).total_mb
        - estimate_memory(plain, model).total_mb
    )
    assert difference == pytest.approx(mb)


@pytest.mark.parametrize("margin", [-0.1, 1, float("nan")], ids=str)
def test_a_margin_that_is_none_is_refused(margin: float) -> None:
    with pytest.raises(UserError, match="margin"):
        NodeOptimizer(margin=margin)


REQUIREMENTS = st.builds(
    AlgorithmRequirements,
    num_securities=st.integers(0, 1_000),
    num_option_chains=st.integers(0, 12),
    contracts_per_chain=st.integers(0, 300),
    use_llm_analysis=st.booleans(),
    use_scanners=st.none() | st.booleans(),
    use_greeks=st.none() | st.booleans(),
)
NODES = st.builds(
    Node,
    kind=st.sampled_from(NodeKind),
    model=st.just("X"),
    cores=st.sampled_from([1, 2, 4, 8]),
    ghz=st.just(3.0),
    ram_gb=st.sampled_from([0.5, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0]),
    gpu=st.just(False),
    monthly_usd=st.sampled_from([0.0, 10.0, 20.0, 30.0]),
)


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    nodes = draw(st.lists(NODES, min_size=1, max_size=12))
    nodes += [NODES_OF_EACH[kind] for kind in NodeKind]
    return Catalog(nodes=tuple(node.model_copy(update={"model": f"X{i}"}) for i, node in enumerate(nodes)))


NODES_OF_EACH = {
    kind: Node(kind=kind, model="X", cores=8, ghz=3.0, ram_gb=4.0, gpu=False, monthly_usd=25.0)
    for kind in NodeKind
}


@given(REQUIREMENTS, catalogs(), st.sampled_from([0.0, 0.1, 0.2, 0.5]))
def test_the_choice_is_the_cheapest_that_fits(
    needs: AlgorithmRequirements, catalog: Catalog, margin: float
) -> None:
    found = NodeOptimizer(catalog, margin=margin).recommend_nodes(needs)
    for kind in NodeKind:
        expected = cheapest(catalog.nodes, kind, needs, margin=margin, cores=needed_cores(kind, needs))
        assert found[kind]["fits"] == (expected is not None)
        chosen = found[kind]["node"]
        if expected is None:
            assert chosen.ram_gb == max(node.ram_gb for node in catalog.of(kind))
            assert found[kind]["warnings"]
        else:
            assert (chosen.monthly_usd, chosen.ram_gb, chosen.cores) == (
                expected.monthly_usd,
                expected.ram_gb,
                expected.cores,
            )
            assert found[kind]["warnings"] == []
        assert len(found[kind]["alternatives"]) == len(catalog.of(kind)) - 1


@given(REQUIREMENTS)
def test_the_estimate_is_the_guides_sum(needs: AlgorithmRequirements) -> None:
    assert OPTIMIZER.estimate(needs).total_mb == megabytes(needs)


@given(REQUIREMENTS, st.lists(st.integers(0, 500), min_size=2, max_size=5))
def test_more_contracts_never_take_less_memory_nor_a_smaller_or_cheaper_node(
    needs: AlgorithmRequirements, contracts: list[int]
) -> None:
    steps = [
        OPTIMIZER.recommend_nodes(needs.model_copy(update={"contracts_per_chain": count}))
        for count in sorted(contracts)
    ]
    for fewer, more in pairwise(steps):
        for kind in NodeKind:
            assert more[kind]["estimated_memory_gb"] >= fewer[kind]["estimated_memory_gb"]
            assert more[kind]["node"].ram_gb >= fewer[kind]["node"].ram_gb
            assert more[kind]["cost"] >= fewer[kind]["cost"]


@settings(max_examples=60, deadline=None)
@given(REQUIREMENTS, st.integers(500, 8_000))
def test_limits_are_the_largest_that_fit(needs: AlgorithmRequirements, room: int) -> None:
    assume(needs.num_contracts > 0)
    limits = fitting_limits(needs, MemoryModel(), room)
    for field, limit in (
        ("num_option_chains", limits.max_option_chains),
        ("contracts_per_chain", limits.max_contracts_per_chain),
    ):

        def fits(value: int, field: str = field) -> bool:
            return megabytes(needs.model_copy(update={field: value})) <= room

        assert limit == largest(fits, upto=2_000)


@given(REQUIREMENTS)
def test_limits_that_a_warning_names_fit_and_one_more_does_not(needs: AlgorithmRequirements) -> None:
    live = OPTIMIZER.recommend_nodes(needs)["live_trading"]
    assume(not live["fits"])
    for limits in live["limits"]:
        for field, limit in (
            ("num_option_chains", limits.max_option_chains),
            ("contracts_per_chain", limits.max_contracts_per_chain),
            ("num_securities", limits.max_securities),
        ):
            if limit is not None:
                assert megabytes(needs.model_copy(update={field: limit})) <= limits.room_mb
                assert megabytes(needs.model_copy(update={field: limit + 1})) > limits.room_mb


@given(REQUIREMENTS)
def test_strict_recommends_what_fits_or_refuses_in_one_line(needs: AlgorithmRequirements) -> None:
    try:
        found = OPTIMIZER.recommend_nodes(needs, strict=True)
    except UserError as error:
        assert "\n" not in str(error)
        assert "options: " in str(error)
        return
    for one in found.values():
        assert one["node"].ram_gb * 800 >= megabytes(needs)
        assert not one["node"].gpu


def test_the_catalog_given_is_the_catalog_used() -> None:
    dear = load_catalog()
    nodes = tuple(node.model_copy(update={"monthly_usd": 99.0}) for node in dear.nodes)
    found = NodeOptimizer(dear.model_copy(update={"nodes": nodes})).recommend_nodes(EXAMPLE)
    assert total_monthly_cost(found) == 297
