"""The catalog against the nodes that an account really has: figures that differ, and their refresh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Protocol

from utils.nodes.catalog import Catalog, Node, checked


class _Price(Protocol):
    @property
    def monthly(self) -> float: ...


class AccountNode(Protocol):
    """A node as the API tells it. A figure of 0 (or no GPU) counts as not told."""

    @property
    def sku(self) -> str:
        """Its model."""

    @property
    def cpu(self) -> int:
        """Cores."""

    @property
    def ram(self) -> float:
        """GB."""

    @property
    def speed(self) -> float:
        """GHz."""

    @property
    def price(self) -> _Price:
        """USD."""

    @property
    def has_gpu(self) -> bool:
        """Whether it has one, or a share of one."""

    @property
    def busy(self) -> bool:
        """Whether something runs on it."""


@dataclass(frozen=True)
class Difference:
    """A figure of the catalog that the account contradicts."""

    model: str
    field: str
    catalog: float
    account: float

    def __str__(self) -> str:
        return (
            f"{self.model}: {self.field} is {self.account:g} in the account, {self.catalog:g} in the catalog"
        )


@dataclass(frozen=True)
class AccountComparison:
    """What an account has.

    Attributes:
        differences: figures of the catalog that it contradicts.
        owned: model -> how many of it the account has.
        busy: model -> how many of those are in use.
        unknown: models that the catalog does not list.
    """

    differences: tuple[Difference, ...]
    owned: Mapping[str, int]
    busy: Mapping[str, int]
    unknown: tuple[str, ...]


def compare_with_account(catalog: Catalog, nodes: Iterable[AccountNode]) -> AccountComparison:
    """Which figures differ, and which nodes the account has.

    Of several nodes of a model the first that tells a figure counts: they are the same machine.
    """
    account = list(nodes)
    by_model = {node.model: node for node in catalog.nodes}
    differences: dict[tuple[str, str], Difference] = {}
    told: set[tuple[str, str]] = set()
    for seen in account:
        if seen.sku not in by_model:
            continue
        for field, value in _figures(seen).items():
            key = (seen.sku, field)
            if key in told or not 0 < value < inf:
                continue
            told.add(key)
            ours = float(getattr(by_model[seen.sku], field))
            if value != ours:
                differences[key] = Difference(seen.sku, field, ours, value)
    owned = Counter(seen.sku for seen in account)
    return AccountComparison(
        differences=tuple(differences.values()),
        owned=dict(owned),
        busy=dict(Counter(seen.sku for seen in account if seen.busy)),
        unknown=tuple(sku for sku in owned if sku not in by_model),
    )


def refreshed(catalog: Catalog, nodes: Iterable[AccountNode]) -> Catalog:
    """The catalog with the account's figures; models that it does not list are left out.

    Those would need a purpose, a latency and a kind, which the account does not tell.

    Raises:
        UserError: a figure of the account cannot be one.
    """
    differences = compare_with_account(catalog, nodes).differences
    return checked(
        catalog.model_copy(update={"nodes": tuple(_with(node, differences) for node in catalog.nodes)})
    )


def _figures(seen: AccountNode) -> dict[str, float]:
    figures = {
        "cores": seen.cpu,
        "ram_gb": seen.ram,
        "ghz": seen.speed,
        "monthly_usd": seen.price.monthly,
        "gpu": seen.has_gpu,
    }
    return {field: _number(value) for field, value in figures.items()}


def _number(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of hundreds of digits is no figure
        return inf


def _with(node: Node, differences: Iterable[Difference]) -> Node:
    updates: dict[str, float | int | bool] = {}
    for one in differences:
        if one.model == node.model:
            kept: dict[str, type] = {"cores": int, "gpu": bool}
            updates[one.field] = kept.get(one.field, float)(one.account)
    return node.model_copy(update=updates)
