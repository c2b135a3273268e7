"""A grid of parameters: every combination has a number, the same on every machine."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, TypeAdapter, ValidationError

from trading.strategies.contract import Strategy
from trading.strategies.errors import ContradictoryParams
from trading.strategies.fields import with_fields
from utils.errors import UserError

MAX_COMBINATIONS = 100_000_000
"""More than any machine stores; a larger grid is a slip of the pen."""

Values = dict[str, Any]
"""Parameters as plain nested values, complete: what `Strategy.parse` takes."""


@dataclass(frozen=True)
class Axis:
    """One parameter that varies.

    Attributes:
        field: its name, or a dotted path into nested parameters.
        values: the plain values that it takes, in the order given.
    """

    field: str
    values: tuple[Any, ...]


class Grid:
    """A bijection between the numbers 0..len-1 and combinations of parameter values.

    The last axis moves fastest. The order of axes is fixed by the strategy, not by the file: fields that move
    neither entries nor exits first, then exit fields, then entry fields, each in the order of the params
    model. So a range of numbers shares as much work as possible, and means the same combinations whatever
    way the file is arranged. Contradictory combinations (fast >= slow) keep their numbers.

    Args:
        strategy: whose parameters they are.
        fixed: values that every combination has; parameters in neither place take their defaults.
        axes: field -> its values. A dotted path varies a part of a nested parameter that `fixed` gives.
    Raises:
        UserError: no axis or value, an unknown, mistyped or out-of-range parameter, a required one left
            unset, a value twice, a parameter both fixed and varied, or more than MAX_COMBINATIONS.

    Example:
        >>> axes = {"ma_slow": [50, 100], "atr_period": [7, 14]}
        >>> grid = Grid(get_strategy("money_line"), {"ma_fast": 20}, axes)
        >>> len(grid), grid.names, grid.shape
        (4, ('atr_period', 'ma_slow'), (2, 2))
        >>> grid.values(1)["ma_slow"], grid.index({"atr_period": 7, "ma_slow": 100})
        (100, 1)
    """

    noun, key = "combination", "combo"
    """What a row of a store is that stands for one, and what its number is called."""

    def __init__(
        self, strategy: Strategy[Any], fixed: Mapping[str, Any], axes: Mapping[str, Sequence[Any]]
    ) -> None:
        self.strategy = strategy
        _check_names(strategy, fixed, axes)
        ordered = sorted(axes, key=lambda field: _rank(strategy, field))
        base = _plain(strategy, _defaults(strategy)) | dict(fixed)
        try:
            base = with_fields(base, {field: axes[field][0] for field in ordered})
            self._check_values(base, axes, ordered)
        except ValueError as error:
            raise UserError(str(error)) from None
        self.fixed: Values = _plain(strategy, base)
        self.axes: tuple[Axis, ...] = tuple(
            Axis(field, tuple(self._plain_value(field, value) for value in axes[field])) for field in ordered
        )
        for axis in self.axes:
            _check_distinct(axis)
        self.names: tuple[str, ...] = tuple(axis.field for axis in self.axes)
        self.shape: tuple[int, ...] = tuple(len(axis.values) for axis in self.axes)
        self._length = math.prod(self.shape)
        if self._length > MAX_COMBINATIONS:
            raise UserError(
                f"grid: {self._length:,} combinations are more than {MAX_COMBINATIONS:,}; take fewer values"
            )
        self._nested = any("." in field for field in self.names)
        kinds = [_rank(strategy, field)[0] for field in self.names]
        self._splits = kinds.count(_LINE), kinds.count(_LINE) + kinds.count(_EXIT)
        self._index_of = [
            {_rendered(value): position for position, value in enumerate(axis.values)} for axis in self.axes
        ]
        self._pieces = self._json_pieces()

    def __len__(self) -> int:
        return self._length

    @property
    def lines(self) -> range:
        """Settings of the axes that move neither entries nor exits."""
        return range(math.prod(self.shape[: self._splits[0]]))

    @property
    def exits(self) -> range:
        """Settings of the axes of exit fields."""
        return range(math.prod(self.shape[self._splits[0] : self._splits[1]]))

    @property
    def entries(self) -> range:
        """Settings of the axes of entry fields."""
        return range(math.prod(self.shape[self._splits[1] :]))

    def values(self, index: int) -> Values:
        """Parameters of combination `index`, complete.

        Raises:
            IndexError: no such combination.
        """
        setting = self.setting(index)
        return with_fields(self.fixed, setting) if self._nested else {**self.fixed, **setting}

    def values_at(self, line: int, exit_setting: int, entry_setting: int) -> Values:
        """Parameters of one setting of each kind: combination (line * exits + exit) * entries + entry."""
        return self.values((line * len(self.exits) + exit_setting) * len(self.entries) + entry_setting)

    def setting(self, index: int) -> Values:
        """What the axes are at in combination `index`: field or dotted path -> value."""
        positions = self._positions(index)
        return {axis.field: axis.values[at] for axis, at in zip(self.axes, positions, strict=True)}

    def index(self, setting: Mapping[str, Any]) -> int:
        """Number of the combination whose axes are at `setting` (field or dotted path -> value).

        Raises:
            UserError: an axis is missing, or the grid has no such value.
        """
        number = 0
        for axis, position_of in zip(self.axes, self._index_of, strict=True):
            if axis.field not in setting:
                raise UserError(f"grid: no value for {axis.field}; the grid varies {', '.join(self.names)}")
            wanted = _rendered(self._plain_value(axis.field, setting[axis.field]))
            if wanted not in position_of:
                raise UserError(f"grid: {axis.field} = {wanted} is none of {', '.join(position_of)}")
            number = number * len(axis.values) + position_of[wanted]
        return number

    def positions(self, start: int, end: int) -> tuple[NDArray[np.intp], ...]:
        """Place on each axis of the combinations [start, end): one array of shape (end - start,) an axis."""
        return tuple(np.unravel_index(np.arange(start, end), self.shape))

    def params_json(self, start: int, end: int) -> list[str]:
        """Parameters of the combinations [start, end) as JSON objects, keys in the params model's order."""
        columns = [
            np.array(self._pieces[slot], dtype=object)[position].tolist()
            for slot, position in enumerate(self.positions(start, end))
        ]
        order = self._slots
        return list(map("".join, zip(*(columns[slot] for slot in order), strict=True)))

    def _positions(self, index: int) -> list[int]:
        if not 0 <= index < self._length:
            raise IndexError(f"combination {index} is not in 0..{self._length - 1}")
        positions: list[int] = []
        for size in reversed(self.shape):
            index, at = divmod(index, size)
            positions.append(at)
        return positions[::-1]

    def _check_values(self, base: Values, axes: Mapping[str, Sequence[Any]], ordered: list[str]) -> None:
        """Every value is in range; values of one axis are tried on the first values of the others."""
        for field in ordered:
            for value in axes[field]:
                try:
                    self.strategy.parse(with_fields(base, {field: value}))
                except ContradictoryParams:
                    continue

    def _plain_value(self, field: str, value: Any) -> Any:
        """`value` of `field` as the params model understands it: 2 of a float field is 2.0."""
        root = field.partition(".")[0]
        return value_at(_plain(self.strategy, with_fields({root: self.fixed[root]}, {field: value})), field)

    def _json_pieces(self) -> list[list[str]]:
        """For each axis its values rendered, with the constant text up to the next one behind them."""
        marks = {axis.field: f"\0{slot}\0" for slot, axis in enumerate(self.axes)}
        parts = json.dumps(with_fields(self.fixed, marks)).replace('"\\u0000', "\0").replace('\\u0000"', "\0")
        head, *rest = parts.split("\0")
        self._slots = [int(slot) for slot in rest[::2]]
        tails = dict(zip(self._slots, rest[1::2], strict=True))
        return [
            [
                (head if slot == self._slots[0] else "") + _rendered(value) + tails[slot]
                for value in axis.values
            ]
            for slot, axis in enumerate(self.axes)
        ]


