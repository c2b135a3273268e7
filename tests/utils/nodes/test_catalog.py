"""The catalog: the guide's tables, its faults told by file, node and field, and written as it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from utils.errors import UserError
from utils.nodes.catalog import DEFAULT_PATH, Catalog, NodeKind, load_catalog, save_catalog, usd

GUIDE = {
    "B-MICRO": (2, 3.3, 8, False, 0),
    "B2-8": (2, 4.9, 8, False, 14),
    "B4-12": (4, 4.9, 12, False, 20),
    "B8-16": (8, 4.9, 16, False, 28),
    "B4-16-GPU": (4, 3.0, 16, True, 400),
    "R1-4": (1, 2.4, 4, False, 5),
    "R2-8": (2, 2.4, 8, False, 10),
    "R4-12": (4, 2.4, 12, False, 14),
    "R8-16": (8, 2.4, 16, False, 14),
    "R4-16-GPU": (4, 3.0, 16, True, 400),
    "L-MICRO": (1, 2.6, 0.5, False, 20),
    "L1-1": (1, 2.6, 1, False, 25),
    "L1-2": (1, 2.6, 2, False, 35),
    "L2-4": (2, 2.6, 4, False, 50),
    "L8-16-GPU": (8, 3.1, 16, True, 400),
}
KINDS = {"B": NodeKind.BACKTESTING, "R": NodeKind.RESEARCH, "L": NodeKind.LIVE_TRADING}


def content() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DEFAULT_PATH.read_text())
    return loaded


def fault(tmp_path: Path, broken: object) -> str:
    path = tmp_path / "nodes.json"
    path.write_text(broken if isinstance(broken, str) else json.dumps(broken))
    with pytest.raises(UserError) as raised:
        load_catalog(path)
    message = str(raised.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_the_catalog_is_the_guides_three_tables() -> None:
    nodes = load_catalog().nodes
    figures = {node.model: (node.cores, node.ghz, node.ram_gb, node.gpu, node.monthly_usd) for node in nodes}
    assert figures == GUIDE
    for node in nodes:
        live = node.model.startswith("L")
        assert node.kind == KINDS[node.model[0]]
        assert node.colocated == live
        assert node.max_latency_ms == (100 if live else None)
        assert node.start_delay_s == (20 if node.model == "B-MICRO" else 0)
        assert node.best_for


def test_object_store_tiers() -> None:
    tiers = [(tier.storage_gb, tier.max_files, tier.monthly_usd) for tier in load_catalog().object_store]
    assert tiers == [
        (0.05, 1_000, 0),
        (2, 20_000, 10),
        (5, 50_000, 20),
        (10, 100_000, 50),
        (50, 500_000, 100),
    ]
    assert load_catalog().sources["object_store"]


def test_a_node_is_found_by_model_and_kind() -> None:
    catalog = load_catalog()
    assert catalog.node("L2-4", NodeKind.LIVE_TRADING).cores == 2
    with pytest.raises(UserError, match=r"--node L2-4: no backtesting node.*B8-16"):
        catalog.node("L2-4", NodeKind.BACKTESTING)


def test_a_saved_catalog_reads_the_same_one_node_a_line(tmp_path: Path) -> None:
    path = tmp_path / "nodes.json"
    save_catalog(load_catalog(), path)
    assert load_catalog(path) == load_catalog()
    assert path.read_text() == DEFAULT_PATH.read_text()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("monthly_usd", -1),
        ("cores", 0),
        ("cores", 2.5),
        ("cores", True),
        ("ram_gb", "16"),
        ("ram_gb", 0),
        ("gpu", "no"),
        ("kind", "paper"),
        ("max_latency_ms", -5),
        ("colour", "red"),
    ],
    ids=str,
)
def test_a_bad_figure_is_told_by_node_and_field(tmp_path: Path, field: str, value: object) -> None:
    broken = content()
    broken["nodes"][3][field] = value
    message = fault(tmp_path, broken)
    assert f"node B8-16: {field}: " in message


@pytest.mark.parametrize("field", ["kind", "cores", "ghz", "ram_gb", "gpu", "monthly_usd"])
def test_a_missing_figure_is_told_by_node_and_field(tmp_path: Path, field: str) -> None:
    broken = content()
    del broken["nodes"][3][field]
    assert f"node B8-16: {field}: Field required" in fault(tmp_path, broken)


def test_a_node_without_a_name_is_told_by_its_place(tmp_path: Path) -> None:
    broken = content()
    del broken["nodes"][3]["model"]
    assert "nodes[3]: model: Field required" in fault(tmp_path, broken)
    broken["nodes"][3] = 7
    assert "nodes[3]: " in fault(tmp_path, broken)


def test_a_model_listed_twice_and_a_kind_without_nodes(tmp_path: Path) -> None:
    broken = content()
    broken["nodes"].append(broken["nodes"][3])
    assert "B8-16 is listed twice" in fault(tmp_path, broken)
    broken["nodes"] = [node for node in content()["nodes"] if node["kind"] != "research"]
    assert "there is no research node" in fault(tmp_path, broken)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"nodes": NaN}', "[" * 100_000, '{"nodes": [' + "9" * 5_000 + "]}"]
)
def test_what_is_no_catalog_at_all(tmp_path: Path, text: str) -> None:
    fault(tmp_path, text)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"missing\.json"):
        load_catalog(tmp_path / "missing.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r"binary\.json"):
        load_catalog(tmp_path / "binary.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["kind", "model", "cores", "ghz", "ram_gb", "gpu", "monthly_usd", "best_for", "start_delay_s"]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 14), st.sampled_from(FIELDS), JSON)
@example(0, "cores", 10**400)
@example(0, "model", "\ud800")
@example(0, "model", "B\n8")
def test_any_value_anywhere_loads_or_is_told_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, index: int, field: str, value: object
) -> None:
    changed = content()
    changed["nodes"][index][field] = value
    path = tmp_path_factory.getbasetemp() / "fuzzed_nodes.json"
    path.write_text(json.dumps(changed))
    try:
        assert isinstance(load_catalog(path), Catalog)
    except UserError as error:
        assert str(error).startswith(f"{path}: ")
        assert "\n" not in str(error)
        str(error).encode()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 4_000), st.binary(max_size=8))
def test_a_damaged_file_loads_or_is_told(
    tmp_path_factory: pytest.TempPathFactory, at: int, damage: bytes
) -> None:
    whole = DEFAULT_PATH.read_bytes()
    path = tmp_path_factory.getbasetemp() / "damaged_nodes.json"
    path.write_bytes(whole[:at] + damage + whole[at + len(damage) :])
    try:
        load_catalog(path)
    except UserError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("amount", "text"), [(28, "$28"), (0, "$0"), (28.5, "$28.50"), (1_234_567, "$1,234,567")], ids=str
)
def test_amounts(amount: float, text: str) -> None:
    assert usd(amount) == text
