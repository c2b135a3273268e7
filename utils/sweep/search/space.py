"""The parameters that a search moves, as Optuna asks for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from trading.strategies.contract import Strategy
from trading.strategies.errors import ContradictoryParams
from trading.strategies.fields import with_fields
from utils.errors import UserError
from utils.sweep.grid import Grid, Values
from utils.sweep.search.config import ParameterSpace, SearchConfig
from utils.sweep.search.mining import RulesSpace


class Suggest(Protocol):
    """What a space needs of a trial of Optuna's: running, or fixed to stored parameters."""

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int:
        """A whole number."""

    def suggest_float(
        self, name: str, low: float, high: float, *, step: float | None = None, log: bool = False
    ) -> float:
        """A number."""

    def suggest_categorical(self, name: str, choices: Any) -> Any:
        """One of some texts or numbers."""


class Space(Protocol):
    """Where the parameters of a strategy come from."""

    def values(self, trial: Suggest) -> Values:
        """Complete plain parameters, as `Strategy.parse` takes them; asks `trial` in a fixed order."""


class DeclaredSpace:
    """Parameters that a search file names one by one; the others are fixed.

    Args:
        strategy: whose they are.
        fixed: values that all trials have; parameters in neither place take their defaults.
        parameters: parameter, or dotted path into a nested one -> how far it moves.
    Raises:
        UserError: an unknown parameter, a bound out of its range, or a condition on something that is not a
            choice before it.
    """

    def __init__(
        self, strategy: Strategy[Any], fixed: Mapping[str, Any], parameters: Mapping[str, ParameterSpace]
    ) -> None:
        try:
            grid = Grid(strategy, fixed, {name: space.extremes for name, space in parameters.items()})
        except UserError as error:
            raise UserError(str(error).replace("grid: ", "space: ", 1)) from None
        self._parameters = dict(parameters)
        for name in self._parameters:
            self._check_condition(name)
        self._base = _with_defaults(strategy, grid.fixed, self._parameters)

    def values(self, trial: Suggest) -> Values:
        """The base with what the trial is given; a parameter whose condition does not hold is not asked."""
        asked: Values = {}
        for name, space in self._parameters.items():
            if all(parent in asked and asked[parent] in space.wanted(parent) for parent in space.when):
                asked[name] = _suggested(trial, name, space)
        return with_fields(self._base, asked)

    def _check_condition(self, name: str) -> None:
        before = list(self._parameters)[: list(self._parameters).index(name)]
        space = self._parameters[name]
        for parent in space.when:
            choice = self._parameters[parent].choice if parent in before else None
            if choice is None:
                raise UserError(f"space: {name}: when: {parent} is not a choice that stands before it")
            for value in space.wanted(parent):
                if value not in choice:
                    raise UserError(f"space: {name}: when: {parent} has no value {json.dumps(value)}")


def space_of(config: SearchConfig) -> Space:
    """The space of a search file.

    Raises:
        UserError: as `DeclaredSpace`.
    """
    strategy = config.registered()
    if config.mining is not None:
        return RulesSpace(config.mining)
    return DeclaredSpace(strategy, config.fixed, config.space)


def stored_form(strategy: Strategy[Any], values: Values) -> Values:
    """Parameters as a store keeps them: of the types of the params model, as they are if contradictory."""
    try:
        return dict(strategy.parse(values).model_dump(mode="json"))
    except ContradictoryParams:
        return values


def _suggested(trial: Suggest, name: str, space: ParameterSpace) -> Any:
    if space.whole is not None:
        return trial.suggest_int(name, *space.whole, step=int(space.step or 1), log=space.log)
    if space.real is not None:
        return trial.suggest_float(name, *space.real, step=space.step, log=space.log)
    assert space.choice is not None
    # As JSON: Optuna keeps no nested values, and takes 0 and false for the same.
    return json.loads(trial.suggest_categorical(name, [json.dumps(value) for value in space.choice]))


def _with_defaults(
    strategy: Strategy[Any], values: Values, parameters: Mapping[str, ParameterSpace]
) -> Values:
    """`values` with the default of each conditional parameter that has one."""
    fields = strategy.params_model.model_fields
    conditional = [name for name, space in parameters.items() if space.when and name in fields]
    defaults = {
        name: fields[name].get_default(call_default_factory=True)
        for name in conditional
        if not fields[name].is_required()
    }
    return {**values, **defaults}
