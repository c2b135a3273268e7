"""The simulator behind the sweep and the engine make the same trades, down to times, prices and fees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from utils.data.lean.series import LeanSeries
from utils.engine.made_up_data import write_made_up
from utils.engine.parity import compare
from utils.engine.parity_cases import PARAMETERS, SERIES, STRATEGIES, parity_case
from utils.workspace import find_project

PROJECT = find_project(Path(__file__).parents[3] / "algorithms" / "money_line")
LEAST_TRADES = {
    "crypto/coinbase/minute/btcusd": 100,
    "equity/usa/minute/synth": 100,
    "equity/usa/daily/synth": 40,
}
SLIPPAGE = {"crypto/coinbase/minute/btcusd": 0.0005}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("series", SERIES)
def test_every_trade_is_the_same(strategy: str, series: str, tmp_path: Path) -> None:
    made = write_made_up(tmp_path / "data", LeanSeries.parse(series), SERIES[series] // 2 + 300)
    case = parity_case(
        PROJECT,
        made.folder,
        made.series,
        strategy,
        PARAMETERS[strategy],
        (made.start, made.end),
        SLIPPAGE.get(series, 0.0),
    )
    parity = compare(case)
    assert not parity.differences
    assert len(parity.engine) >= LEAST_TRADES[series]
    assert {trade.side for trade in parity.engine} == {1, -1}


def test_a_fee_that_is_not_charged_shows(tmp_path: Path) -> None:
    made = write_made_up(tmp_path / "data", LeanSeries.parse("equity/usa/daily/synth"), 150)
    case = parity_case(PROJECT, made.folder, made.series, "money_line", PARAMETERS["money_line"])
    fees = case.instrument.fees.model_copy(update={"per_unit": 0.01})
    dearer = replace(case, instrument=case.instrument.model_copy(update={"fees": fees}))
    differences = compare(dearer).differences
    assert differences[0].startswith("trade 1: fees ")
