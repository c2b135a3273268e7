"""What borrowed shares cost: amounts by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from utils.engine.models.interest.margin_interest_rate_parameters import MarginInterestRateParameters
from utils.engine.models.interest.null_margin_interest_rate_model import MarginInterestRateModel
from utils.engine.models.interest.short_margin_interest_rate_model import ShortMarginInterestRateModel
from utils.engine.securities.cash import Cash

NOON = datetime(2021, 3, 1, 12)
DAY = timedelta(days=1)


class Rates:
    """Rates of a year: 3.6 percent for shorts, 1.8 percent for longs."""

    def fee_rate(self, symbol: Any, time: datetime) -> float:  # noqa: ARG002 - LEAN's
        return 0.036

    def rebate_rate(self, symbol: Any, time: datetime) -> float:  # noqa: ARG002 - LEAN's
        return 0.018


def security(value: int, provider: Any = None) -> Any:
    """A position worth `value`, negative when short, with a thousand dollars."""
    held = SimpleNamespace(exact_quantity=Decimal(value), exact_holdings_value=Decimal(value))
    return SimpleNamespace(
        symbol="SPY",
        local_time=NOON,
        holdings=held,
        quote_currency=Cash("USD", 1000, 1),
        shortable_provider=provider or Rates(),
    )


def run(model: Any, asset: Any, *times: datetime) -> float:
    """Cash after the model was asked at these times."""
    for time in times:
        model.apply_margin_interest_rate(MarginInterestRateParameters(asset, time))
    return float(asset.quote_currency.amount)


def test_a_short_position_pays_once_a_day() -> None:
    model, asset = ShortMarginInterestRateModel(), security(-10_000)
    assert run(model, asset, NOON, NOON + timedelta(hours=1)) == 1000
    assert run(model, asset, NOON + DAY) == 999  # 10,000 x 3.6 % / 360
    assert run(model, asset, NOON + DAY + timedelta(hours=2)) == 999
    assert run(model, asset, NOON + 4 * DAY) == 996  # over a weekend
    assert model.amount == -4


def test_a_long_position_is_paid() -> None:
    assert run(ShortMarginInterestRateModel(), security(10_000), NOON, NOON + 2 * DAY) == 1001


def test_the_clock_starts_again_with_a_new_side() -> None:
    model, asset = ShortMarginInterestRateModel(), security(-10_000)
    run(model, asset, NOON)
    asset.holdings.exact_quantity = asset.holdings.exact_holdings_value = Decimal(10_000)
    assert run(model, asset, NOON + 5 * DAY) == 1000
    asset.holdings.exact_quantity = Decimal(0)
    assert run(model, asset, NOON + 9 * DAY) == 1000
    asset.holdings.exact_quantity = Decimal(10_000)
    assert run(model, asset, NOON + 10 * DAY, NOON + 11 * DAY) == 1000.5


def test_without_a_rate_nothing_is_charged() -> None:
    free = SimpleNamespace(fee_rate=lambda _symbol, _time: 0)
    assert (
        run(ShortMarginInterestRateModel(), security(-10_000, free), NOON, NOON + DAY, NOON + 2 * DAY) == 1000
    )


def test_no_interest() -> None:
    assert run(MarginInterestRateModel.NULL, security(-10_000), NOON, NOON + DAY) == 1000
