"""Chains: contracts that come and go by a filter, what a slice shows of them, what is listed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from utils.engine.testing import Backtest

START = (2015, 12, 23)


def run(backtest: Backtest, kind: type, sample_data: Path) -> Any:
    outcome = backtest(kind, sample_data / "lean")
    assert outcome.completed, outcome.error
    return outcome.algorithm


def test_a_filter_chooses_when_a_day_is_over(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import QCAlgorithm

    class Follows(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(*START)
            self.set_end_date(2015, 12, 24)
            self.told: list[Any] = []
            self.asked: list[datetime] = []
            option = self.add_option("GOOG")
            option.set_filter(self.choose)

        def choose(self, universe: Any) -> Any:
            self.asked.append(self.time)
            right = 0 if len(self.asked) == 1 else 1
            rows = [row for row in universe if row.right == right and row.strike == 750]
            return universe.contracts(rows).front_month()

        def on_securities_changed(self, changes: Any) -> None:
            added = [security.symbol.value for security in changes.added_securities]
            removed = [security.symbol.value for security in changes.removed_securities]
            self.told.append((self.time, added, removed))

    algorithm = run(backtest, Follows, sample_data)
    # The listing of the 22nd has contracts of the 24th only; each is chosen from at the midnight after it.
    call, put = "GOOG  151224C00750000", "GOOG  151224P00750000"
    midnights = [datetime(2015, 12, 23), datetime(2015, 12, 24)]
    assert algorithm.asked == midnights  # the listing of the last date is known after the end
    assert algorithm.told[:2] == [(midnights[0], ["GOOG", call], []), (midnights[1], [put], [call])]
    assert call not in [security.symbol.value for security in algorithm.securities.active()]


def test_a_slice_shows_the_contracts_that_have_data(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import OptionPriceModelResult, QCAlgorithm

    class Model:
        def evaluate(self, parameters: Any) -> Any:
            contract = parameters.contract
            assert parameters.security.symbol == contract.symbol
            assert contract.symbol in parameters.slice.option_chains[contract.symbol].contracts
            return OptionPriceModelResult(contract.underlying_last_price - contract.strike, 0.25, None)

    class Looks(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2015, 12, 24)
            self.set_end_date(2015, 12, 24)
            option = self.add_option("GOOG")
            option.set_filter(lambda u: u.strikes(-2, 2).expiration(0, 10))
            option.set_price_model(Model())
            self.chain = option.symbol
            self.seen = 0

        def on_data(self, slice: Any) -> None:  # noqa: A002 - LEAN's name
            chain = slice.option_chains.get(self.chain)
            if chain is None:
                return
            self.seen += 1
            assert slice.option_chains[chain.symbol.underlying] is chain
            for contract in chain:
                bar = slice.quote_bars.get(contract.symbol)
                security = self.securities[contract.symbol]
                assert contract.bid_price == (bar.bid.close if bar and bar.bid else 0.0)
                assert contract.underlying_last_price == chain.underlying.price
                assert contract.open_interest in (0, security.open_interest)
                assert contract.theoretical_price == chain.underlying.price - contract.strike
                assert contract.implied_volatility == 0.25
                assert contract.expiry <= datetime(2016, 1, 3)
            self.most = max(getattr(self, "most", 0), chain.contracts.count)
            values = [contract.symbol.value for contract in chain]
            assert values == sorted(values)

    algorithm = run(backtest, Looks, sample_data)
    assert algorithm.seen > 200
    assert algorithm.most == 16  # four strikes, two rights, two expiries


def test_listed_contracts_without_subscription(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import QCAlgorithm

    class Lists(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2015, 12, 24)
            self.set_end_date(2015, 12, 24)
            goog = self.add_equity("GOOG").symbol
            self.chain = self.option_chain(goog, flatten=True)
            self.frame = self.chain.data_frame
            self.provided = self.option_chain_provider.get_option_contract_list(goog, self.time)
            self.future = self.option_chain_provider.get_option_contract_list(goog, date(2015, 12, 31))

    algorithm = run(backtest, Lists, sample_data)
    frame, chain = algorithm.frame, algorithm.chain
    assert [contract.symbol for contract in chain] == sorted(algorithm.provided)
    assert list(frame.index) == [contract.symbol for contract in chain]
    # The file's line of the underlying: its close of the 23rd.
    assert set(frame.underlyinglastprice) == {748.54}
    one = next(contract for contract in chain if contract.symbol.value == "GOOG  160115C00750000")
    assert (frame.loc[one.symbol].strike, frame.loc[one.symbol].delta) == (750.0, one.greeks.delta)
    # A listing of a later date is not known yet: what is known is told, as far as it lives until then.
    assert algorithm.future == [s for s in algorithm.provided if s.id.date >= datetime(2015, 12, 31)]


def test_a_removed_chain_takes_its_contracts_along(backtest: Backtest, sample_data: Path) -> None:
    from AlgorithmImports import QCAlgorithm

    class Removes(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(*START)
            self.set_end_date(2015, 12, 28)
            self.option = self.add_option("GOOG")
            self.chains: list[datetime] = []

        def on_data(self, slice: Any) -> None:  # noqa: A002 - LEAN's name
            if len(slice.option_chains):
                self.chains.append(self.time)
                if self.time.hour == 10:
                    self.remove_security(self.option.symbol)

    algorithm = run(backtest, Removes, sample_data)
    assert algorithm.chains[-1] == datetime(2015, 12, 23, 10)
    assert not algorithm.securities.active()


@pytest.mark.parametrize("resolution", ["HOUR", "DAILY"])
def test_long_bars_of_chains(backtest: Backtest, sample_data: Path, resolution: str) -> None:
    from AlgorithmImports import QCAlgorithm, Resolution

    class Slow(QCAlgorithm):
        def initialize(self) -> None:
            self.set_start_date(2014, 6, 6)
            self.set_end_date(2014, 6, 9)
            option = self.add_option("AAPL", getattr(Resolution, resolution))
            option.set_filter(-5, 5)
            self.counts: list[int] = []

        def on_data(self, slice: Any) -> None:  # noqa: A002 - LEAN's name
            for pair in slice.option_chains:
                self.counts.append(pair.value.contracts.count)
                assert pair.value.underlying.price > 0

    algorithm = run(backtest, Slow, sample_data)
    assert algorithm.counts
    assert max(algorithm.counts) > 5
