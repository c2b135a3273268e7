"""The EMA cross in NautilusTrader, over closes in a .npy file; prints seconds and bars as JSON."""

import json
import sys
import time

import numpy as np
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig
from nautilus_trader.indicators import ExponentialMovingAverage
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.data import Bar, BarType
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import Venue
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.trading.strategy import Strategy

MINUTE = 60_000_000_000


class EmaCross(Strategy):
    def __init__(self, instrument, bar_type):
        super().__init__()
        self.instrument, self.bar_type = instrument, bar_type
        self.fast, self.slow = ExponentialMovingAverage(390), ExponentialMovingAverage(3900)

    def on_start(self):
        self.register_indicator_for_bars(self.bar_type, self.fast)
        self.register_indicator_for_bars(self.bar_type, self.slow)
        self.subscribe_bars(self.bar_type)

    def on_bar(self, bar):
        if not self.indicators_initialized():
            return
        up = self.fast.value >= self.slow.value
        flat = self.portfolio.is_flat(self.instrument.id)
        if up and flat:
            order = self.order_factory.market(self.instrument.id, OrderSide.BUY, Quantity.from_int(300))
            self.submit_order(order)
        elif not up and not flat:
            self.close_all_positions(self.instrument.id)


def main():
    closes = np.load(sys.argv[1])
    engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
    venue = Venue("XNAS")
    engine.add_venue(venue, OmsType.NETTING, AccountType.MARGIN, [Money(100_000, USD)], base_currency=USD)
    instrument = TestInstrumentProvider.equity("SPY", "XNAS")
    engine.add_instrument(instrument)
    bar_type = BarType.from_str("SPY.XNAS-1-MINUTE-LAST-EXTERNAL")
    volume = Quantity.from_int(1000)
    bars = []
    for place, close in enumerate(closes.tolist()):
        price, moment = Price(close, 2), 1_500_000_000_000_000_000 + place * MINUTE
        bars.append(Bar(bar_type, price, price, price, price, volume, moment, moment))
    engine.add_data(bars)
    engine.add_strategy(EmaCross(instrument, bar_type))
    began = time.process_time()
    engine.run()
    print(json.dumps({"bars": len(bars), "seconds": time.process_time() - began}))


main()
