"""`indicator_history`: forms, values, columns."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.utils.engine.algorithm.conftest import Asked
from tests.utils.engine.indicators.indicator_names import INDICATOR_NAMES
from utils.engine.data.slice import Slice
from utils.engine.imports.stubs import _texts
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.indicator_history import members_of
from utils.engine.indicators.option_greeks import OptionIndicatorBase
from utils.engine.indicators.patterns import ZigZag
from utils.engine.testing import Backtest


@pytest.fixture
def subscribe() -> Callable[[Any], None]:
    """What the algorithm follows."""
    from AlgorithmImports import Resolution

    def follow(algorithm: Any) -> None:
        algorithm.spy = algorithm.add_equity("SPY", Resolution.MINUTE).symbol
        algorithm.ibm = algorithm.add_equity("IBM", Resolution.DAILY).symbol
        algorithm.eurusd = algorithm.add_forex("EURUSD", Resolution.DAILY, "oanda").symbol
        assert algorithm.time == datetime(2013, 10, 11)

    return follow


FORMS = {
    "period": (1560,),
    "span": (timedelta(days=5),),
    "start and end": (datetime(2013, 10, 7), datetime(2013, 10, 11)),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["BollingerBands", "AverageTrueRange"])
def test_forms(asked: Asked, form: str, name: str) -> None:
    # LEAN's own counts: four days of minutes, and as many more as the indicator needs before.
    from AlgorithmImports import Resolution

    make = {"BollingerBands": (10, 2), "AverageTrueRange": (10,)}[name]

    def question(algorithm: Any) -> Any:
        indicator = INDICATOR_NAMES[name](*make)
        history = algorithm.indicator_history(
            indicator, algorithm.spy, *FORMS[form], resolution=Resolution.MINUTE
        )
        return indicator, history

    indicator, history = asked(question)
    assert indicator.is_ready
    assert history.count == len(history) == len(history.current) == len(history.data_frame) >= 1560
    assert history["current"] == history.current and history["nothing"] is None
    last = list(history)[-1]
    assert last.end_time == last.current.end_time == datetime(2013, 10, 10, 16)
    assert last.value == last.current.value == indicator.current.value


def test_values_are_those_of_bar_by_bar(asked: Asked) -> None:
    from AlgorithmImports import BollingerBands, Resolution, TradeBar

    def question(algorithm: Any) -> Any:
        daily = Resolution.DAILY
        indicator = BollingerBands(20, 2)
        history = algorithm.indicator_history(indicator, algorithm.ibm, 50, daily)
        bars = algorithm.history[TradeBar](algorithm.ibm, 69, daily)
        return history, bars

    history, bars = asked(question)
    oracle: Any = INDICATOR_NAMES["BollingerBands"](20, 2)
    found = [
        (bar.end_time, oracle.current.value, oracle.upper_band.current.value)
        for bar in bars
        if oracle.update(bar)
    ]
    assert len(found) == 50
    points = list(history)
    assert [(p.end_time, p.value, p.upper_band.value) for p in points] == found
    assert [point.value for point in history["UpperBand"]] == [upper for _, _, upper in found]
    assert points[0]["middle_band"] is points[0]["MiddleBand"] is points[0].middle_band
    frame = history.data_frame
    assert list(frame.columns) == [
        "bandwidth",
        "current",
        "lowerband",
        "middleband",
        "movingaveragetype",
        "percentb",
        "price",
        "standarddeviation",
        "upperband",
    ]
    assert frame["upperband"].tolist() == [upper for _, _, upper in found]
    assert set(frame["movingaveragetype"]) == {"Simple"}
    assert list(frame.index.to_pydatetime()) == [time for time, _, _ in found]


def test_two_symbols(asked: Asked) -> None:
    from AlgorithmImports import Beta, Resolution

    def question(algorithm: Any) -> Any:
        symbols = [algorithm.spy, algorithm.ibm]
        return algorithm.indicator_history(
            Beta(algorithm.spy, algorithm.ibm, 10), symbols, timedelta(days=50), resolution=Resolution.DAILY
        )

    last = list(asked(question))[-1]
    # LEAN's figure.
    assert last.value == pytest.approx(0.477585951081753, rel=1e-13)
    assert last.end_time == datetime(2013, 10, 10, 16)


def test_slices_of_a_history(asked: Asked) -> None:
    from AlgorithmImports import Resolution, SimpleMovingAverage

    def question(algorithm: Any) -> Any:
        slices = [one for one in algorithm.history(30, Resolution.DAILY) if algorithm.ibm in one.bars]
        only = [Slice(one.time, [one.bars[algorithm.ibm]], one.utc_time) for one in slices]
        sma = SimpleMovingAverage(5)
        sma.update(datetime(2020, 1, 1), 1.0)  # is forgotten
        history = algorithm.indicator_history(sma, only, lambda bar: bar.high)
        return history, [one.bars[algorithm.ibm].high for one in only]

    history, highs = asked(question)
    averages = [sum(highs[n : n + 5]) / 5 for n in range(len(highs) - 4)]
    assert len(averages) > 20
    assert [point.value for point in history.current] == pytest.approx(averages, rel=1e-12)


def test_selectors_choose_the_kind_of_bar(asked: Asked) -> None:
    from AlgorithmImports import Field, Identity, QuoteBar, Resolution, TradeBar

    def question(algorithm: Any) -> Any:
        minute = Resolution.MINUTE
        spy = algorithm.spy
        volumes = algorithm.indicator_history(Identity("v"), spy, 5, minute, Field.VOLUME)
        bids = algorithm.indicator_history(Identity("b"), spy, 5, minute, selector=Field.BID_CLOSE)
        closes = algorithm.indicator_history(Identity("c"), spy, 5, minute)
        trades = algorithm.history[TradeBar](spy, 5, minute)
        quotes = algorithm.history[QuoteBar](spy, 5, minute)
        rates = algorithm.indicator_history(Identity("e"), algorithm.eurusd, 5)
        return volumes, bids, closes, rates, trades, quotes

    volumes, bids, closes, rates, trades, quotes = asked(question)
    assert [point.value for point in volumes.current] == [bar.volume for bar in trades]
    assert [point.value for point in bids.current] == [bar.bid.close for bar in quotes]
    assert [point.value for point in closes.current] == [bar.close for bar in trades]
    assert rates.count == 5


def test_an_indicator_of_one_s_own(asked: Asked) -> None:
    from AlgorithmImports import PythonIndicator, Resolution

    class Last(PythonIndicator):
        def __init__(self) -> None:
            super().__init__()
            self.value = 0.0
            self.warm_up_period = 3
            self.seen = 0

        def update(self, data: Any) -> bool:  # type: ignore[override]  # as users write it
            self.seen += 1
            self.value = data.close
            return self.seen >= 3

    class Plain:
        is_ready = True
        value = 0.0

        def update(self, data: Any) -> bool:
            self.value = data.value
            return True

    def question(algorithm: Any) -> Any:
        last = Last()
        history = algorithm.indicator_history(last, algorithm.ibm, 7, Resolution.DAILY)
        plain = algorithm.indicator_history(Plain(), "IBM", 7, Resolution.DAILY)
        return last.seen, history, plain

    seen, history, plain = asked(question)
    assert seen == 9 and history.count == plain.count == 7
    assert list(history.data_frame.columns) == ["current"]
    assert [a.value for a in history.current] == [b.value for b in plain.current]


def test_an_attached_indicator_goes_on_from_its_history(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import QCAlgorithm, Resolution

    class Asks(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2013, 10, 7)
            self.set_end_date(2013, 10, 11)
            spy = self.add_equity("SPY", Resolution.DAILY).symbol
            self.average, self.asked_once = self.sma(spy, 5), self.sma(spy, 5)
            self.warm_up_indicator(spy, self.average)
            self.rows: list[tuple[float, float]] = []

        def on_data(self, _data: Any) -> None:
            if not self.rows:
                self.indicator_history(self.asked_once, "SPY", 1)
            self.rows.append((self.average.current.value, self.asked_once.current.value))

    outcome = backtest(Asks, sample_data / "lean")
    assert outcome.completed, outcome.error
    algorithm: Any = outcome.algorithm
    rows = algorithm.rows
    assert len(rows) == 5
    assert [a for a, _ in rows] == pytest.approx([b for _, b in rows], rel=1e-12)


def test_arguments_that_are_none_of_the_forms(asked: Asked) -> None:
    from AlgorithmImports import SimpleMovingAverage

    from utils.engine.errors import AlgorithmError

    def question(algorithm: Any) -> Any:
        wrong = [(), ("SPY",), ("SPY", datetime(2013, 10, 1)), ("SPY", 5, None, None, 7)]
        for terms in wrong:
            with pytest.raises(AlgorithmError, match="indicator_history: give symbols"):
                algorithm.indicator_history(SimpleMovingAverage(3), *terms)
        with pytest.raises(AlgorithmError, match="no security was added under the ticker XYZ"):
            algorithm.indicator_history(SimpleMovingAverage(3), "XYZ", 5)
        return True

    assert asked(question)


# What no indicator has a column for, and what LEAN marks so on two classes.
NO_COLUMNS = {
    *("current", "previous", "name", "samples", "is_ready", "window", "warm_up_period", "period"),
    *("consolidators", "updated"),
}
MARKED = {
    OptionIndicatorBase: {
        *("option_symbol", "expiry", "right", "strike", "style"),
        *("risk_free_rate", "dividend_yield", "use_mirror_contract"),
    },
    ZigZag: {"high_pivot", "low_pivot"},
}


@cache
def stub_classes() -> dict[str, ast.ClassDef]:
    """Classes of the stubs that have indicators, by name."""
    text = next(text for text in _texts() if "class BollingerBands(" in text)
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}


def stub_properties(name: str) -> set[str]:
    """Public properties of LEAN's class of a name, and of its bases."""
    node = stub_classes().get(name)
    if node is None:
        return set()
    own = {
        member.name
        for member in node.body
        if isinstance(member, ast.FunctionDef)
        and any(isinstance(one, ast.Name) and one.id == "property" for one in member.decorator_list)
        and "This Property is protected" not in (ast.get_docstring(member) or "")
    }
    bases = [ast.unparse(base).split("[")[0].rpartition(".")[2] for base in node.bases]
    return own.union(*(stub_properties(base) for base in bases if base != name))


INDICATORS = [
    name
    for name, kind in sorted(INDICATOR_NAMES.items())
    if issubclass(kind, IndicatorBase) and name in stub_classes()
]


@pytest.mark.parametrize("name", INDICATORS)
def test_columns_are_the_properties_of_lean_s_class(name: str) -> None:
    kind = INDICATOR_NAMES[name]
    marked = set().union(*(names for base, names in MARKED.items() if issubclass(kind, base)))
    assert set(members_of(kind)) == stub_properties(name) - NO_COLUMNS - marked


def test_most_indicators_are_compared() -> None:
    assert len(INDICATORS) > 100
