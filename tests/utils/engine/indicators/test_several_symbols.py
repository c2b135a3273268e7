"""Indicators of two symbols and of many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.indicators import several_symbols
from utils.engine.indicators.breadth import (
    AdvanceDeclineDifference,
    AdvanceDeclineVolumeRatio,
    ArmsIndex,
    McClellanOscillator,
)
from utils.engine.indicators.several_symbols import Alpha, Beta, Correlation, CorrelationType, Covariance

DAY = timedelta(days=1)
START = datetime(2020, 1, 1)
ONE, TWO, THREE = (Symbol.create(name, SecurityType.EQUITY, "usa") for name in ("AAA", "BBB", "CCC"))
X = [10.0, 11.0, 10.5, 12.0, 11.5, 13.0]
Y = [20.0, 23.0, 21.0, 25.0, 26.0, 27.0]


@pytest.fixture(autouse=True)
def _one_time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without a data folder: every exchange is in New York."""
    monkeypatch.setattr(several_symbols, "_time_zone", lambda _symbol: "America/New_York")
    yield


def bar(symbol: Any, day: int, close: float, volume: float = 1.0) -> TradeBar:
    return TradeBar(START + day * DAY, symbol, close, close, close, close, volume, DAY)


def feed(indicator: Any) -> list[float]:
    said = []
    for day, (x, y) in enumerate(zip(X, Y, strict=True)):
        indicator.update(bar(ONE, day, x))
        indicator.update(bar(TWO, day, y))
        said.append(indicator.current.value)
    return said


def _returns(values: list[float]) -> Any:
    return np.diff(values) / values[:-1]


def test_beta() -> None:
    beta = Beta(ONE, TWO, 4)
    said = feed(beta)
    covariance = np.cov(_returns(X)[-4:], _returns(Y)[-4:])
    assert said[-1] == pytest.approx(covariance[0, 1] / covariance[1, 1], rel=1e-12)
    assert (beta.name, beta.warm_up_period, beta.is_ready, said[0]) == ("B(4)", 5, True, 0.0)


@pytest.mark.parametrize(
    "arguments",
    [("mine", ONE, TWO, 4), ("mine", 4, ONE, TWO)],
    ids=["in_order", "period_first"],
)
def test_orders_of_the_arguments(arguments: tuple[Any, ...]) -> None:
    beta = Beta(*arguments)
    assert beta.name == "mine"
    assert feed(beta) == feed(Beta(ONE, TWO, 4))


def test_tickers_stand_for_symbols(monkeypatch: pytest.MonkeyPatch) -> None:
    symbols = {"AAA": ONE, "BBB": TWO}
    monkeypatch.setattr(several_symbols, "as_symbol", lambda one: symbols.get(one, one))
    wanted = feed(Beta(ONE, TWO, 4))
    assert feed(Beta("AAA", "BBB", 4)) == wanted
    assert feed(Beta("mine", 4, "AAA", "BBB")) == wanted


def test_covariance_and_correlation() -> None:
    assert feed(Covariance(ONE, TWO, 4))[-1] == pytest.approx(
        np.cov(_returns(X)[-4:], _returns(Y)[-4:])[0, 1]
    )
    assert feed(Correlation(ONE, TWO, 4))[-1] == pytest.approx(np.corrcoef(X[-4:], Y[-4:])[0, 1])
    ranks = np.corrcoef([2, 1, 3, 4], [1, 2, 3, 4])[0, 1]
    spearman = Correlation("ranks", ONE, TWO, 4, CorrelationType.SPEARMAN)
    for day, (x, y) in enumerate(zip([2.0, 1.0, 5.0, 9.0], [1.0, 2.0, 3.0, 40.0], strict=True)):
        spearman.update(bar(ONE, day, x))
        spearman.update(bar(TWO, day, y))
    assert spearman.current.value == pytest.approx(ranks)


def test_alpha() -> None:
    beta, alpha = Beta(ONE, TWO, 3), Alpha(ONE, TWO, 2, 3, 0.01)
    feed(beta)
    target, reference = (X[-1] / X[-3] - 1) / 2, (Y[-1] / Y[-3] - 1) / 2
    wanted = target - (0.01 + beta.current.value * (reference - 0.01))
    assert feed(alpha)[-1] == pytest.approx(wanted)


def test_one_without_its_partner_waits() -> None:
    beta = Beta(ONE, TWO, 2)
    for day in range(5):
        beta.update(bar(ONE, day, X[day]))
    assert not beta.is_ready
    assert beta.current.value == 0.0


def test_what_is_refused() -> None:
    with pytest.raises(ArgumentException, match="does not correspond to any of the symbols"):
        Beta(ONE, TWO, 2).update(bar(THREE, 0, 1.0))
    with pytest.raises(ArgumentException, match="greater than 2 but was 1"):
        Beta(ONE, TWO, 1)
    with pytest.raises(ArgumentException, match="cannot be the same"):
        Alpha(ONE, ONE, 2)


def _feed_breadth(indicator: Any) -> list[tuple[bool, float]]:
    for symbol in (ONE, TWO, THREE):
        indicator.add(symbol)
    said = []
    days = [[(10.0, 1.0), (10.0, 1.0), (10.0, 1.0)], [(11.0, 30.0), (12.0, 50.0), (9.0, 20.0)]]
    for day, closes in enumerate(days):
        for symbol, (close, volume) in zip((ONE, TWO, THREE), closes, strict=True):
            indicator.update(bar(symbol, day, close, volume))
            said.append((indicator.is_ready, indicator.current.value))
    return said


def test_advances_and_declines() -> None:
    assert _feed_breadth(AdvanceDeclineDifference())[-1] == (True, 1.0)
    assert _feed_breadth(AdvanceDeclineVolumeRatio())[-1] == (True, 4.0)
    assert _feed_breadth(ArmsIndex())[-1] == (True, 0.5)
    assert _feed_breadth(AdvanceDeclineDifference())[2][0] is False


def test_mcclellan_oscillator() -> None:
    oscillator = McClellanOscillator(2, 3)
    for symbol in (ONE, TWO):
        oscillator.add(symbol)
    # Rising both, falling both, and so on: differences 2, -2, 2, -2.
    for day in range(6):
        for symbol in (ONE, TWO):
            oscillator.update(bar(symbol, day, 10.0 + day % 2))
    fast, slow = [0.0], [2.0 / 3]
    for value in (2.0, -2.0, 2.0):
        fast.append(value * 2 / 3 + fast[-1] / 3)
    for value in (-2.0, 2.0):
        slow.append(value / 2 + slow[-1] / 2)
    assert oscillator.is_ready
    assert oscillator.current.value == pytest.approx(fast[-1] - slow[-1])
