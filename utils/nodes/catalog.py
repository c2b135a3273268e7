"""The nodes that QuantConnect rents, and the tiers of its Object Store: `config/nodes.json`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Self

import pydantic_core
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


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class Node(_Row):
    """A model of node. RAM in GB of 1,000 MB, speed in GHz, price in USD a month."""

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
        return f"{self.model} ({usd(self.monthly_usd)})"


class StorageTier(_Row):
    """A tier of the Object Store, which the whole organization shares."""

    storage_gb: float = Field(gt=0)
    max_files: int | None = Field(default=None, gt=0)
    monthly_usd: float = Field(ge=0)


class Catalog(_Row):
    """All nodes and tiers. Every kind has at least one node; no model is listed twice."""

    sources: dict[str, str] = Field(default_factory=dict, description="Where the figures are from.")
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


def usd(amount: float) -> str:
    """An amount with its sign, cents only where there are any: $28, $28.50."""
    return f"${amount:,.0f}" if amount == round(amount) else f"${amount:,.2f}"


def load_catalog(path: Path | None = None) -> Catalog:
    """Read a catalog, by default `config/nodes.json`.

    Raises:
        UserError: it cannot be read, or a node is not as it must be; names file, node and field.
    """
    path = path or DEFAULT_PATH
    text = read_text(path)
    try:
        return Catalog.model_validate_json(text)
    except ValidationError as error:
        raise UserError(f"{path}: {_told(error, text)}; correct it") from None


def checked(catalog: Catalog) -> Catalog:
    """A catalog whose figures came from elsewhere, checked as if it had been read.

    Raises:
        UserError: names node and field.
    """
    text = catalog.model_dump_json()
    try:
        return Catalog.model_validate_json(text)
    except ValidationError as error:
        raise UserError(f"{_told(error, text)}; leave the catalog as it is") from None


def save_catalog(catalog: Catalog, path: Path | None = None) -> None:
    """Write a catalog, by default to `config/nodes.json`, one node a line: as a whole or not at all.

    Raises:
        UserError: the file cannot be written.
    """
    rows = {
        "nodes": [_line(node) for node in catalog.nodes],
        "object_store": [_line(tier) for tier in catalog.object_store],
    }
    parts = [f'"{name}": [\n    ' + ",\n    ".join(lines) + "\n  ]" for name, lines in rows.items()]
    sources = json.dumps(catalog.sources, ensure_ascii=False)
    write_atomic(path or DEFAULT_PATH, f'{{\n  "sources": {sources},\n  {parts[0]},\n  {parts[1]}\n}}\n')


def _line(row: BaseModel) -> str:
    values = row.model_dump(mode="json", exclude_defaults=True)
    whole = {name: int(x) if isinstance(x, float) and x.is_integer() else x for name, x in values.items()}
    return json.dumps(whole, ensure_ascii=False)


def _told(error: ValidationError, text: str) -> str:
    """The first fault in one line: the node by its name, the field, what is wrong with it."""
    first = error.errors(include_url=False)[0]
    message = first["msg"].removeprefix("Value error, ")
    location = list(first["loc"])
    if location[:1] == ["nodes"] and len(location) > 1:
        row = pydantic_core.from_json(text)["nodes"][location[1]]
        model = row.get("model") if isinstance(row, dict) else None
        named = isinstance(model, str) and model.strip()
        location[:2] = [f"node {model}" if named else f"nodes[{location[1]}]"]
    return " ".join(": ".join([*(str(part) for part in location), message]).split())