_LINE, _EXIT, _ENTRY = range(3)


def _rank(strategy: Strategy[Any], field: str) -> tuple[int, int, str]:
    """Where a field stands in the order of axes; paths into one field stand in alphabetical order."""
    root = field.partition(".")[0]
    kind = _EXIT if root in strategy.EXIT_FIELDS else _ENTRY if root in strategy.ENTRY_FIELDS else _LINE
    return kind, list(strategy.params_model.model_fields).index(root), field


def _check_names(
    strategy: Strategy[Any], fixed: Mapping[str, Any], axes: Mapping[str, Sequence[Any]]
) -> None:
    if not axes:
        raise UserError("grid: it is empty; give at least one parameter with its values")
    known = strategy.params_model.model_fields
    for field in [*fixed, *axes]:
        if field.partition(".")[0] not in known:
            raise UserError(f"{strategy.name}: unknown parameter {field}; known: {', '.join(known)}")
    for field, values in axes.items():
        if not values:
            raise UserError(f"grid: {field} has no values; give at least one, or remove it")
        if field in fixed:
            raise UserError(f"grid: {field} is both fixed and varied; keep one of the two")
        for other in axes:
            if other.startswith(f"{field}."):
                raise UserError(f"grid: {other} is a part of {field}, which varies too; keep one of the two")


def _check_distinct(axis: Axis) -> None:
    seen: set[str] = set()
    for value in map(_rendered, axis.values):
        if value in seen:
            raise UserError(f"grid: {axis.field} has the value {value} twice; remove one")
        seen.add(value)


def _defaults(strategy: Strategy[Any]) -> Values:
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in strategy.params_model.model_fields.items()
        if not field.is_required()
    }


def _plain(strategy: Strategy[Any], values: Mapping[str, Any]) -> Values:
    """Values as their fields' types render them in JSON, in model order; fields are taken one by one, so
    that a contradiction between them does not matter."""
    plain: Values = {}
    model: type[BaseModel] = strategy.params_model
    for name in strategy.params_model.model_fields:
        if name in values:
            adapter = _adapter(model, name)
            try:
                plain[name] = adapter.dump_python(adapter.validate_python(values[name]), mode="json")
            except ValidationError:  # a contradiction inside one nested parameter: the row is invalid anyway
                plain[name] = values[name]
    return plain


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    whole: Any = Annotated[field.annotation, field]  # the type with its constraints
    return TypeAdapter(whole)


def value_at(values: Any, field: str) -> Any:
    """The value at a dotted path of nested plain values."""
    for part in field.split("."):
        values = values[part] if isinstance(values, Mapping) else values[int(part)]
    return values


def _rendered(value: Any) -> str:
    return json.dumps(value)
