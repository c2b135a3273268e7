"""The EMA cross in backtrader, over closes in a .npy file; prints seconds and bars as JSON."""

import json
import sys
import time

import backtrader as bt
import numpy as np


class Minutes(bt.feed.DataBase):
    """Bars in memory, a minute apart."""

    def __init__(self, closes):
        super().__init__()
        self.closes, self.place = closes, 0

    def _load(self):
        if self.place == len(self.closes):
            return False
        price = self.closes[self.place]
        self.lines.datetime[0] = 737_000.0 + self.place / 1440
        for line in (self.lines.open, self.lines.high, self.lines.low, self.lines.close):
            line[0] = price
        self.lines.volume[0] = 1000.0
        self.place += 1
        return True


class EmaCross(bt.Strategy):
    def __init__(self):
        self.fast = bt.ind.EMA(self.data.close, period=390)
        self.slow = bt.ind.EMA(self.data.close, period=3900)

    def next(self):
        up = self.fast[0] > self.slow[0]
        if up and not self.position:
            self.buy(size=300)
        elif not up and self.position:
            self.close()


def main():
    closes = np.load(sys.argv[1]).tolist()
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.broker.setcash(100_000)
    cerebro.addstrategy(EmaCross)
    cerebro.adddata(Minutes(closes))
    began = time.process_time()
    cerebro.run()
    print(json.dumps({"bars": len(closes), "seconds": time.process_time() - began}))


main()
