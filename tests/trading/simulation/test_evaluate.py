"""Many selections of the same events in one call give what each gives alone, bit for bit."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.reference import simulation as reference
from tests.reference.agreement import assert_same_result
from tests.reference.series import Case, cases
from trading.simulation.evaluate import evaluate
from trading.simulation.market import market
from trading.simulation.outcomes import outcomes
from trading.simulation.simulate import simulate
from trading.simulation.terms import terms

SELECTIONS = 5


def selections(case: Case, seed: int) -> list[NDArray[np.bool_]]:
    """Which events enter: none, all, and three random choices."""
    random = Random(seed)
    n = len(case.events)
    chosen = [[random.random() < share for _ in range(n)] for share in (0.9, 0.5, 0.1)]
    return [np.array(choice, dtype=np.bool_) for choice in ([False] * n, [True] * n, *chosen)]


def rows(case: Case, chosen: list[NDArray[np.bool_]]) -> NDArray[np.void]:
    bars, events, instrument, capital, start = case
    columns = [events[name].copy() for name in ("bar", "side", "stop", "target", "trail")]
    simulated = market(bars, instrument, start)
    table = outcomes(simulated, instrument, *columns)
    indices = [np.flatnonzero(choice).astype(np.int32) for choice in chosen]
    offsets = np.cumsum([0, *map(len, indices)])
    return evaluate(
        simulated, terms(instrument, capital), columns[0], table, np.concatenate(indices), offsets
    )


@settings(max_examples=200, deadline=None)
@given(cases(), st.integers(0, 2**32))
def test_each_row_is_that_of_its_selection_alone(case: Case, seed: int) -> None:
    case = case._replace(events=case.events[case.events["bar"] >= case.start])
    chosen = selections(case, seed)
    found = rows(case, chosen)
    assert found.shape == (SELECTIONS,)
    for row, choice in zip(found, chosen, strict=True):
        events = case.events.copy()
        events["enter"] = choice
        alone = case._replace(events=events)
        assert row.tobytes() == simulate(*alone).result.tobytes()
        assert_same_result(reference.simulate(*alone), row)


@settings(max_examples=50, deadline=None)
@given(cases(), st.integers(0, 2**32))
def test_rows_do_not_depend_on_their_company(case: Case, seed: int) -> None:
    case = case._replace(events=case.events[case.events["bar"] >= case.start])
    chosen = selections(case, seed)
    together = rows(case, chosen)
    assert rows(case, chosen[::-1]).tobytes() == together[::-1].tobytes()
    assert rows(case, chosen[2:4]).tobytes() == together[2:4].tobytes()
