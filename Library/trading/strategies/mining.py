"""Random genomes for a search over rules, valid by construction."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np

from trading.strategies.genome import ConstantOperand, FieldOperand, IndicatorOperand, Operand, Operator, Rule
from trading.strategies.rules import MAX_RULES, RulesParams


class Oscillator(NamedTuple):
    """An indicator that is compared with a constant."""

    kind: str
    least: float
    greatest: float


OSCILLATORS: Final = (
    Oscillator("rsi", 20, 80),
    Oscillator("adx", 10, 45),
    Oscillator("cci", -150, 150),
    Oscillator("volume_ratio", 0.5, 3),
)
AVERAGES: Final = ("sma", "ema", "wma")
PRICES: Final[tuple[Literal["open", "high", "low", "close"], ...]] = ("open", "high", "low", "close")
STATES: Final[tuple[Operator, ...]] = (">", "<")
CROSSINGS: Final[tuple[Operator, ...]] = ("crosses_above", "crosses_below")
PERIODS: Final = (5, 50)
"""Bars of an oscillator and of the ATR, both included."""
PRICE_PERIODS: Final = (2, 200)
"""Bars of a moving average, both included."""
EXIT_MULTIPLES: Final = (0.5, 8.0)
"""Distance of an exit in its unit."""


def random_rules(rng: np.random.Generator) -> RulesParams:
    """A random long or short strategy: like is compared with like, and it has an exit.

    Prices are compared with moving averages and these with each other, oscillators with constants from
    where they usually are. At most the first rule is a crossing: two hardly ever fall on the same bar. The
    same generator state gives the same genome.
    """
    rules = [_rule(rng, STATES + CROSSINGS)]
    rules += [_rule(rng, STATES) for _ in range(rng.integers(MAX_RULES))]
    unit: Literal["atr", "percent"] = "atr" if rng.random() < 0.5 else "percent"
    exits = {
        name: round(rng.uniform(*EXIT_MULTIPLES), 2)
        for name in ("target", "stop", "trail")
        if rng.random() < 0.5
    }
    return RulesParams(
        side="long" if rng.random() < 0.5 else "short",
        rules=tuple(rules),
        unit=unit,
        atr_period=_period(rng, PERIODS),
        **(exits or {"stop": 2.0}),
    )


def _rule(rng: np.random.Generator, operators: tuple[Operator, ...]) -> Rule:
    left: Operand
    right: Operand
    if rng.random() < 0.5:
        oscillator = OSCILLATORS[rng.integers(len(OSCILLATORS))]
        left = IndicatorOperand(indicator=oscillator.kind, args=(_period(rng, PERIODS),))
        right = ConstantOperand(constant=round(rng.uniform(oscillator.least, oscillator.greatest), 2))
    else:
        left, right = _price(rng), _price(rng)
        while left == right:
            right = _price(rng)
    return Rule(left=left, operator=operators[rng.integers(len(operators))], right=right)


def _price(rng: np.random.Generator) -> Operand:
    """A field of the bar or a moving average of the close."""
    if rng.random() < 0.3:
        return FieldOperand(field=PRICES[rng.integers(len(PRICES))])
    kind = AVERAGES[rng.integers(len(AVERAGES))]
    return IndicatorOperand(indicator=kind, args=(_period(rng, PRICE_PERIODS),))


def _period(rng: np.random.Generator, bounds: tuple[int, int]) -> int:
    return int(rng.integers(bounds[0], bounds[1] + 1))
