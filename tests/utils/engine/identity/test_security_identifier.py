"""Security identifiers: LEAN's texts, and back."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.dotnet.exceptions import (
    ArgumentException,
    ArgumentOutOfRangeException,
    FormatException,
    InvalidOperationException,
)
from utils.engine.enums import OptionRight, OptionStyle, SecurityType
from utils.engine.identity.data_folder import data_folder, use_data_folder
from utils.engine.identity.security_identifier import SecurityIdentifier

FIRST_DATE = datetime(1998, 1, 2)
SPY = SecurityIdentifier.generate_equity(FIRST_DATE, "SPY", "usa")


@pytest.fixture
def _map_files(sample_data: Path) -> Iterator[None]:
    before = data_folder()
    use_data_folder(sample_data / "lean")
    yield
    use_data_folder(before)


@pytest.mark.usefixtures("_map_files")
@pytest.mark.parametrize(
    ("ticker", "text"),
    [
        ("SPY", "SPY R735QTJ8XC9X"),
        ("AAPL", "AAPL R735QTJ8XC9X"),
        ("GOOGL", "GOOG T1AZ164W5VTX"),  # GOOG until 2014
        ("GOOG", "GOOCV VP83T1ZUHROL"),
        ("TWX", "AOL R735QTJ8XC9X"),
        ("QQQ", "QQQ RIWIV7K5Z9LX"),
        ("spy", "SPY R735QTJ8XC9X"),
    ],
)
def test_equity_has_first_ticker_and_date_of_its_map_file(ticker: str, text: str) -> None:
    assert str(SecurityIdentifier.generate_equity(ticker, "usa")) == text


@pytest.mark.usefixtures("_map_files")
def test_equity_without_map_file_has_the_default_date() -> None:
    identifier = SecurityIdentifier.generate_equity("AMZN", "usa")
    assert str(identifier) == "AMZN 2T"
    assert identifier.date == datetime(1899, 12, 30)


def test_number_of_a_first_ticker_is_dropped(tmp_path: Path) -> None:
    home = tmp_path / "equity" / "usa" / "map_files"
    home.mkdir(parents=True)
    (home / "new.csv").write_text("20100104,old.1,Q\n20501231,new,Q\n")
    before = data_folder()
    use_data_folder(tmp_path)
    try:
        assert SecurityIdentifier.generate_equity("NEW", "usa").symbol == "OLD"
    finally:
        use_data_folder(before)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (SecurityIdentifier.generate_crypto("BTCUSD", "coinbase"), "BTCUSD 2XR"),
        (SecurityIdentifier.generate_crypto("BTCUSD", "bitfinex"), "BTCUSD E3"),
        (SecurityIdentifier.generate_crypto("BTCUSDT", "binance"), "BTCUSDT 18N"),
        (SecurityIdentifier.generate_forex("EURUSD", "oanda"), "EURUSD 8G"),
        (SecurityIdentifier.generate_forex("EURUSD", "fxcm"), "EURUSD 5O"),
        (SecurityIdentifier.generate_index("SPX", "usa"), "SPX 31"),
        (SecurityIdentifier.generate_base(None, "RSI", "usa"), "RSI 2S"),
        (SecurityIdentifier.generate_future(datetime(2020, 12, 21), "CL", "nymex"), "CL XKJAZ588SI4H"),
        (SecurityIdentifier.generate_future(datetime(2014, 9, 19), "ES", "cme"), "ES VU1EHIDJYLMP"),
    ],
)
def test_texts_of_other_kinds(made: SecurityIdentifier, text: str) -> None:
    assert str(made) == text
    assert SecurityIdentifier.parse(text) == made


def test_option_known_from_its_text() -> None:
    option = SecurityIdentifier.parse("GOOCV W78ZERHAT67A|GOOCV VP83T1ZUHROL")
    assert option.security_type == SecurityType.OPTION
    assert option.date == datetime(2016, 1, 15)
    assert (option.option_right, option.option_style) == (OptionRight.CALL, OptionStyle.AMERICAN)
    assert option.strike_price == 745.0
    assert str(option.underlying) == "GOOCV VP83T1ZUHROL"
    made = SecurityIdentifier.generate_option(
        datetime(2016, 1, 15), option.underlying, "usa", 745, OptionRight.CALL, OptionStyle.AMERICAN
    )
    assert made == option


def test_properties_of_an_option() -> None:
    option = SecurityIdentifier.generate_option(
        datetime(2015, 9, 18), SPY, "usa", 195.5, OptionRight.PUT, OptionStyle.EUROPEAN
    )
    assert option.exact_strike_price == Decimal("195.5")
    assert (option.option_right, option.option_style) == (OptionRight.PUT, OptionStyle.EUROPEAN)
    assert (option.symbol, option.market, option.date) == ("SPY", "usa", datetime(2015, 9, 18))
    assert option.has_underlying
    assert option.underlying == SPY


@given(
    days=st.integers(0, 60_000),
    strike=st.decimals(Decimal("-47"), Decimal("47"), places=4),
    right=st.sampled_from(OptionRight),
    style=st.sampled_from(OptionStyle),
)
def test_every_option_comes_back_from_its_text(
    days: int, strike: Decimal, right: OptionRight, style: OptionStyle
) -> None:
    expiry = datetime(1899, 12, 30) + timedelta(days=days)
    made = SecurityIdentifier.generate_option(expiry, SPY, "usa", strike, right, style)
    back = SecurityIdentifier.parse(str(made))
    assert back == made
    assert hash(back) == hash(made)
    assert (back.date, back.exact_strike_price, back.option_right, back.option_style) == (
        expiry,
        strike,
        right,
        style,
    )
    assert back.underlying == SPY


@pytest.mark.parametrize("strike", ["475712", "-475712", "47.57121"])
def test_strikes_of_too_many_digits_are_refused(strike: str) -> None:
    # 475712 itself would need a seventh digit below zero; a power of ten costs none.
    scaled = Decimal(strike) if "." in strike else Decimal(strike) / 1_000_000
    with pytest.raises(ArgumentException, match="digits"):
        SecurityIdentifier.generate_option(datetime(2020, 1, 2), SPY, "usa", scaled, 0, 0)


def test_what_a_kind_has_not_is_refused() -> None:
    with pytest.raises(InvalidOperationException, match="Forex has no date"):
        _ = SecurityIdentifier.generate_forex("EURUSD", "fxcm").date
    with pytest.raises(InvalidOperationException, match="strike"):
        _ = SPY.strike_price
    with pytest.raises(InvalidOperationException, match="underlying"):
        _ = SPY.underlying


@pytest.mark.parametrize("text", ["SPY WhatEver", "Sharpe ratio", "SPY", "SPY 2T X"])
def test_other_texts_are_no_identifiers(text: str) -> None:
    assert SecurityIdentifier.try_parse(text) == (False, None)
    with pytest.raises(FormatException):
        SecurityIdentifier.parse(text)


def test_unknown_market_or_kind_is_refused() -> None:
    with pytest.raises(ArgumentOutOfRangeException, match="not a market"):
        SecurityIdentifier.generate_forex("EURUSD", "nowhere")
    with pytest.raises(ArgumentException, match="security type"):
        SecurityIdentifier("SPY", 99)
    assert SecurityIdentifier("SPY", 99_01).market == "99"
    with pytest.raises(ArgumentException, match="space or a bar"):
        SecurityIdentifier("S|Y", 101)
    with pytest.raises(ArgumentOutOfRangeException, match="before"):
        SecurityIdentifier.generate_equity(datetime(1899, 12, 29), "SPY", "usa")


@pytest.mark.parametrize("text", [None, "", " ", " 0"])
def test_empty_identifier(text: str | None) -> None:
    assert SecurityIdentifier.parse(text) is SecurityIdentifier.EMPTY
    assert not SecurityIdentifier.EMPTY


def test_identifiers_order_by_text_and_survive_pickling() -> None:
    aapl = SecurityIdentifier.parse("AAPL 2U|AAPL R735QTJ8XC9X").underlying
    assert sorted([SPY, aapl]) == [aapl, SPY]
    assert pickle.loads(pickle.dumps(SPY)) == SPY
    assert SPY.Symbol == "SPY"
    assert SPY.SecurityType == SecurityType.EQUITY
