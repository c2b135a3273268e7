"""The nodes that QuantConnect rents, and the tiers of its Object Store: `config/nodes.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from trading.monitoring.memory import MB_PER_GB
from utils.errors import UserError
from utils.files import read_text, write_atomic

DEFAULT_PATH = Path(__file__).parents[2] / "config" / "nodes.json"


class NodeKind(StrEnum):
    """What a node is rented for."""

    BACKTESTING = "backtesting"
    RESEARCH = "research"
    LIVE_TRADING = "live_trading"


class Node(BaseModel):
    """A model of node. RAM in GB of 1,000 MB, speed in GHz, price in USD a month."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: NodeKind
    model: str = Field(pattern=r"^[A-Z][A-Za-z0-9-]*$")
    cores: int = Field(gt=0)
    ghz: float = Field(gt=0)
    ram_gb: float = Field(gt=0)
    gpu: bool
    monthly_usd: float = Field(ge=0)
    start_delay_s: float = Field(default=0, ge=0, description="Added before each run.")
    colocated: bool = False
    max_latency_ms: float | None = Field(default=None, gt=0, description="Latency to the broker, at most.")
    best_for: str = ""

    @property
    def ram_mb(self) -> float:
        """Megabytes."""
        return self.ram_gb * MB_PER_GB

    def __str__(self) -> str:
        return f"{self.model} (${self.monthly_usd:g})"


class StorageTier(BaseModel):
    """A tier of the Object Store."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    storage_gb: float = Field(gt=0)
    monthly_usd: float = Field(ge=0)


class Catalog(BaseModel):
    """All nodes and tiers. Every kind has at least one node; no model is listed twice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: tuple[Node, ...]
    object_store: tuple[StorageTier, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        models = [node.model for node in self.nodes]
        twice = next((model for model in models if models.count(model) > 1), None)
        if twice:
            raise ValueError(f"{twice} is listed twice")
        missing = [kind for kind in NodeKind if not self.of(kind)]
        if missing:
            raise ValueError(f"there is no {missing[0]} node")
        return self

    def of(self, kind: NodeKind) -> tuple[Node, ...]:
        """The nodes of a kind, the cheapest first; of the same price, the largest first."""
        nodes = (node for node in self.nodes if node.kind is kind)
        return tuple(sorted(nodes, key=lambda node: (node.monthly_usd, -node.ram_gb, -node.cores)))

    def node(self, model: str, kind: NodeKind) -> Node:
        """The node of a model.

        Raises:
            UserError: the catalog has none of that kind.
        """
        for node in self.of(kind):
            if node.model == model:
                return node
        known = ", ".join(node.model for node in self.of(kind))
        raise UserError(f"--node {model}: no {kind} node of that name; there are {known}")


def load_catalog(path: Path | None = None) -> Catalog:
    """Read a catalog, by default `config/nodes.json`.

    Raises:
        UserError: it cannot be read, or a node is not as it must be; names file, node and field.
    """
    path = path or DEFAULT_PATH
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: line {error.lineno}: {error.msg}; mend it") from None
    except RecursionError:
        raise UserError(f"{path}: nested too deep; mend it") from None
    try:
        return Catalog.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in _named(first["loc"], content)) or "catalog"
        message = first["msg"].removeprefix("Value error, ")
        raise UserError(f"{path}: {place}: {message}; correct it") from None


def save_catalog(catalog: Catalog, path: Path) -> None:
    """Write a catalog, one node a line."""
    nodes = ",\n    ".join(
        json.dumps(node.model_dump(mode="json", exclude_defaults=True)) for node in catalog.nodes
    )
    tiers = ",\n    ".join(json.dumps(tier.model_dump(mode="json")) for tier in catalog.object_store)
    text = f'{{\n  "nodes": [\n    {nodes}\n  ],\n  "object_store": [\n    {tiers}\n  ]\n}}\n'
    write_atomic(path, text)


def _named(location: tuple[int | str, ...], content: object) -> list[object]:
    """The location with the model's name in place of its number."""
    if len(location) < 2 or location[0] != "nodes" or not isinstance(content, dict):
        return list(location)
    row = content["nodes"][location[1]]
    model = row.get("model", location[1]) if isinstance(row, dict) else location[1]
    return ["nodes", model, *location[2:]]


class _Price(Protocol):
    @property
    def monthly(self) -> float: ...


class AccountNode(Protocol):
    """A node as the account has it."""

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


def refreshed(catalog: Catalog, account: Iterable[AccountNode]) -> tuple[Catalog, tuple[Difference, ...]]:
    """The catalog with the account's figures, and which of them differed.

    Models that the catalog does not have are left out: the account tells neither their kind's latency nor
    their purpose. A figure of 0 counts as not told, but for the price.
    """
    differences: dict[tuple[str, str], Difference] = {}
    by_model = {node.model: node for node in catalog.nodes}
    for seen in account:
        node = by_model.get(seen.sku)
        if node is None:
            continue
        figures = {
            "cores": float(seen.cpu),
            "ram_gb": seen.ram,
            "ghz": seen.speed,
            "monthly_usd": seen.price.monthly,
        }
        for name, value in figures.items():
            ours = float(getattr(node, name))
            if value != ours and (value > 0 or name == "monthly_usd"):
                differences[node.model, name] = Difference(node.model, name, ours, value)
    updates: dict[str, dict[str, float | int]] = {}
    for difference in differences.values():
        value = int(difference.account) if difference.field == "cores" else difference.account
        updates.setdefault(difference.model, {})[difference.field] = value
    nodes = tuple(node.model_copy(update=updates.get(node.model, {})) for node in catalog.nodes)
    return catalog.model_copy(update={"nodes": nodes}), tuple(differences.values())
