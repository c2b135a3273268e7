"""Lot and tick sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from trading.simulation.instrument import Account, Fees, SecurityType
from utils.data.lean.series import LeanSeries, list_series
from utils.data.lean.symbol_properties import DATABASE, instrument, symbol_properties
from utils.errors import UserError

BTC, SPY = LeanSeries.parse("crypto/coinbase/minute/btcusd"), LeanSeries.parse("equity/usa/daily/spy")


def test_own_line_then_the_markets_then_leans_default(folder: Path) -> None:
    assert symbol_properties(folder, BTC) == ("Bitcoin-US Dollar", "USD", 0.01, 1e-8, 1e-8)
    assert symbol_properties(folder, SPY) == ("", "USD", 0.01, 1, 0)
    assert symbol_properties(folder, LeanSeries.parse("index/usa/daily/vix")).minimum_price_variation == 0.001
    assert symbol_properties(folder, LeanSeries.parse("index/usa/daily/spx")) == ("", "USD", 0.01, 1, 0)


def test_every_series_of_the_sample_has_properties(lean: Path) -> None:
    for series in list_series(lean):
        properties = symbol_properties(lean, series)
        assert properties.lot_size > 0
        assert properties.minimum_price_variation > 0
        assert len(properties.quote_currency) >= 3


def test_an_instrument_takes_sizes_from_the_database_and_terms_as_given(folder: Path) -> None:
    fees = Fees(rate=0.001)
    made = instrument(folder, BTC, account=Account.CASH, fees=fees, slippage=0.0005)
    assert (made.security_type, made.lot_size, made.tick_size) == (SecurityType.CRYPTO, 1e-8, 0.01)
    assert (made.account, made.leverage, made.fees, made.slippage) == (Account.CASH, 1.0, fees, 0.0005)


def test_an_unknown_pair_is_named(folder: Path) -> None:
    with pytest.raises(
        UserError, match=r"properties-database\.csv: no line for DOGEUSD of crypto in coinbase"
    ):
        symbol_properties(folder, LeanSeries.parse("crypto/coinbase/minute/dogeusd"))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("usa,[*],equity,,USD,1", "line 5: has 6 fields"),
        ("usa,[*],equity,,USD,1,a cent,1", "line 5: a size is not a number"),
        ("usa,[*],equity,,USD,1,0.01,0", "line 5: a size is not above zero"),
    ],
)
def test_a_malformed_line_is_named(folder: Path, line: str, named: str) -> None:
    path = folder / DATABASE
    lines = path.read_text().split("\n")
    lines[3] += f"\n{line}" if "fields" in named else ""
    lines = [line if text.startswith("usa,[*]") and "fields" not in named else text for text in lines]
    path.write_text("\n".join(["", *lines][0 if "fields" not in named else 1 :]))
    with pytest.raises(UserError, match=named):
        symbol_properties(folder, SPY)


def test_a_missing_database_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no symbol properties database.*data\.py sample"):
        symbol_properties(tmp_path, BTC)
