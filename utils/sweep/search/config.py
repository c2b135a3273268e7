"""Search files: which parameters may move how far, and how they are searched."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from utils.sweep.config import TradingConfig
from utils.sweep.selection import METRICS

SamplerName = Literal["tpe", "cmaes", "nsga2", "qmc", "random"]
PrunerName = Literal["none", "median", "percentile"]

MAX_FOLDS = 64


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class ParameterSpace(BaseModel):
    """How far one parameter moves: `int: [low, high]`, `float: [low, high]` or `choice: [...]`.

    Attributes:
        whole, real: bounds, both included.
        choice: any values of the parameter, nested ones too.
        step: distance of the values of `int` and `float`.
        log: whether small values are looked at as closely as large ones.
        when: parameter -> value or values of it, at which this one counts; else it has its default.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    whole: tuple[int, int] | None = Field(default=None, alias="int")
    real: tuple[float, float] | None = Field(default=None, alias="float")
    choice: tuple[Any, ...] | None = None
    step: float | None = Field(default=None, gt=0)
    log: bool = False
    when: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(kind is not None for kind in (self.whole, self.real, self.choice)) != 1:
            raise ValueError("give one of int: [low, high], float: [low, high] and choice: [...]")
        if self.choice is not None and (self.step is not None or self.log):
            raise ValueError("a choice has neither step nor log; remove it")
        if self.choice is not None and len({json.dumps(value) for value in self.choice}) < max(
            len(self.choice), 1
        ):
            raise ValueError("choice: it is empty or has a value twice; give different values")
        if self.log and self.step is not None:
            raise ValueError("log and step exclude each other; keep one of the two")
        if self.whole is not None and self.step is not None and self.step != int(self.step):
            raise ValueError(f"step: {self.step} of an int is not whole")
        low, high = self.bounds or (0, 1)
        if low >= high:
            raise ValueError(f"{low} is not below {high}; give the smaller bound first")
        if self.log and low <= 0:
            raise ValueError(f"log: the lower bound {low} is not above 0; raise it or remove log")
        return self

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Low and high, None of a choice."""
        return self.whole if self.whole is not None else self.real

    @property
    def extremes(self) -> list[Any]:
        """Values that tell whether all of them are in a strategy's range."""
        return list(self.choice) if self.choice is not None else list(self.bounds or ())

    def wanted(self, parent: str) -> list[Any]:
        """Values of `parent` at which this parameter counts."""
        value = self.when[parent]
        return value if isinstance(value, list) else [value]


class Mining(BaseModel):
    """Rules instead of a declared space: any genome of the strategy `rules`.

    Attributes:
        rules: greatest number of comparisons that must hold together.
        sides: of the positions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: int = Field(default=3, ge=1, le=3)
    sides: Annotated[tuple[Literal["long", "short"], ...], BeforeValidator(_as_list)] = ("long", "short")

    @model_validator(mode="after")
    def _some_side(self) -> Self:
        if not self.sides or len(set(self.sides)) < len(self.sides):
            raise ValueError("sides: give long, short or both, each once")
        return self


class Plan(BaseModel):
    """How it is searched.

    Attributes:
        sampler: what proposes parameters; `options` are arguments of Optuna's sampler.
        objectives: metrics, each with its usual direction; several make a front instead of a best trial.
        trials: how many; more may be asked for later.
        batch: trials proposed at once, before any of them is known; part of what decides the trials.
        seed: the same seed, the same trials.
        min_trades: a trial with fewer closed trades is infeasible.
        folds: spans of the history, each traded on its own; the objective is the mean over them.
        pruner: gives a trial up after a fold in which it is behind; `pruner_options` are arguments of
            Optuna's pruner.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sampler: SamplerName = "tpe"
    options: dict[str, Any] = Field(default_factory=dict)
    objectives: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ("sharpe",)
    trials: int = Field(default=200, ge=1, le=1_000_000)
    batch: int = Field(default=16, ge=1, le=10_000)
    seed: int = Field(default=1, ge=0, lt=2**32)
    min_trades: int = Field(default=10, ge=0)
    folds: int = Field(default=1, ge=1, le=MAX_FOLDS)
    pruner: PrunerName = "none"
    pruner_options: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.objectives or len(set(self.objectives)) < len(self.objectives):
            raise ValueError("objectives: give at least one metric, each once")
        for metric in self.objectives:
            if metric not in METRICS:
                raise ValueError(f"objectives: unknown metric {metric!r}; known: {', '.join(METRICS)}")
        several = len(self.objectives) > 1
        if several and self.sampler == "cmaes":
            raise ValueError("sampler: cmaes takes one objective; use nsga2 or tpe for several")
        if several and self.pruner != "none":
            raise ValueError("pruner: trials of several objectives cannot be pruned; remove it")
        if self.pruner != "none" and self.folds == 1:
            raise ValueError("pruner: there is nothing to prune within one fold; give folds: 2 or more")
        return self


class SearchConfig(TradingConfig):
    """A search file.

    Attributes:
        space: parameter, or path into a nested one -> how far it moves.
        mining: instead of a space, of the strategy `rules`.
        search: how it is searched.
    """

    PAGE: ClassVar[str] = "docs/search.md"

    space: dict[str, ParameterSpace] = Field(default_factory=dict)
    mining: Mining | None = None
    search: Plan = Plan()

    @model_validator(mode="after")
    def _one_space(self) -> Self:
        if bool(self.space) == (self.mining is not None):
            raise ValueError("space: give either a space or mining")
        if self.mining is not None and self.strategy != "rules":
            raise ValueError(f"mining: it is of the strategy rules, not of {self.strategy}")
        if self.mining is not None and self.fixed:
            raise ValueError("fixed: mining draws all parameters; remove it, or declare a space")
        if self.mining is not None and self.search.sampler in ("cmaes", "qmc"):
            raise ValueError(f"sampler: {self.search.sampler} needs a space that stays; use tpe or nsga2")
        return self
