"""A long algorithm of the kinds of statements that algorithms are made of, for measurements."""

from __future__ import annotations

from itertools import count

HEAD = '''\
from AlgorithmImports import *
from dataclasses import dataclass


@dataclass
class Limits:
    max_positions: int = 12
    strikes: int = 5


class Long(QCAlgorithm):
    """Subscribes, schedules and trades, at length."""

    LIMITS = Limits()

    def initialize(self):
        self.set_start_date(2020, 1, 1)
        self.set_end_date(2020, 12, 31)
        self.universe_settings.resolution = Resolution.MINUTE
        self.sectors = {"tech": ["T0", "T1"], "energy": ["E0", "E1", "E2"]}
        self.symbols = {}
        self.ready = False
'''
PART = """\

    def set_up_{n}(self):
        tickers = [f"S{n}_{{i}}" for i in range(5)]
        for ticker in tickers + self.sectors["tech"]:
            if ticker not in self.symbols:
                self.symbols[ticker] = self.add_equity(ticker, Resolution.MINUTE).symbol
        option = self.add_option(f"S{n}_0")
        option.set_filter(lambda u: u.strikes(-self.LIMITS.strikes, self.LIMITS.strikes).expiration(0, 27))
        self.schedule.on(self.date_rules.every_day(), self.time_rules.at(10, 0), self.rebalance_{n})

    def rebalance_{n}(self):
        total = 0
        for ticker, symbol in self.symbols.items():
            price = self.securities[symbol].price
            if price > 0 and len(self.symbols) < 1000:
                total += price
            elif self.portfolio.invested:
                continue
        if total > 100 and self.ready:
            self.log(f"{{total:.2f}} of {n}")
            return None
        try:
            weight = min(1.0, total / 100)
        except ZeroDivisionError:
            weight = 0.0
        while weight > 1:
            weight = weight / 2
        return {{"weight": weight, "name": "part {n}".upper().split(" ")}}
"""


def long_algorithm(lines: int) -> tuple[str, int]:
    """An algorithm of at least so many lines, and how many parts of 5 securities and a chain each it has."""
    parts = next(n for n in count(1) if HEAD.count("\n") + n * (PART.count("\n") + 1) >= lines)
    calls = "".join(f"        self.set_up_{n}()\n" for n in range(parts))
    return HEAD + calls + "".join(PART.format(n=n) for n in range(parts)), parts
