"""Results of any list of parameters, on the cores of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from trading.bars import Bars
from trading.indicators import IndicatorTable
from trading.simulation.evaluate import evaluate
from trading.simulation.instrument import Capital, Instrument
from trading.simulation.market import Market, market
from trading.simulation.outcomes import outcomes
from trading.simulation.terms import terms
from trading.strategies.contract import Strategy
from trading.strategies.errors import ContradictoryParams
from utils.sweep.evaluation import invalid_rows
from utils.sweep.grid import Values

INDICATOR_BYTES = 512 << 20
"""Memory that indicators may take before they are dropped: a search asks for ever new ones."""

Span = tuple[int, int]
"""First bar that is traded, and the bar after the last."""


class TrialEvaluation(Protocol):
    """What computes the results of trials: this machine's cores, or others'."""

    @property
    def name(self) -> str:
        """Of who does, for the store."""

    @property
    def cores(self) -> int:
        """That take part; known once there are results."""

    def rows(self, params: Sequence[Values], span: Span) -> NDArray[np.void]:
        """`RESULT_DTYPE`, one row a set of parameters, the same bits wherever it is computed.

        Args:
            params: complete plain parameters; contradictory ones have an invalid row.
            span: what is traded, flat at its start, indicators warm from all bars before it.
        """


@dataclass(frozen=True)
class _Scene:
    """The bars up to the end of a span, and the market that begins at its start."""

    bars: Bars
    market: Market


class TrialEvaluator:
    """Evaluates parameters over one data set, on threads that share its indicators.

    Args:
        strategy: whose parameters they are.
        bars: all that may be seen.
        instrument, capital: the terms of trading.
        workers: threads.
    Raises:
        ValueError: too little leverage for the allocation.
    """

    name = "local"

    def __init__(
        self, strategy: Strategy[Any], bars: Bars, instrument: Instrument, capital: Capital, workers: int = 1
    ) -> None:
        self._strategy = strategy
        self._bars = bars
        self._instrument = instrument
        self._terms = terms(instrument, capital)
        self.cores = workers
        self._scenes: dict[Span, _Scene] = {}
        self._indicators = IndicatorTable(bars)

    def rows(self, params: Sequence[Values], span: Span) -> NDArray[np.void]:
        """`RESULT_DTYPE`, one row a set of parameters."""
        if len(self._indicators) * len(self._bars) * 8 > INDICATOR_BYTES:
            self._indicators = IndicatorTable(self._bars)
        scene = self._scene(span)
        with ThreadPoolExecutor(self.cores) as pool:
            found = list(pool.map(lambda values: self._row(values, scene, span), params))
        return np.concatenate(found) if found else invalid_rows(0)

    def _scene(self, span: Span) -> _Scene:
        if span not in self._scenes:
            start, end = span
            bars = self._bars[:end]
            self._scenes[span] = _Scene(bars, market(bars, self._instrument, start))
        return self._scenes[span]

    def _row(self, values: Values, scene: _Scene, span: Span) -> NDArray[np.void]:
        strategy = self._strategy
        try:
            params = strategy.parse(values)
        except ContradictoryParams:
            return invalid_rows(1)
        # An indicator at a bar depends on no later bar: those of all bars serve every span.
        indicators = {spec: self._indicators[spec][: span[1]] for spec in strategy.requires(params)}
        found = strategy.turns(scene.bars, indicators, params)
        traded = int(np.searchsorted(found.bar, span[0]))
        turns = type(found)(found.bar[traded:], found.side[traded:])
        chosen = np.flatnonzero(strategy.enters(scene.bars, indicators, params, turns)).astype(np.int32)
        brackets = strategy.brackets(scene.bars, indicators, params, turns)
        table = outcomes(scene.market, self._instrument, turns.bar, turns.side, *brackets)
        offsets = np.array([0, len(chosen)])
        return evaluate(scene.market, self._terms, turns.bar, table, chosen, offsets)
