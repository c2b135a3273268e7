"""The strategies by name."""

from __future__ import annotations

from typing import Any, Final

from trading.strategies.contract import Strategy
from trading.strategies.ma_crossover import MaCrossover
from trading.strategies.money_line import MoneyLine
from trading.strategies.rules import Rules

_STRATEGIES: Final[dict[str, Strategy[Any]]] = {
    strategy.name: strategy for strategy in (MoneyLine(), MaCrossover(), Rules())
}


def strategy_names() -> tuple[str, ...]:
    """The names that `get_strategy` knows, sorted."""
    return tuple(sorted(_STRATEGIES))


def get_strategy(name: str) -> Strategy[Any]:
    """The strategy of a name.

    Raises:
        ValueError: there is none; the message lists the known ones.

    Example:
        >>> strategy = get_strategy("money_line")
        >>> strategy.parse({"ma_slow": 100}).ma_fast
        20
    """
    try:
        return _STRATEGIES[name]
    except KeyError:
        raise ValueError(f"unknown strategy {name!r}; known: {', '.join(strategy_names())}") from None
