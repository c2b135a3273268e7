"""Refits the memory model to what a resource monitor recorded.

A metrics file has one JSON object a line: `memory_used_mb`, and the count of each term that was in use, under
the term's name (`securities`, `option_contracts`, `greeks`, ...; the aliases `active_securities` and
`active_contracts` count too). Other keys are ignored. Terms whose count never changes cannot be told apart
from the base overhead, and terms that always change together not from each other: those keep their figure.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy.optimize import nnls

from trading.monitoring.memory import MemoryModel, MemoryTerm
from utils.errors import UserError
from utils.files import read_text, write_atomic

USED = "memory_used_mb"
ALIASES = {"active_securities": "securities", "active_contracts": "option_contracts"}
FEWEST = 10
"""Records below which nothing is fitted."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """A refitted model and how well it describes the records.

    Attributes:
        model: the terms, refitted where the records allow it.
        changed: name -> (old, new) MB of the refitted terms.
        records: how many were used.
        r_squared: 1 - residual over total sum of squares.
        p95_error_mb: 95th percentile of the absolute residual.
        max_error_mb: the largest.
    """

    model: MemoryModel
    changed: dict[str, tuple[float, float]]
    records: int
    r_squared: float
    p95_error_mb: float
    max_error_mb: float

    def __str__(self) -> str:
        terms = "; ".join(f"{name} {old:g} -> {new:.1f} MB" for name, (old, new) in self.changed.items())
        error = f"error {self.p95_error_mb:.0f} MB (95 %), {self.max_error_mb:.0f} MB (max)"
        told = terms or "no term could be told apart"
        return f"refitted from {self.records:,} records: {told}; R2 {self.r_squared:.3f}, {error}"


def calibrate(path: Path, model: MemoryModel) -> Fit:
    """Fit the terms by non-negative least squares.

    Args:
        path: the metrics file.
        model: the terms to start from; those that the records cannot tell keep their figure.

    Raises:
        UserError: the file cannot be read, a line is not as it must be, or there are fewer than ten.
    """
    counts, used = _records(path, model)
    fitted = _identifiable(counts)
    known = np.array([term.mb for term in model.terms], dtype=np.float64)
    rest = used - counts[:, ~fitted] @ known[~fitted]
    solution, _ = nnls(counts[:, fitted], np.maximum(rest, 0.0))
    new = known.copy()
    new[fitted] = solution
    residual = np.abs(used - counts @ new)
    spread = float(((used - used.mean()) ** 2).sum())
    terms = tuple(
        replace(term, mb=float(mb), source=f"refitted from {path.name}") if one else term
        for term, mb, one in zip(model.terms, new, fitted, strict=True)
    )
    return Fit(
        MemoryModel(terms),
        {t.name: (t.mb, float(mb)) for t, mb, one in zip(model.terms, new, fitted, strict=True) if one},
        len(used),
        1.0 - float((residual**2).sum()) / spread if spread else float(residual.max() == 0),
        float(np.percentile(residual, 95)),
        float(residual.max()),
    )


def _identifiable(counts: Array) -> npt.NDArray[np.bool_]:
    """Which columns add something that the earlier ones do not; the base overhead is the first."""
    chosen = np.zeros(counts.shape[1], dtype=bool)
    for column in range(counts.shape[1]):
        chosen[column] = True
        if np.linalg.matrix_rank(counts[:, chosen]) < chosen.sum():
            chosen[column] = False
    return chosen


def _records(path: Path, model: MemoryModel) -> tuple[Array, Array]:
    rows: list[list[float]] = []
    used: list[float] = []
    for number, content in _lines(path):
        values = {ALIASES.get(key, key): value for key, value in content.items()} | {"base": 1}
        place = f"{path}: line {number}"
        used.append(_count(values.get(USED), f"{place}: {USED}"))
        rows.append([_count(values.get(term.name, 0), f"{place}: {term.name}") for term in model.terms])
    if len(rows) < FEWEST:
        raise UserError(f"{path}: {len(rows)} records are too few to fit; record at least {FEWEST}")
    return np.array(rows), np.array(used)


def _count(value: object, place: str) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or not 0 <= value < 1e9:
        raise UserError(f"{place} must be a number from 0 on; correct or remove the line")
    return float(value)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise UserError(f"{path}: line {number} is not a JSON object; correct or remove the line")
        yield number, content


class _SavedTerm(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    mb: float = Field(ge=0)
    source: str


class _SavedModel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    terms: dict[str, _SavedTerm]


def save_memory_model(model: MemoryModel, path: Path) -> None:
    """Write the terms as JSON."""
    terms = {term.name: {"mb": term.mb, "source": term.source} for term in model.terms}
    write_atomic(path, json.dumps({"terms": terms}, indent=2) + "\n")


def load_memory_model(path: Path) -> MemoryModel:
    """Read terms as `save_memory_model` writes them; terms that are not named keep their default.

    Raises:
        UserError: the file cannot be read, or names a term there is not.
    """
    try:
        saved = _SavedModel.model_validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UserError(f"{path}: {place}: {first['msg']}; correct it") from None
    default = MemoryModel()
    unknown = sorted(saved.terms.keys() - {term.name for term in default.terms})
    if unknown:
        raise UserError(
            f"{path}: {unknown[0]} is no term; there are {', '.join(t.name for t in default.terms)}"
        )

    def loaded(term: MemoryTerm) -> MemoryTerm:
        found = saved.terms.get(term.name)
        return replace(term, mb=found.mb, source=found.source) if found else term

    return MemoryModel(tuple(loaded(term) for term in default.terms))
