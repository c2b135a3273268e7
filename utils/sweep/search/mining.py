"""Strategy mining: every genome of the strategy `rules` as a space of conditional parameters.

The same genomes as `trading.strategies.mining` draws at random: like is compared with like, at most the
first rule is a crossing, and there is an exit. Which indicator a rule looks at decides which other parameters
it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trading.strategies.mining import (
    AVERAGES,
    CROSSINGS,
    EXIT_MULTIPLES,
    OSCILLATORS,
    PERIODS,
    PRICE_PERIODS,
    PRICES,
    STATES,
)
from utils.sweep.search.config import Mining

if TYPE_CHECKING:
    from utils.sweep.grid import Values
    from utils.sweep.search.space import Suggest

EXITS = ("stop", "target", "trail", "stop target", "stop trail", "target trail", "stop target trail")
"""Which exits a genome has; one at least."""


class RulesSpace:
    """Genomes of up to `mining.rules` comparisons; two equal operands make a contradictory one."""

    def __init__(self, mining: Mining) -> None:
        self._mining = mining

    def values(self, trial: Suggest) -> Values:
        """Parameters of the strategy `rules`."""
        count = trial.suggest_int("rules", 1, self._mining.rules)
        genome: Values = {
            "side": trial.suggest_categorical("side", list(self._mining.sides)),
            "rules": [_rule(trial, f"rule{k}", STATES if k else STATES + CROSSINGS) for k in range(count)],
            "unit": trial.suggest_categorical("unit", ["atr", "percent"]),
        }
        if genome["unit"] == "atr":
            genome["atr_period"] = trial.suggest_int("atr_period", *PERIODS)
        for name in trial.suggest_categorical("exits", list(EXITS)).split():
            genome[name] = round(trial.suggest_float(name, *EXIT_MULTIPLES, step=0.01), 2)
        return genome


def _rule(trial: Suggest, name: str, operators: tuple[str, ...]) -> Values:
    kinds = [oscillator.kind for oscillator in OSCILLATORS]
    left = trial.suggest_categorical(f"{name}.left", [*kinds, *PRICES, *AVERAGES])
    rule: Values = {"operator": trial.suggest_categorical(f"{name}.operator", list(operators))}
    if left in kinds:
        chosen = OSCILLATORS[kinds.index(left)]
        period = trial.suggest_int(f"{name}.period", *PERIODS)
        # Each oscillator has a level of its own: their ranges have nothing in common.
        level = trial.suggest_float(f"{name}.{left}", chosen.least, chosen.greatest)
        return rule | {
            "left": {"indicator": left, "args": [period]},
            "right": {"constant": round(level, 2)},
        }
    right = trial.suggest_categorical(f"{name}.right", [*PRICES, *AVERAGES])
    return rule | {
        "left": _price(trial, f"{name}.left_period", left),
        "right": _price(trial, f"{name}.right_period", right),
    }


def _price(trial: Suggest, period: str, kind: str) -> dict[str, Any]:
    if kind in PRICES:
        return {"field": kind}
    return {"indicator": kind, "args": [trial.suggest_int(period, *PRICE_PERIODS, log=True)]}
