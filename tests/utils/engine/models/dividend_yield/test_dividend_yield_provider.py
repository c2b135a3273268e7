"""Dividend yields against Apple's dividends as it paid them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from utils.engine.testing import Backtest


def test_dividends_of_a_year_over_the_price(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import (
        DividendYieldProvider,
        OptionRight,
        OptionStyle,
        QCAlgorithm,
        Symbol,
    )

    class Yields(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2014, 6, 5)
            self.set_end_date(2014, 6, 5)
            apple = self.add_equity("AAPL").symbol
            provider = DividendYieldProvider(apple)
            # 3.05 in August and November 2013 and February 2014, 3.29 in May; seven for one on June 9th.
            paid = 3.05 * 3 + 3.29
            before, after = datetime(2014, 6, 6, 16), datetime(2014, 6, 9, 16)
            assert provider.get_dividend_yield(before, 645.57) == pytest.approx(paid / 645.57, rel=1e-3)
            assert provider.get_dividend_yield(after, 93.7) == pytest.approx(paid / 7 / 93.7, rel=1e-3)
            # Without a price that before the latest dividend counts, of May 7th: 592.33.
            assert provider.get_dividend_yield(before) == pytest.approx(paid / 592.33, rel=1e-3)
            assert provider.get_dividend_yield(datetime(1999, 1, 4), 40.0) == 0.0
            with pytest.raises(Exception, match="cannot be zero"):
                provider.get_dividend_yield(before, 0.0)
            terms = (OptionStyle.AMERICAN, OptionRight.CALL, 650, datetime(2014, 6, 21))
            contract = Symbol.create_option(apple, "usa", *terms)
            of_option = DividendYieldProvider.create_for_option(contract)
            assert of_option.get_dividend_yield(before, 645.57) == provider.get_dividend_yield(before, 645.57)

    outcome = backtest(Yields, sample_data / "lean")
    assert outcome.completed, outcome.error
