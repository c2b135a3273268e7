from datetime import datetime

from AlgorithmImports import *

END = datetime(2024, 5, 31)


class Empty(QCAlgorithm):
    """Looks at nothing."""

    def initialize(self):
        self.set_start_date(2019, 1, 2)
        self.set_end_date(END)
        self.add_equity("SPY", Resolution.MINUTE)

    def on_data(self, slice):
        pass
