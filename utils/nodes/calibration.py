"""Refits the memory model to what a resource monitor recorded.

A metrics file has one JSON object a line, of what was in use when the memory was measured:

    {"memory_used_mb": 4210.5, "active_securities": 10, "active_contracts": 480, "features": ["greeks"]}

`memory_used_mb` is required. Counts go by the names of the model's terms (`securities`, `option_contracts`,
`greeks`, ...), `active_securities` and `active_contracts` are other names of the first two; securities are
those that are no option contracts. `features` lists terms that count once. What a line does not name counts
nothing, other keys are ignored, empty lines too.

A term is refitted when the records can tell it: its counts must vary on their own, by at least a hundredth,
against the terms before it in the table. The others keep their figure, and their share is taken off before
the fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy.optimize import nnls

from trading.monitoring.memory import DEFAULT_TERMS, MemoryModel
from utils.errors import UserError
from utils.files import read_text, write_atomic

USED = "memory_used_mb"
FEATURES = "features"
ALIASES = {"active_securities": "securities", "active_contracts": "option_contracts"}
COUNTED = frozenset({"base", "securities", "option_contracts"})
"""The terms that are no features."""

FEWEST = 10
"""Records below which nothing is fitted."""

TELLING = 0.01
"""Share of a column's norm that the columns before it must leave unexplained, for it to be fitted."""

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Fit:
    """A refitted model and how well it describes the records.

    Attributes:
        model: the terms, refitted where the records allow it.
        changed: name -> (old, new) MB of the refitted terms.
        kept: terms that were in use but could not be told apart, with their old figure.
        records: how many were used.
        r_squared: 1 - residual over total sum of squares; without variation 1 if exact, else 0.
        p95_error_mb: 95th percentile of the absolute residual.
        max_error_mb: the largest.
        features_told: some record names a feature; if none does, the base overhead holds what was in use.
    """

    model: MemoryModel
    changed: dict[str, tuple[float, float]]
    kept: tuple[str, ...]
    records: int
    r_squared: float
    p95_error_mb: float
    max_error_mb: float
    features_told: bool

    def __str__(self) -> str:
        terms = [f"{name} {old:g} -> {new:.1f} MB" for name, (old, new) in self.changed.items()]
        told = f"refitted from {self.records:,} records: {'; '.join(terms)}"
        kept = f"; kept, not told apart: {', '.join(self.kept)}" if self.kept else ""
        error = f"error {self.p95_error_mb:.0f} MB (95 %), {self.max_error_mb:.0f} MB (max)"
        note = "" if self.features_told else "; no record names a feature: any in use is in the base overhead"
        return f"{told}{kept}; R2 {self.r_squared:.3f}, {error}{note}"


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
    names = [term.name for term in model.terms]
    known = np.array([term.mb for term in model.terms], dtype=np.float64)
    new = known.copy()
    new[fitted] = _solve(counts[:, fitted], used - counts[:, ~fitted] @ known[~fitted])
    error = np.abs(used - counts @ new)
    changed = {name: (float(known[i]), float(new[i])) for i, name in enumerate(names) if fitted[i]}
    in_use = counts.any(axis=0)
    return Fit(
        model=model.with_terms({name: mb for name, (_, mb) in changed.items()}, f"refitted from {path.name}"),
        changed=changed,
        kept=tuple(name for i, name in enumerate(names) if in_use[i] and not fitted[i]),
        records=len(used),
        r_squared=_r_squared(used, error),
        p95_error_mb=float(np.percentile(error, 95)),
        max_error_mb=float(error.max()),
        features_told=any(in_use[i] for i, name in enumerate(names) if name not in COUNTED),
    )


def _solve(columns: Array, target: Array) -> Array:
    scale = np.linalg.norm(columns, axis=0)  # counts from 1 to thousands: equal columns fit better
    solution, _ = nnls(columns / scale, target)
    return np.asarray(solution / scale, dtype=np.float64)


def _r_squared(used: Array, error: Array) -> float:
    total = float(((used - used.mean()) ** 2).sum())
    return 1.0 - float((error**2).sum()) / total if total else float(error.max() == 0)


def _identifiable(counts: Array) -> Mask:
    """Which columns vary on their own beside the earlier ones; the base overhead is the first."""
    chosen = np.zeros(counts.shape[1], dtype=bool)
    for column in range(counts.shape[1]):
        values = counts[:, column]
        norm = np.linalg.norm(values)
        if not norm or chosen.sum() + 1 >= len(counts):
            continue
        earlier = counts[:, chosen]
        weights = np.linalg.lstsq(earlier, values, rcond=None)[0]
        chosen[column] = np.linalg.norm(values - earlier @ weights) > TELLING * norm
    return chosen


def _records(path: Path, model: MemoryModel) -> tuple[Array, Array]:
    """The count of each term, one record a row, and the memory used."""
    rows: list[list[float]] = []
    used: list[float] = []
    names = [term.name for term in model.terms]
    for number, content in _lines(path):
        place = f"{path}: line {number}"
        values = _values(content, names, place) | {"base": 1}
        used.append(_number(content.get(USED), f"{place}: {USED}"))
        rows.append([_number(values.get(name, 0), f"{place}: {name}") for name in names])
    if len(rows) < FEWEST:
        raise UserError(f"{path}: {len(rows)} records are too few to fit; record at least {FEWEST}")
    return np.array(rows), np.array(used)


def _values(content: dict[str, object], names: list[str], place: str) -> dict[str, object]:
    """The counts under the terms' names, features as 1."""
    values: dict[str, object] = {}
    for key, value in content.items():
        name = ALIASES.get(key, key)
        if name in values and values[name] != value:
            raise UserError(f"{place}: {key} contradicts {name}; correct or remove the line")
        values[name] = value
    features = content.get(FEATURES, [])
    if not isinstance(features, list):
        raise UserError(f'{place}: {FEATURES} must be a list of names, such as ["greeks"]; correct the line')
    for feature in features:
        if feature not in names or feature in COUNTED:
            known = ", ".join(name for name in names if name not in COUNTED)
            raise UserError(f"{place}: {FEATURES}: {str(feature)[:40]!r} is none; there are {known}")
        values.setdefault(feature, 1)
    return values


def _number(value: object, place: str) -> float:
    if not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise UserError(f"{place} must be a number from 0 on; correct or remove the line")
    return float(value)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(read_text(path).split("\n"), start=1):
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
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)

    mb: float = Field(ge=0)
    source: str


class _SavedModel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    terms: dict[str, _SavedTerm]


def save_memory_model(model: MemoryModel, path: Path) -> None:
    """Write the terms as JSON.

    Raises:
        UserError: the file cannot be written.
    """
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
        told = " ".join(f"{place}: {first['msg']}".split())
        raise UserError(f"{path}: {told}; correct it") from None
    known = [term.name for term in DEFAULT_TERMS]
    unknown = sorted(saved.terms.keys() - set(known))
    if unknown:
        raise UserError(f"{path}: {unknown[0]!r} is no term; there are {', '.join(known)}")
    model = MemoryModel()
    for name, term in saved.terms.items():
        model = model.with_terms({name: term.mb}, term.source)
    return model
