"""The symbol properties database of a data folder."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.identity.symbol_properties import SymbolProperties
from utils.engine.identity.symbol_properties_database import SymbolPropertiesDatabase
from utils.errors import UserError

HEADER = (
    "market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size\n"
)
LINES = """# comment
usa,[*],equity,,USD,1,0.01,1
coinbase,BTCUSD,crypto,Bitcoin,USD,1,0.01,0.00000001,BTC-USD,0.0001
bitfinex,BTCUSD,crypto,Bitcoin,USD,1,1E-1,0.00001,tBTCUSD
oanda,EURUSD,forex,Euro,USD,1,0.00001,1000.00
usa,XYZ,unheardof,,USD,1,1,1
"""


def database(folder: Path, lines: str = LINES) -> SymbolPropertiesDatabase:
    (folder / "symbol-properties").mkdir(exist_ok=True)
    (folder / "symbol-properties" / "symbol-properties-database.csv").write_text(HEADER + lines)
    return SymbolPropertiesDatabase.from_data_folder(folder)


def test_own_line_with_its_digits(tmp_path: Path) -> None:
    symbol = Symbol.create("BTCUSD", SecurityType.CRYPTO, "coinbase")
    found = database(tmp_path).get_symbol_properties("coinbase", symbol, SecurityType.CRYPTO, "USD")
    assert str(found.exact_lot_size) == "1E-8"
    assert found.exact_minimum_order_size == Decimal("0.0001")
    assert (found.description, found.quote_currency, found.market_ticker) == ("Bitcoin", "USD", "BTC-USD")
    assert found.lot_size == 1e-8
    assert found.LotSize == found.lot_size
    assert str(found) == "Bitcoin,USD,1,0.01,0.00000001,BTC-USD,0.0001,1,1"


def test_scale_of_a_number_is_kept(tmp_path: Path) -> None:
    found = database(tmp_path).get_symbol_properties("oanda", "EURUSD", SecurityType.FOREX, "USD")
    assert str(found.exact_lot_size) == "1000.00"
    assert found.minimum_order_size is None
    exponent = database(tmp_path).get_symbol_properties("bitfinex", "btcusd", SecurityType.CRYPTO, "USD")
    assert exponent.exact_minimum_price_variation == Decimal("0.1")


def test_line_of_the_market_then_default(tmp_path: Path) -> None:
    found = database(tmp_path)
    assert found.get_symbol_properties("usa", "SPY", SecurityType.EQUITY, "EUR").quote_currency == "USD"
    default = found.get_symbol_properties("usa", "SPX", SecurityType.INDEX, "eur")
    assert (default.quote_currency, default.lot_size, default.minimum_price_variation) == ("EUR", 1.0, 0.01)


def test_first_market_of_a_symbol(tmp_path: Path) -> None:
    found = database(tmp_path)
    assert found.try_get_market("BTCUSD", SecurityType.CRYPTO) == "coinbase"
    assert found.try_get_market("BTCUSD", SecurityType.FOREX) is None
    tickers = [ticker for ticker, _ in found.get_symbol_properties_list("coinbase", SecurityType.CRYPTO)]
    assert tickers == ["BTCUSD"]


def test_entry_of_the_run_ends_with_it(tmp_path: Path) -> None:
    found = database(tmp_path)
    own = SymbolProperties("mine", "USD", 1, 0.5, 1, "")
    found.set_entry("usa", "SPY", SecurityType.EQUITY, own)
    assert SymbolPropertiesDatabase.from_data_folder() is found
    assert found.get_symbol_properties("usa", "SPY", SecurityType.EQUITY, "USD") is own
    again = SymbolPropertiesDatabase.from_data_folder(tmp_path)
    assert again.get_symbol_properties("usa", "SPY", SecurityType.EQUITY, "USD") is not own


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("usa,A,equity,,USD,1,0.01\n", "line 2: has 7 fields"),
        ("usa,A,equity,,USD,1,0.01,x\n", "line 2: a size"),
        ("usa,A,equity,,USD,1,0.01,0\n", "line 2: a size"),
        ("usa,A,equity,,USD,1,1,1\nusa,a,equity,,USD,1,1,1\n", "line 3: a has a line already"),
    ],
)
def test_damaged_lines_are_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        database(tmp_path, line)


def test_missing_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"symbol-properties-database\.csv: no symbol properties database"):
        SymbolPropertiesDatabase.from_data_folder(tmp_path)


def test_lot_size_above_zero() -> None:
    with pytest.raises(ArgumentException, match="lot_size"):
        SymbolProperties("", "USD", 1, 0.01, 0, "")
