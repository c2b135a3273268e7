from datetime import datetime

from AlgorithmImports import *

END = datetime(2024, 5, 31)


class EmaCross(QCAlgorithm):
    """Long while the fast average is over the slow one."""

    def initialize(self):
        self.set_start_date(2019, 1, 2)
        self.set_end_date(END)
        self.set_cash(100000)
        self.spy = self.add_equity("SPY", Resolution.MINUTE).symbol
        self.fast = self.ema(self.spy, 390)
        self.slow = self.ema(self.spy, 3900)

    def on_data(self, slice):
        if not self.slow.is_ready:
            return
        long = self.fast.current.value > self.slow.current.value
        if long and not self.portfolio.invested:
            self.set_holdings(self.spy, 1)
        elif not long and self.portfolio.invested:
            self.liquidate(self.spy)
