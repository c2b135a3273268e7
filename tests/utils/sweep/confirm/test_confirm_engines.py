"""What an engine's files say, and how trades are compared."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from trading.simulation import Capital, Instrument
from trading.simulation.terms import terms
from utils.data.lean.series import LeanSeries
from utils.engine.made_up_data import write_made_up
from utils.engine.parity import Trade, algorithm_parameters, engine_trades, trades_of_fills
from utils.engine.parity_cases import PARAMETERS, parity_case
from utils.engine.project_job import project_job
from utils.engine.run.backtest import run_backtest
from utils.errors import UserError
from utils.sweep.confirm.confirmation import Difference, compared
from utils.sweep.confirm.engines import fills_of
from utils.workspace import find_project

PROJECT = find_project(Path(__file__).parents[4] / "algorithms" / "money_line")
ONE = Trade(1, 2.0, datetime(2024, 1, 1, 10), 100.0, datetime(2024, 1, 1, 12), 101.0, 0.4)


def test_equal_trades_have_no_difference() -> None:
    assert compared([ONE, ONE], [ONE, ONE._replace(fees=0.4 * (1 + 1e-12))]) == []


def test_a_trade_that_differs_or_is_missing() -> None:
    other = ONE._replace(side=-1, exit_price=101.01)
    assert compared([ONE, ONE], [ONE, other]) == [Difference(2, ("side", "exit_price"), ONE, other)]
    assert compared([ONE], [ONE, other]) == [Difference(2, (), None, other)]
    assert compared([ONE], []) == [Difference(1, (), ONE, None)]


def test_lean_s_file_of_order_events_gives_the_trades_that_the_engine_made(tmp_path: Path) -> None:
    made = write_made_up(tmp_path / "data", LeanSeries.parse("equity/usa/daily/synth"), 200)
    case = parity_case(PROJECT, made.folder, made.series, "money_line", PARAMETERS["money_line"])
    stated = {"fee_rate": "0.001", "fee_per_unit": "0", "fee_minimum": "2", "fee_maximum_rate": "0"}
    case = replace(case, parameters={**case.parameters, **stated})
    outcome = run_backtest(
        project_job(PROJECT, made.folder, algorithm_parameters(case), tmp_path / "results")
    )
    money = terms(Instrument(security_type=case.instrument.security_type), Capital())
    trades = list(trades_of_fills(fills_of(outcome.files["order-events"]), money))
    assert len(trades) >= 10
    expected = engine_trades(replace(case, instrument=Instrument(security_type=made.series.security_type)))
    assert compared(expected, trades) == []
    assert all(trade.fees >= 4.0 - 1e-9 for trade in trades if trade.quantity < 1_000 and trade.side == 1)


@pytest.mark.parametrize("content", ["{", "[1]", json.dumps([{"fillPrice": 1}]), '[{"time": "noon"}]'])
def test_a_damaged_file_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "order-events.json"
    path.write_text(content)
    with pytest.raises(UserError, match="is not LEAN's order events"):
        list(fills_of(path))


def test_a_fill_has_all_of_its_digits(tmp_path: Path) -> None:
    path = tmp_path / "order-events.json"
    path.write_text('[{"time": 1704103200.0, "fillQuantity": 0.123456789012, "fillPrice": 42000.1}]')
    (fill,) = fills_of(path)
    assert fill == (datetime(2024, 1, 1, 10), Decimal("0.123456789012"), 42000.1, 0.0)
