"""What brokerages demand of an order's time, size and hours: LEAN's terms by hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests.utils.engine.models.brokerage.brokerage_asset import (
    Asset,
    T,
    model_of,
    order,
    update,
    verdict,
)
from utils.engine.dotnet.money import exact
from utils.engine.enums import AccountType, OrderStatus, OrderType, SecurityType
from utils.engine.models.brokerage.order_rules import crosses_zero
from utils.engine.orders.brokerage_properties import (
    AlpacaOrderProperties,
    PublicOrderProperties,
    TradeStationOrderProperties,
    TradierOrderProperties,
    WebullOrderProperties,
)
from utils.engine.orders.time_in_force import TimeInForce


class TestTimesInForce:
    @pytest.mark.parametrize(
        ("name", "kind", "day", "until"),
        [
            ("INTERACTIVE_BROKERS_BROKERAGE", SecurityType.EQUITY, True, True),
            ("INTERACTIVE_BROKERS_FIX", SecurityType.EQUITY, True, False),
            ("OANDA_BROKERAGE", SecurityType.FOREX, False, False),
            ("TRADIER_BROKERAGE", SecurityType.EQUITY, True, False),
            ("SAMCO", SecurityType.EQUITY, True, True),
            ("ZERODHA", SecurityType.EQUITY, True, True),
            ("KRAKEN", SecurityType.CRYPTO, True, True),
        ],
    )
    def test_that_are_taken(self, name: str, kind: SecurityType, day: bool, until: bool) -> None:
        model, asset = model_of(name), Asset(kind)
        expiring = TimeInForce.good_til_date(datetime(2024, 2, 1))
        assert verdict(model, asset, T.LIMIT, time_in_force=TimeInForce.DAY)[0] is day
        assert verdict(model, asset, T.LIMIT, time_in_force=expiring)[0] is until

    def test_fxcm_looks_at_those_of_market_orders_only(self) -> None:
        model, pair = model_of("FXCM_BROKERAGE"), Asset(SecurityType.FOREX)
        day = {"time_in_force": TimeInForce.DAY}
        assert "DayTimeInForce" in verdict(model, pair, T.MARKET, **day)[1]
        assert verdict(model, pair, T.LIMIT, limit_price=exact(99), **day)[0]


class TestOpeningOrders:
    """Interactive Brokers takes them 16:00-9:28, Alpaca 19:00-9:28, TradeStation 6:00-9:29."""

    @pytest.mark.parametrize(
        ("time", "takers"),
        [
            ((16, 0), "I"),
            ((15, 59), ""),
            ((18, 59), "I"),
            ((19, 0), "IA"),
            ((0, 0), "IA"),
            ((6, 0), "IAT"),
            ((9, 27), "IAT"),
            ((9, 28), "T"),
            ((9, 29), ""),
        ],
    )
    def test_at_a_time_of_the_day(self, time: tuple[int, int], takers: str) -> None:
        names = {"I": "INTERACTIVE_BROKERS_BROKERAGE", "A": "ALPACA", "T": "TRADE_STATION"}
        asset = Asset(local_time=datetime(2024, 1, 3, *time))
        taken = "".join(
            short for short, name in names.items() if verdict(model_of(name), asset, T.MARKET_ON_OPEN)[0]
        )
        assert taken == takers

    def test_at_any_time_of_a_day_without_session(self) -> None:
        saturday = Asset(local_time=datetime(2024, 1, 6, 12))
        for name in ("INTERACTIVE_BROKERS_BROKERAGE", "ALPACA", "TRADE_STATION"):
            assert verdict(model_of(name), saturday, T.MARKET_ON_OPEN)[0]

    def test_message(self) -> None:
        message = verdict(model_of("INTERACTIVE_BROKERS_BROKERAGE"), Asset(), T.MARKET_ON_OPEN)[1]
        assert "Valid local times are  04:00– 09:28." in message


class TestSizes:
    @pytest.mark.parametrize(
        ("pair", "quantity", "taken"),
        [
            ("EURUSD", 19_999, False),
            ("EURUSD", -20_000, True),
            ("EURUSD", 6_000_000, True),
            ("EURUSD", 6_000_001, False),
            ("USDJPY", 24_999, False),
            ("USDJPY", 25_000, True),
            ("KRWUSD", 1, True),
            ("CZKUSD", 30_000, False),
            ("TRYUSD", 30_000, False),
        ],
    )
    def test_of_currencies_at_interactive_brokers(self, pair: str, quantity: float, taken: bool) -> None:
        asset = Asset(SecurityType.FOREX, pair, "oanda")
        model = model_of("INTERACTIVE_BROKERS_BROKERAGE")
        assert verdict(model, asset, T.MARKET, quantity)[0] is taken
        resting = order(asset, T.LIMIT, 30_000)
        assert update(model, asset, resting, quantity=quantity)[0] is taken
        assert update(model, asset, resting, limit_price=1.0)[0]

    def test_notional_at_binance_is_above_the_least_size(self) -> None:
        model, coin = model_of("BINANCE"), Asset(SecurityType.CRYPTO, least="10")
        assert not verdict(model, coin, T.MARKET, 0.1)[0]  # 10: not above
        assert verdict(model, coin, T.MARKET, -0.11)[0]
        assert not verdict(model, coin, T.LIMIT, 0.11, limit_price=exact(90))[0]
        assert not verdict(model, coin, T.STOP_LIMIT, 0.11, limit_price=exact(99), stop_price=exact(90))[0]
        assert "Order size was 9.90." in verdict(model, coin, T.LIMIT, 0.11, limit_price=exact(90))[1]
        assert "no data" in verdict(model, Asset(SecurityType.CRYPTO, has_data=False), T.MARKET)[1]
        assert "exchangeInfo?symbol=BTC-USD" in verdict(model, coin, T.STOP_MARKET)[1]

    @pytest.mark.parametrize("name", ["BITFINEX", "COINBASE", "GDAX", "BYBIT", "KRAKEN", "FTX"])
    def test_quantity_at_other_exchanges_is_at_least_the_least_size(self, name: str) -> None:
        model, coin = model_of(name), Asset(SecurityType.CRYPTO, least="0.5")
        assert verdict(model, coin, T.LIMIT, -0.5)[0]
        assert "minimum order size" in verdict(model, coin, T.LIMIT, 0.49)[1]

    @pytest.mark.parametrize("name", ["RBI", "TD_AMERITRADE", "WOLVERINE"])
    def test_quantity_of_shares_is_at_least_the_least_size(self, name: str) -> None:
        share = Asset(least="10")
        assert verdict(model_of(name), share, T.LIMIT, 10)[0]
        assert not verdict(model_of(name), share, T.LIMIT, -9)[0]

    @pytest.mark.parametrize("name", ["BITFINEX", "COINBASE"])
    def test_of_updates(self, name: str) -> None:
        model, coin = model_of(name), Asset(SecurityType.CRYPTO, least="0.5")
        resting = order(coin, T.LIMIT, 1)
        resting.status = OrderStatus.SUBMITTED
        assert update(model, coin, resting, quantity=0.5)[0]
        assert not update(model, coin, resting, quantity=-0.4)[0]
        assert update(model, coin, resting, limit_price=90.0)[0]

    def test_whole_shares(self) -> None:
        for name in ("AXOS", "EZE"):
            assert verdict(model_of(name), Asset(), T.MARKET, -3)[0]
            assert "must be Integer" in verdict(model_of(name), Asset(), T.MARKET, -2.5)[1]

    def test_lots_and_prices_at_fxcm(self) -> None:
        model, pair = model_of("FXCM_BROKERAGE"), Asset(SecurityType.FOREX, lot="1000", price="1.10")
        assert verdict(model, pair, T.MARKET, 2_000)[0]
        assert "multiple of" in verdict(model, pair, T.MARKET, 1_500)[1]
        for kind, quantity, price, taken in (
            (T.LIMIT, 1_000, "1.09", True),
            (T.LIMIT, 1_000, "1.11", False),
            (T.LIMIT, -1_000, "1.11", True),
            (T.STOP_MARKET, 1_000, "1.11", True),
            (T.STOP_MARKET, -1_000, "1.11", False),
            (T.LIMIT, 1_000, "0.55", True),  # half the price is as far as it goes
            (T.LIMIT, 1_000, "0.54", False),
        ):
            prices = {"limit_price": Decimal(price), "stop_price": Decimal(price)}
            assert verdict(model, pair, kind, quantity, **prices)[0] is taken
        resting = order(pair, T.LIMIT, 1_000, limit_price=Decimal("1.09"))
        assert not update(model, pair, resting, limit_price=1.11)[0]
        assert update(model, pair, resting, limit_price=1.08)[0]
        assert not update(model, pair, resting, quantity=1_500)[0]


class TestUpdates:
    @pytest.mark.parametrize("name", ["BINANCE", "KRAKEN", "FTX", "WOLVERINE", "TERMINAL_LINK", "BYBIT"])
    def test_are_not_taken(self, name: str) -> None:
        asset = Asset(SecurityType.CRYPTO)
        assert (
            "does not support update" in update(model_of(name), asset, order(asset, T.LIMIT), quantity=1)[1]
        )

    def test_at_coinbase_are_of_open_limit_orders(self) -> None:
        model, coin = model_of("COINBASE"), Asset(SecurityType.CRYPTO)
        resting = order(coin, T.LIMIT)
        resting.status = OrderStatus.SUBMITTED
        assert update(model, coin, resting, limit_price=90.0)[0]
        resting.status = OrderStatus.CANCEL_PENDING
        assert "CancelPending" in update(model, coin, resting, limit_price=90.0)[1]
        assert "only LIMIT" in update(model, coin, order(coin, T.STOP_LIMIT), limit_price=90.0)[1]

    def test_of_the_quantity(self) -> None:
        share = Asset(held=50)
        resting = order(share, T.LIMIT, -80)
        for name in ("TRADIER_BROKERAGE", "TRADE_STATION"):
            assert not update(model_of(name), share, resting, quantity=-90)[0]
            assert update(model_of(name), share, resting, quantity=-80, limit_price=110.0)[0]
        plain = order(share, T.LIMIT, 80)
        assert not update(model_of("TRADIER_BROKERAGE"), share, plain, quantity=90)[0]
        assert update(model_of("TRADE_STATION"), share, plain, quantity=90)[0]


class TestTurningAPosition:
    @pytest.mark.parametrize(
        ("held", "quantity", "expected"),
        [
            (10, -11, True),
            (10, -10, False),
            (-10, 11, True),
            (-10, 9, False),
            (0, -5, False),
            (10, 50, False),
        ],
    )
    def test_crossing_zero(self, held: int, quantity: int, expected: bool) -> None:
        assert crosses_zero(Decimal(held), Decimal(quantity)) is expected

    def test_by_auction_orders(self) -> None:
        for name in ("ALPACA", "TRADE_STATION"):
            model = model_of(name)
            assert verdict(model, Asset(held=100), T.MARKET_ON_CLOSE, -100)[0]
            assert "cross the zero holdings" in verdict(model, Asset(held=100), T.MARKET_ON_CLOSE, -101)[1]
            assert verdict(model, Asset(held=100), T.MARKET, -101)[0]


class TestOutsideRegularHours:
    def test_at_alpaca_are_day_limit_orders(self) -> None:
        model, share = model_of("ALPACA"), Asset()

        def taken(kind: OrderType, resting: Any) -> bool:
            properties = AlpacaOrderProperties()
            properties.outside_regular_trading_hours = True
            return verdict(model, share, kind, properties=properties, time_in_force=resting)[0]

        assert taken(T.LIMIT, TimeInForce.DAY)
        assert not taken(T.LIMIT, TimeInForce.GOOD_TIL_CANCELED)
        assert not taken(T.MARKET, TimeInForce.DAY)

    def test_at_others_are_limit_orders_in_shares(self) -> None:
        for name, kind in (
            ("TRADE_STATION", TradeStationOrderProperties),
            ("PUBLIC", PublicOrderProperties),
            ("WEBULL", WebullOrderProperties),
        ):
            properties: Any = kind()
            properties.OutsideRegularTradingHours = True
            assert verdict(model_of(name), Asset(), T.LIMIT, properties=properties)[0]
            assert not verdict(model_of(name), Asset(), T.MARKET, properties=properties)[0]

    def test_public_decides_on_margin_when_nothing_is_said(self) -> None:
        for account, said, expected in (
            (AccountType.MARGIN, None, True),
            (AccountType.MARGIN, False, False),
            (AccountType.CASH, True, False),
        ):
            properties = PublicOrderProperties()
            properties.use_margin = said
            assert verdict(model_of("PUBLIC", account), Asset(), T.LIMIT, properties=properties)[0]
            assert properties.use_margin is expected


class TestTradier:
    model = property(lambda _self: model_of("TRADIER_BROKERAGE"))

    def test_short_sales_are_day_orders_of_shares_that_are_not_cheap(self) -> None:
        day = {"time_in_force": TimeInForce.DAY}
        assert "ShortOrderIsGtc" in verdict(self.model, Asset(), T.LIMIT, -10)[1]
        assert verdict(self.model, Asset(held=10), T.LIMIT, -10)[0]
        assert verdict(self.model, Asset(price="5"), T.LIMIT, -10, **day)[0]
        assert "priced below $5" in verdict(self.model, Asset(price="4.99"), T.LIMIT, -10, **day)[1]

    @pytest.mark.parametrize(
        ("quantity", "taken"), [(0.5, False), (1, True), (10**7, True), (10**7 + 1, False)]
    )
    def test_quantities(self, quantity: float, taken: bool) -> None:
        assert verdict(self.model, Asset(), T.MARKET, quantity)[0] is taken

    @pytest.mark.parametrize(
        ("time", "asked", "fills", "taken"),
        [
            ((10, 0), False, True, True),
            ((8, 0), False, False, True),  # rests until the open
            ((8, 0), True, True, True),
            ((9, 24), True, False, False),
            ((19, 54), True, True, True),
            ((19, 55), True, False, False),
        ],
    )
    def test_orders_rest_while_the_exchange_is_shut(
        self, time: tuple[int, int], asked: bool, fills: bool, taken: bool
    ) -> None:
        asset, properties = Asset(local_time=datetime(2024, 1, 3, *time)), TradierOrderProperties()
        properties.outside_regular_trading_hours = asked
        resting = order(asset, T.LIMIT, properties=properties)
        assert self.model.can_execute_order(asset, resting) is fills
        assert self.model.can_submit_order(asset, resting)[0] is taken

    def test_open_orders_are_canceled_when_shares_are_put_together(self) -> None:
        ticket = SimpleNamespace(canceled=[])
        ticket.cancel = ticket.canceled.append
        self.model.apply_split([ticket], SimpleNamespace(split_factor=4.0))
        assert ticket.canceled == ["Tradier Brokerage cancels open orders on reverse split symbols"]


class TestCoinsBefore:
    def test_stop_market_orders_at_coinbase_until_2019(self) -> None:
        model, coin = model_of("COINBASE"), Asset(SecurityType.CRYPTO)
        resting = order(coin, T.STOP_MARKET)
        resting.time = datetime(2019, 3, 23, 0, 59)
        assert model.can_submit_order(coin, resting)[0]
        assert "03/23/2019 01:00:00" in verdict(model, coin, T.STOP_MARKET)[1]

    def test_stops_at_ftx_are_beyond_the_market(self) -> None:
        model, coin = model_of("FTX"), Asset(SecurityType.CRYPTO)
        assert verdict(model, coin, T.STOP_MARKET, 1, stop_price=exact(101))[0]
        assert "too low" in verdict(model, coin, T.STOP_MARKET, 1, stop_price=exact(99))[1]
        assert "too high" in verdict(model, coin, T.STOP_LIMIT, -1, stop_price=exact(101))[1]

    def test_samco_and_zerodha_fill_only_what_they_trade(self) -> None:
        for name in ("SAMCO", "ZERODHA"):
            share, pair = Asset(), Asset(SecurityType.FOREX)
            assert model_of(name).can_execute_order(share, order(share))
            assert not model_of(name).can_execute_order(pair, order(pair))


def test_exante_takes_orders_with_a_price_only() -> None:
    share = Asset()
    assert "Price is not set." in verdict(model_of("EXANTE"), share, T.LIMIT)[1]
    filled = order(share)
    filled.exact_price = Decimal(100)
    assert model_of("EXANTE").can_submit_order(share, filled)[0]
