"""The catalog against an account: what differs, what is owned, and the refreshed catalog."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import UserError
from utils.nodes.account import compare_with_account, refreshed
from utils.nodes.catalog import NodeKind, load_catalog, save_catalog
from utils.quantconnect.records import CloudNode

CATALOG = load_catalog()


@dataclass
class Price:
    monthly: float = 28


@dataclass
class Seen:
    """B8-16 as the guide has it."""

    sku: str = "B8-16"
    cpu: int = 8
    ram: float = 16
    speed: float = 4.9
    price: Price = field(default_factory=Price)
    has_gpu: bool = False
    busy: bool = False


def test_an_account_as_the_catalog_says_differs_in_nothing() -> None:
    comparison = compare_with_account(CATALOG, [Seen(), Seen(busy=True)])
    assert comparison.differences == ()
    assert comparison.owned == {"B8-16": 2}
    assert comparison.busy == {"B8-16": 1}
    assert comparison.unknown == ()
    assert refreshed(CATALOG, [Seen()]) == CATALOG


def test_every_figure_that_differs_is_told_and_taken() -> None:
    seen = Seen(cpu=12, ram=32, speed=5.1, price=Price(48), has_gpu=True)
    told = {
        one.field: (one.catalog, one.account) for one in compare_with_account(CATALOG, [seen]).differences
    }
    assert told == {
        "cores": (8, 12),
        "ram_gb": (16, 32),
        "ghz": (4.9, 5.1),
        "monthly_usd": (28, 48),
        "gpu": (0, 1),
    }
    node = refreshed(CATALOG, [seen]).node("B8-16", NodeKind.BACKTESTING)
    assert (node.cores, node.ram_gb, node.ghz, node.monthly_usd, node.gpu) == (12, 32, 5.1, 48, True)
    assert node.best_for == CATALOG.node("B8-16", NodeKind.BACKTESTING).best_for
    others = [node for node in refreshed(CATALOG, [seen]).nodes if node.model != "B8-16"]
    assert others == [node for node in CATALOG.nodes if node.model != "B8-16"]


def test_a_difference_reads_as_a_sentence() -> None:
    (one,) = compare_with_account(CATALOG, [Seen(price=Price(30))]).differences
    assert str(one) == "B8-16: monthly_usd is 30 in the account, 28 in the catalog"


def test_figures_that_the_account_does_not_tell_change_nothing() -> None:
    silent = Seen(cpu=0, ram=0, speed=0, price=Price(0))
    assert compare_with_account(CATALOG, [silent]).differences == ()
    assert refreshed(CATALOG, [silent, Seen(sku="L8-16-GPU", cpu=0, ram=0, speed=0)]).nodes[-1].gpu


def test_a_model_that_the_catalog_lacks_is_named_and_left_out() -> None:
    comparison = compare_with_account(CATALOG, [Seen(sku="B64-256")])
    assert comparison.unknown == ("B64-256",)
    assert refreshed(CATALOG, [Seen(sku="B64-256")]) == CATALOG


def test_the_apis_own_records_fit() -> None:
    node = CloudNode.model_validate(
        {"id": "BN-1", "sku": "B8-16", "cpu": 8, "ram": 16, "speed": 4.9, "price": {"monthly": 31}}
    )
    (one,) = compare_with_account(CATALOG, [node]).differences
    assert (one.field, one.account) == ("monthly_usd", 31)


def test_a_refreshed_catalog_is_written_and_read(tmp_path: Path) -> None:
    new = refreshed(CATALOG, [Seen(price=Price(31.25))])
    save_catalog(new, tmp_path / "nodes.json")
    assert load_catalog(tmp_path / "nodes.json") == new
    assert load_catalog(tmp_path / "nodes.json").node("B8-16", NodeKind.BACKTESTING).monthly_usd == 31.25


NUMBERS = st.integers() | st.floats() | st.just(10**400)


@settings(max_examples=300)
@given(st.sampled_from([node.model for node in CATALOG.nodes]), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_whatever_an_account_tells_the_catalog_stays_one(
    sku: str, cpu: float, ram: float, speed: float, monthly: float
) -> None:
    seen = Seen(sku, cpu, ram, speed, Price(monthly))  # type: ignore[arg-type]  # cpu as nonsense
    try:
        new = refreshed(CATALOG, [seen])
    except UserError as error:
        assert sku in str(error)
        return
    for node in new.nodes:
        assert node.cores > 0
        assert node.ram_gb > 0
        assert math.isfinite(node.monthly_usd)


@pytest.mark.parametrize("price", [-3.0, math.nan, math.inf], ids=str)
def test_a_price_that_is_none_is_not_taken(price: float) -> None:
    assert refreshed(CATALOG, [Seen(price=Price(price))]) == CATALOG
