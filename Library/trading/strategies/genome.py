"""An entry rule as data: a comparison between indicators, bar fields and constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Discriminator, Tag, model_validator

from trading.bars import Float64Array
from trading.indicators.registry import INDICATORS, check, settings
from trading.indicators.spec import IndicatorSpec
from trading.strategies.errors import ContradictoryParams

Values: TypeAlias = Float64Array | float
Truth: TypeAlias = NDArray[np.bool_] | bool
BarField = Literal["open", "high", "low", "close", "volume"]
Operator = Literal[">", "<", ">=", "<=", "crosses_above", "crosses_below"]


class Gene(BaseModel):
    """Base of the parts of a rule: frozen, unknown fields refused, NaN and infinity refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class IndicatorOperand(Gene):
    """One output of an indicator, named as `IndicatorSpec` names it."""

    indicator: str
    args: tuple[int | float, ...] = ()
    output: str = ""
    source: BarField = "close"

    @property
    def spec(self) -> IndicatorSpec:
        """The indicator in the form that data sets share it by."""
        return IndicatorSpec(self.indicator, self.args, self.output, self.source)

    @model_validator(mode="after")
    def _exists(self) -> Self:
        try:
            check(self.spec)
        except ValueError as error:
            if self._each_setting_is_in_range():
                raise ContradictoryParams(str(error)) from None
            raise
        return self

    def _each_setting_is_in_range(self) -> bool:
        definition = INDICATORS.get(self.indicator)
        if definition is None or len(self.args) != len(definition.settings):
            return False
        try:
            settings(definition, self.spec)
        except ValueError:
            return False
        return self.output in ("", *definition.outputs)


class FieldOperand(Gene):
    """A field of the bar."""

    field: BarField


class ConstantOperand(Gene):
    """A number."""

    constant: float


def _tag(operand: Any) -> str | None:
    """Which kind of operand this is: named by the key that only it has."""
    for key in ("indicator", "field", "constant"):
        if key in operand if isinstance(operand, Mapping) else hasattr(operand, key):
            return f"<{key}>"
    return None


Operand = Annotated[
    Annotated[IndicatorOperand, Tag("<indicator>")]
    | Annotated[FieldOperand, Tag("<field>")]
    | Annotated[ConstantOperand, Tag("<constant>")],
    Discriminator(
        _tag,
        custom_error_type="operand",
        custom_error_message="an operand is one of {indicator, args}, {field} and {constant}",
    ),
]
"""Either side of a comparison; the tags in angle brackets never show in a message."""


class Rule(Gene):
    """A comparison; false where either side is NaN."""

    left: Operand
    operator: Operator
    right: Operand

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.left == self.right:
            raise ContradictoryParams("left and right are the same")
        if isinstance(self.left, ConstantOperand) and isinstance(self.right, ConstantOperand):
            raise ContradictoryParams("left and right are both constants")
        return self

    def holds(self, left: Values, right: Values, left_before: Values, right_before: Values) -> Truth:
        """Whether the comparison is true: for one bar, or for whole arrays at once.

        Args:
            left, right: the operands at the bar.
            left_before, right_before: the operands at the bar before, NaN on the first.
        """
        return _OPERATORS[self.operator](left, right, left_before, right_before)


def _crosses_above(left: Values, right: Values, left_before: Values, right_before: Values) -> Truth:
    return (left > right) & (left_before <= right_before)


def _crosses_below(left: Values, right: Values, left_before: Values, right_before: Values) -> Truth:
    return (left < right) & (left_before >= right_before)


_OPERATORS: Final[dict[str, Callable[[Values, Values, Values, Values], Truth]]] = {
    ">": lambda left, right, *_: left > right,
    "<": lambda left, right, *_: left < right,
    ">=": lambda left, right, *_: left >= right,
    "<=": lambda left, right, *_: left <= right,
    "crosses_above": _crosses_above,
    "crosses_below": _crosses_below,
}
