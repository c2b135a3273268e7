"""Results of trials are the simulator's, bit for bit, whatever the span."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.utils.sweep.search.conftest import BARS, DECLARED, MINED, evaluator, search_of
from trading.indicators import IndicatorTable
from trading.simulation import simulate
from trading.simulation.records import Status
from trading.strategies.mining import random_rules
from utils.errors import UserError
from utils.sweep.search import evaluation
from utils.sweep.search.folds import fold_spans


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 700), st.integers(100, 700))
def test_a_row_is_the_simulators(seed: int, start: int, length: int) -> None:
    search = search_of(MINED)
    params = random_rules(np.random.default_rng(seed))
    span = (start, start + length)
    (row,) = evaluator(search).rows([params.model_dump(mode="json")], span)
    bars = BARS[: span[1]]
    config = search.config
    events = config.registered().signals(bars, IndicatorTable(bars), params)
    expected = simulate(bars, events, config.instrument, config.capital, start).result
    assert row.tobytes() == expected.tobytes()


def test_contradictory_parameters_have_an_invalid_row() -> None:
    search = search_of(DECLARED)
    values = {"ma_fast": 50, "ma_slow": 20}
    rows = evaluator(search, workers=3).rows([values, {"ma_fast": 5}], (0, len(BARS)))
    assert rows["status"].tolist() == [Status.INVALID, Status.OK]
    assert np.isnan(rows["sharpe"][0])


def test_indicators_that_take_too_much_memory_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    search = search_of(DECLARED)
    params = [{"ma_fast": 5, "atr_period": period} for period in range(3, 30)]
    expected = evaluator(search).rows(params, (0, len(BARS)))
    monkeypatch.setattr(evaluation, "INDICATOR_BYTES", 1)
    tight = evaluator(search)
    rows = np.concatenate([tight.rows([one], (0, len(BARS))) for one in params])
    assert rows.tobytes() == expected.tobytes()


@pytest.mark.parametrize("folds", [1, 2, 7, 62])
def test_folds_cover_all_bars_by_whole_days(folds: int) -> None:
    spans = fold_spans(BARS, folds)
    assert len(spans) == folds
    assert [bar for span in spans for bar in range(*span)] == list(range(len(BARS)))
    days = [len(np.unique(BARS.day[start:end])) for start, end in spans]
    assert max(days) - min(days) <= 1
    assert all(BARS.day[start] != BARS.day[start - 1] for start, _ in spans[1:])


def test_more_folds_than_days_are_refused() -> None:
    with pytest.raises(UserError, match=r"search\.folds: 64 are more than the 63 days"):
        fold_spans(BARS, 64)
