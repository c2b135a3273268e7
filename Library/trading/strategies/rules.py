"""Mined strategies: up to three comparisons that must all hold, entered when they come to hold together."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from trading.bars import Bar, Bars, Float64Array
from trading.events import Event
from trading.indicators import stream
from trading.indicators.spec import IndicatorSpec
from trading.strategies.contract import Brackets, Indicators, Stepper, Strategy, StrategyParams, Turns
from trading.strategies.errors import ContradictoryParams
from trading.strategies.exits import distance, level, levels
from trading.strategies.genome import ConstantOperand, IndicatorOperand, Operand, Rule, Values
from trading.strategies.ranges import Multiple, Period

MAX_RULES = 3
_FIELDS = 5  # of a bar that are prices or volume


class RulesParams(StrategyParams):
    """Parameters of `Rules`: a genome that a file can hold."""

    side: Annotated[Literal["long", "short"], Field(description="of every position")] = "long"
    rules: Annotated[
        tuple[Rule, ...], Field(min_length=1, max_length=MAX_RULES, description="comparisons, all must hold")
    ]
    unit: Annotated[
        Literal["atr", "percent"], Field(description="what exits are measured in: ATR, or percent of close")
    ] = "atr"
    atr_period: Annotated[Period, Field(description="bars of the ATR, where it is the unit")] = 14
    target: Annotated[Multiple, Field(description="profit target in units, 0 = none")] = 0.0
    stop: Annotated[Multiple, Field(description="stop in units, 0 = none")] = 0.0
    trail: Annotated[Multiple, Field(description="trailing stop in units, 0 = none")] = 0.0

    @model_validator(mode="after")
    def _has_an_exit(self) -> Self:
        if self.target == self.stop == self.trail == 0:
            raise ContradictoryParams(
                "one of target, stop and trail must be above 0, or no position ever closes"
            )
        if self.unit == "percent":
            below = (
                {"stop": self.stop, "trail": self.trail} if self.side == "long" else {"target": self.target}
            )
            for name, percent in below.items():
                if percent >= 100:
                    raise ContradictoryParams(f"{name} = {percent} percent below the close is no price")
        return self


class Rules(Strategy[RulesParams]):
    """An event of the strategy's one side at each bar where all rules hold and did not at the bar before.

    Nothing holds before the first bar. Positions close by their exits only: there are no opposite events.
    With exits in ATR, none may be entered before the ATR is ready.
    """

    name: ClassVar[str] = "rules"
    params_model = RulesParams
    EXIT_FIELDS: ClassVar[tuple[str, ...]] = ("target", "stop", "trail")

    def requires(self, params: RulesParams) -> tuple[IndicatorSpec, ...]:
        """The operands' indicators, and the ATR where it measures the exits."""
        operands = (operand for rule in params.rules for operand in (rule.left, rule.right))
        specs = [operand.spec for operand in operands if isinstance(operand, IndicatorOperand)]
        return tuple(dict.fromkeys(specs + ([_atr(params)] if params.unit == "atr" else [])))

    def turns(self, bars: Bars, indicators: Indicators, params: RulesParams) -> Turns:
        """Bars where all rules have come to hold."""
        held = np.ones(len(bars), np.bool_)
        for rule in params.rules:
            left, right = (_column(bars, indicators, operand) for operand in (rule.left, rule.right))
            held &= rule.holds(left, right, _before(left), _before(right))
        held[1:] &= ~held[:-1]
        bar = np.flatnonzero(held)
        return Turns(bar, np.full(len(bar), _side(params)))

    def enters(
        self, bars: Bars, indicators: Indicators, params: RulesParams, turns: Turns
    ) -> NDArray[np.bool_]:
        """Whether the exits can be measured."""
        measured: NDArray[np.bool_] = np.isfinite(_unit(bars, indicators, params)[turns.bar])
        return measured

    def brackets(self, bars: Bars, indicators: Indicators, params: RulesParams, turns: Turns) -> Brackets:
        """Stop, target and trailing distance in units of the bar."""
        unit = _unit(bars, indicators, params)
        return Brackets(*levels(*turns, bars.close, unit, params.stop, params.target, params.trail))

    def stepper(self, params: RulesParams) -> RulesStepper:
        """Streaming indicators and the same comparisons on one bar's numbers."""
        return RulesStepper(params, self.requires(params))


class RulesStepper(Stepper):
    """`Rules` one bar at a time."""

    def __init__(self, params: RulesParams, specs: tuple[IndicatorSpec, ...]) -> None:
        """`specs` are the indicators that `params` require."""
        self._params = params
        self._side = _side(params)
        self._indicators = [stream(spec) for spec in specs]
        operands = [operand for rule in params.rules for operand in (rule.left, rule.right)]
        self._constants = [operand.constant for operand in operands if isinstance(operand, ConstantOperand)]
        # Numbers of a bar: its fields, the indicators, the constants.
        names = [*Bar._fields[:_FIELDS], *specs, *self._constants]
        self._comparisons = [
            (rule.holds, names.index(_name(rule.left)), names.index(_name(rule.right)))
            for rule in params.rules
        ]
        self._unit = names.index(_atr(params)) if params.unit == "atr" else None
        self._before = [math.nan] * len(names)
        self._held = False
        self._bar = -1

    def update(self, bar: Bar) -> Event | None:
        """Take in one bar; the event at its close, or None."""
        self._bar += 1
        now = [*bar[:_FIELDS], *(indicator.update(bar) for indicator in self._indicators), *self._constants]
        before = self._before
        held = all(
            holds(now[left], now[right], before[left], before[right])
            for holds, left, right in self._comparisons
        )
        risen = held and not self._held
        self._held, self._before = held, now
        if not risen:
            return None
        params, side = self._params, self._side
        unit = bar.close / 100.0 if self._unit is None else now[self._unit]
        return Event(
            self._bar,
            side,
            math.isfinite(unit),
            level(bar.close, -side, params.stop, unit),
            level(bar.close, side, params.target, unit),
            distance(params.trail, unit),
        )


def _name(operand: Operand) -> str | IndicatorSpec | float:
    """What tells the operand's number from the others of a bar."""
    if isinstance(operand, ConstantOperand):
        return operand.constant
    return operand.spec if isinstance(operand, IndicatorOperand) else operand.field


def _side(params: RulesParams) -> int:
    return 1 if params.side == "long" else -1


def _atr(params: RulesParams) -> IndicatorSpec:
    return IndicatorSpec("atr", (params.atr_period,))


def _unit(bars: Bars, indicators: Indicators, params: RulesParams) -> Float64Array:
    return indicators[_atr(params)] if params.unit == "atr" else bars.close / 100.0


def _column(bars: Bars, indicators: Indicators, operand: Operand) -> Values:
    if isinstance(operand, ConstantOperand):
        return operand.constant
    if isinstance(operand, IndicatorOperand):
        return indicators[operand.spec]
    column: Float64Array = getattr(bars, operand.field)
    return column


def _before(values: Values) -> Values:
    return values if isinstance(values, float) else np.concatenate(([np.nan], values[:-1]))
