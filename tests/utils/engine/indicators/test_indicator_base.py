"""What all indicators have: values, windows, events, comparisons, names; and indicators of indicators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.utils.engine.indicators.indicator_bars import SPY, START, bars, columns
from utils.engine.data.quote_bar import QuoteBar
from utils.engine.dotnet.exceptions import ArgumentException, NotSupportedException, OverflowException
from utils.engine.indicators.bands import BollingerBands
from utils.engine.indicators.changes import Delay, Identity
from utils.engine.indicators.composite import CompositeIndicator, ConstantIndicator, IndicatorResult
from utils.engine.indicators.convergence import MovingAverageConvergenceDivergence
from utils.engine.indicators.data_point import IndicatorDataPoint
from utils.engine.indicators.extensions import IndicatorExtensions
from utils.engine.indicators.functional import FilteredIdentity, FunctionalIndicator
from utils.engine.indicators.moving_averages import ExponentialMovingAverage, MovingAverageType, average
from utils.engine.indicators.ranges import AverageTrueRange
from utils.engine.indicators.relative_strength import RelativeStrengthIndex
from utils.engine.indicators.sums import SimpleMovingAverage, StandardDeviation, Sum
from utils.engine.indicators.volumes import IntradayVwap, OnBalanceVolume

BARS = bars(columns(30))


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def feed(indicator: Any, *values: float) -> None:
    for i, value in enumerate(values):
        indicator.update(at(i), value)


def test_before_the_first_value() -> None:
    sma = SimpleMovingAverage(3)
    assert (sma.current.value, sma.samples, sma.is_ready) == (0.0, 0, False)
    assert sma.current.end_time == datetime.min
    assert sma.window.count == 1


def test_simple_average_by_hand() -> None:
    sma = SimpleMovingAverage(3)
    said = []
    for i, value in enumerate((1.0, 2.0, 6.0, 7.0)):
        said.append((sma.update(at(i), value), sma.current.value))
    assert said == [(False, 1.0), (False, 1.5), (True, 3.0), (True, 5.0)]
    assert sma.previous.value == 3.0
    assert sma.rolling_sum.current.value == 15.0
    assert sma.current.end_time == at(3)


def test_exponential_average_by_hand() -> None:
    ema = ExponentialMovingAverage(3)
    feed(ema, 1.0, 2.0)
    assert ema.current.value == 0.0
    feed(ema := ExponentialMovingAverage(3), 1.0, 2.0, 6.0, 7.0)
    assert ema.current.value == 0.5 * 7.0 + 0.5 * 3.0


def test_averages_of_equal_values_are_that_value() -> None:
    """Decimal arithmetic has no drift; 0.1 has none here either."""
    sma, deviation = SimpleMovingAverage(7), StandardDeviation(7)
    for i in range(1000):
        value = 0.1 if i > 900 else 0.1 + (i % 13) / 7
        sma.update(at(i), value)
        deviation.update(at(i), value)
    assert sma.current.value == pytest.approx(0.1, rel=1e-15)
    assert deviation.current.value == 0.0


@pytest.mark.parametrize("offset", [0.0, 1e6], ids=["near_zero", "far_from_zero"])
def test_deviation_of_large_values(offset: float) -> None:
    deviation = StandardDeviation(4)
    feed(deviation, *(offset + x for x in (5.0, 9.0, 1.0, 2.0, 3.0, 4.0)))
    assert deviation.current.value == pytest.approx(1.25**0.5, rel=1e-12)


def test_window() -> None:
    sma = SimpleMovingAverage(1)
    sma.window.size = 3
    feed(sma, 1.0, 2.0, 3.0, 4.0)
    assert [point.value for point in sma.window] == [4.0, 3.0, 2.0]
    assert [point.value for point in sma] == [4.0, 3.0, 2.0]
    assert (sma[2].value, sma[2].end_time, sma.window.is_ready) == (2.0, at(1), True)
    assert sma.window.most_recently_removed.value == 1.0
    beyond: Any = sma[5]
    assert beyond is None
    assert sma.window.size == 6


def test_both_naming_styles() -> None:
    macd = MovingAverageConvergenceDivergence(2, 3, 2)
    macd.Update(at(0), 1.0)
    assert macd.Current.Value == macd.current.value
    assert macd.Signal is macd.signal
    assert macd.IsReady is False
    assert (macd.Name, macd.WarmUpPeriod, macd.Samples) == ("MACD(2,3,2)", 4, 1)


def test_events() -> None:
    sma, seen = SimpleMovingAverage(1), []

    def handler(sender: Any, point: IndicatorDataPoint) -> None:
        seen.append((sender, point.value))

    sma.updated += handler
    feed(sma, 1.0)
    sma.updated -= handler
    feed(sma, 2.0)
    assert seen == [(sma, 1.0)]


def test_earlier_and_repeated_inputs_are_left_out() -> None:
    sma = SimpleMovingAverage(2)
    for bar in (BARS[1], BARS[0], BARS[1]):
        sma.update(bar)
    assert (sma.samples, sma.current.value) == (1, BARS[1].close)


def test_comparisons() -> None:
    fast, slow = Identity("fast"), Identity("slow")
    feed(fast, 2.0)
    feed(slow, 1.0)
    assert fast > slow
    assert slow < fast
    assert fast >= 2
    assert 3 > fast > 1.5
    assert fast == 2.0
    assert fast != slow
    assert fast == fast  # noqa: PLR0124 - what is tested
    assert len({fast, slow}) == 2
    assert float(fast) == 2.0


@pytest.mark.parametrize(
    ("value", "text"), [(2.0, "2.0"), (1.234567, "1.23457"), (1200.5, "1200.5"), (-0.000005, "-0.00001")]
)
def test_text(value: float, text: str) -> None:
    identity = Identity("x")
    feed(identity, value)
    assert str(identity) == text
    assert identity.to_detailed_string() == f"x - {text}"


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(
        NotSupportedException, match=r"AverageTrueRange does not support .*Update\(TradeBar\)"
    ):
        AverageTrueRange(3).update(at(0), 1.0)
    with pytest.raises(ArgumentException, match="expected to be of type"):
        AverageTrueRange(3).update(IndicatorDataPoint(at(0), 1.0))
    with pytest.raises(ArgumentException, match="TradeBar but is of type QuoteBar"):
        OnBalanceVolume().update(QuoteBar())
    with pytest.raises(OverflowException):
        SimpleMovingAverage(3).update(at(0), float("nan"))
    with pytest.raises(ArgumentException, match="size of at least 1"):
        SimpleMovingAverage(0)
    with pytest.raises(ArgumentException, match="fastPeriod must be less than slowPeriod"):
        MovingAverageConvergenceDivergence(3, 3, 2)


@pytest.mark.parametrize(
    ("indicator", "name"),
    [
        (ExponentialMovingAverage(14), "EMA(14)"),
        (ExponentialMovingAverage(14, 0.5), "EMA(14,0.5)"),
        (ExponentialMovingAverage("mine", 14), "mine"),
        (ExponentialMovingAverage(period=14), "EMA(14)"),
        (BollingerBands(20, 2.0), "BB(20,2)"),
        (RelativeStrengthIndex(14, MovingAverageType.SIMPLE), "RSI(14)"),
        (average(MovingAverageType.Wilders, 9), "WWMA9"),
        (Delay(3), "DELAY(3)"),
        (CompositeIndicator(Sum(1), Sum(2), max), "COMPOSE(SUM(1),SUM(2))"),
    ],
    ids=str,
)
def test_names(indicator: Any, name: str) -> None:
    assert indicator.name == name


def test_rsi_by_hand() -> None:
    rsi = RelativeStrengthIndex(2)
    feed(rsi, 10.0, 12.0, 11.0)
    assert rsi.current.value == pytest.approx(100 - 100 / (1 + 2.0))
    assert rsi.is_ready
    feed(rising := RelativeStrengthIndex(2), 1.0, 2.0, 3.0)
    assert rising.current.value == 100.0


def test_bands_without_a_width_keep_their_value() -> None:
    bands = BollingerBands(2, 2)
    feed(bands, 5.0, 6.0, 6.0)
    assert bands.current.value == 6.0
    assert bands.current.end_time == at(1)
    assert bands.middle_band.current.end_time == at(2)
    assert (bands.upper_band.current.value, bands.samples) == (6.0, 3)


def test_displaced_average() -> None:
    sma = SimpleMovingAverage(2)
    delayed = IndicatorExtensions.of(Delay(1), sma)
    feed(sma, 1.0, 3.0, 5.0, 7.0)
    # The first average, of one value, is not passed on.
    assert (delayed.current.value, delayed.samples, delayed.is_ready) == (4.0, 3, True)


def test_operations() -> None:
    left, right = Identity("l"), Identity("r")
    over = vars(IndicatorExtensions)["Over"]  # .NET's spelling
    made = [
        IndicatorExtensions.plus(left, right),
        IndicatorExtensions.minus(left, right),
        IndicatorExtensions.times(left, right),
        IndicatorExtensions.over(left, right),
        IndicatorExtensions.times(left, 10),
        over(left, 4.0),
    ]
    feed(left, 6.0)
    assert [one.samples for one in made] == [0, 0, 0, 0, 1, 1]
    feed(right, 3.0)
    assert [one.current.value for one in made] == [9.0, 3.0, 18.0, 2.0, 60.0, 1.5]
    assert all(one.is_ready for one in made)


def test_division_by_zero_gives_no_value() -> None:
    left, right = Identity("l"), Identity("r")
    ratio, seen = IndicatorExtensions.over(left, right), []
    ratio.updated += lambda *_: seen.append(1)
    for divisor in (2.0, 0.0):
        left.update(at(int(divisor == 0)), 1.0)
        right.update(at(int(divisor == 0)), divisor)
    assert (ratio.current.value, ratio.samples, len(seen)) == (0.5, 2, 1)


def test_composite_of_a_users_function() -> None:
    left, right = Identity("l"), Identity("r")
    least = CompositeIndicator(
        "least", left, right, lambda a, b: IndicatorResult(min(a.current.value, b.current.value))
    )
    feed(left, 6.0)
    feed(right, 3.0)
    assert (least.name, least.current.value, least.current.end_time) == ("least", 3.0, at(0))
    least.reset()
    assert (left.samples, right.samples, least.samples) == (0, 0, 0)


def test_weighted_average() -> None:
    value, weight = Identity("v"), Identity("w")
    weighted = IndicatorExtensions.weighted_by(value, weight, 2)
    for i, (price, volume) in enumerate([(10.0, 1.0), (20.0, 3.0), (30.0, 1.0)]):
        value.update(at(i), price)
        weight.update(at(i), volume)
    assert weighted.current.value == (20.0 * 3 + 30.0) / 4
    assert weighted.is_ready


def test_of_an_indicator() -> None:
    rsi = RelativeStrengthIndex(2)
    smooth = IndicatorExtensions.ema(rsi, 2)
    highest = IndicatorExtensions.MAX(rsi, 2)
    feed(rsi, 1.0, 2.0, 1.5, 3.0)
    assert (smooth.name, smooth.samples) == ("EMA2_Of_RSI(2)", 2)
    assert highest.current.value == max(rsi.current.value, rsi.previous.value)


def test_constant_and_functions() -> None:
    generic: Any = ConstantIndicator
    constant = generic[IndicatorDataPoint]("ten", 10)
    assert (constant.current.value, constant.is_ready) == (10.0, True)
    doubled = FunctionalIndicator("double", lambda point: 2 * point.value, lambda one: one.samples > 1)
    feed(doubled, 3.0)
    assert (doubled.current.value, doubled.is_ready) == (6.0, False)
    even = FilteredIdentity(lambda point: point.value % 2 == 0)
    feed(even, 3.0)
    assert (even.current.value, even.is_ready) == (0.0, False)
    feed(even := FilteredIdentity("even", lambda point: point.value % 2 == 0), 4.0, 5.0)
    assert (even.current.value, even.is_ready) == (4.0, True)


def test_intraday_vwap_starts_anew_each_day() -> None:
    vwap = IntradayVwap()
    for bar in BARS[:2]:
        vwap.update(bar)
    prices = [(bar.high + bar.low + bar.close) / 3 for bar in BARS]
    volumes = [bar.volume for bar in BARS]
    money = prices[0] * volumes[0] + prices[1] * volumes[1]
    assert vwap.current.value == pytest.approx(money / (volumes[0] + volumes[1]))
    tomorrow = BARS[2].clone()
    tomorrow.time += timedelta(days=1)
    vwap.update(tomorrow)
    assert vwap.current.value == pytest.approx(prices[2])
    later = tomorrow.clone(True)
    later.time += timedelta(minutes=1)
    vwap.update(later)
    assert vwap.current.end_time == tomorrow.end_time


def test_data_points() -> None:
    point = IndicatorDataPoint(SPY, at(0), 1.5)
    assert (point.symbol, point.end_time, point.value, point.price) == (SPY, at(0), 1.5, 1.5)
    assert point == IndicatorDataPoint(at(0), 1.5)
    assert point < IndicatorDataPoint(at(1), 2)
    assert str(point) == "2020-01-02T09:30:00 - 1.5"
    assert IndicatorDataPoint().end_time == datetime.min


def test_averages_of_a_constant_price_never_cross() -> None:
    """LEAN's decimals come nearer and nearer; the numbers must not turn round where they end."""
    fast, slow = ExponentialMovingAverage(80), ExponentialMovingAverage(200)
    for minute in range(6000):
        price = 3714.45 if minute >= 300 else 3600.0 + minute / 3
        fast.update(at(minute), price)
        slow.update(at(minute), price)
        assert minute < 300 or slow.current.value <= fast.current.value <= price
