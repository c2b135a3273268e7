"""Rates of currencies over pairs, stable coins among them: LEAN's rules, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from utils.engine.enums import SecurityType
from utils.engine.errors import AlgorithmError
from utils.engine.identity.symbol import Symbol
from utils.engine.securities.currencies import is_inverse, is_stable_coin_without_pair
from utils.engine.securities.currency_conversion import find_conversion


def security(ticker: str, market: str, price: str) -> Any:
    symbol = Symbol.create(ticker, SecurityType.CRYPTO, market)
    return SimpleNamespace(symbol=symbol, cache=SimpleNamespace(exact_last_price=Decimal(price)))


def conversion(
    source: str, destination: str, existing: dict[tuple[str, str], str], potential: dict[str, tuple[str, str]]
) -> tuple[float, list[str]]:
    """The rate over existing pairs with their prices, and pairs of Binance that cost two; what was made."""
    pairs = {}
    for (base, quote), price in existing.items():
        one = security(base + quote, "binance", price)
        pairs[one.symbol] = (one, (base, quote))
    made = []

    def make(terms: Any) -> Any:
        made.append(terms[0])
        return security(terms[0], terms[2], "2")

    found = find_conversion(
        source,
        destination,
        {symbol: one for symbol, (one, _pair) in pairs.items()},
        [((ticker, SecurityType.CRYPTO, "binance"), pair) for ticker, pair in potential.items()],
        lambda symbol: pairs[symbol][1],
        make,
    )
    return float(found.exact_rate), made


@pytest.mark.parametrize(
    ("pair", "wanted", "market", "expected"),
    [
        (("BTC", "USD"), ("BTC", "USD"), "coinbase", False),
        (("BTC", "USD"), ("USD", "BTC"), "coinbase", True),
        (("BTC", "EUR"), ("BTC", "USD"), "coinbase", None),
        (("BTC", "USDT"), ("BTC", "USD"), "binance", False),  # Tether stands for the dollar
        (("BTC", "USDT"), ("USD", "BTC"), "binance", True),
        (("BTC", "USDT"), ("BTC", "USD"), "coinbase", None),  # not where it has a pair
        (("BTC", "USDC"), ("BTC", "USD"), "coinbase", False),
        (("USDT", "TRY"), ("USD", "TRY"), "binance", False),
        (("EURS", "USD"), ("EUR", "USD"), "bitfinex", False),
    ],
)
def test_pairs_of_a_market(
    pair: tuple[str, str], wanted: tuple[str, str], market: str, expected: bool | None
) -> None:
    assert is_inverse(pair, wanted, market) is expected


@pytest.mark.parametrize(
    ("account", "coin", "market", "expected"),
    [
        ("USD", "USDT", "binance", True),
        ("USDT", "USD", "binance", True),
        ("USDC", "USDT", "binance", True),  # each is worth a dollar
        ("USDT", "BUSD", "binance", True),
        ("EUR", "USDT", "binance", False),
        ("IDR", "IDRT", "binance", True),
        ("USD", "FDUSD", "binance", True),
        ("USD", "FDUSD", "bybit", False),
        ("USD", "USDT", "coinbase", False),
        ("USD", "USDC", "bitfinex", False),
        ("CHF", "XCHF", "bitfinex", True),
        ("USD", "USDC", "kraken", False),
    ],
)
def test_coins_that_are_worth_one(account: str, coin: str, market: str, expected: bool) -> None:
    assert is_stable_coin_without_pair(account, coin, market) is expected


class TestWays:
    def test_over_an_existing_pair(self) -> None:
        assert conversion("BTC", "USD", {("BTC", "USDT"): "9000"}, {"BTCUSD": ("BTC", "USD")}) == (9000, [])

    def test_over_an_existing_pair_turned_around(self) -> None:
        assert conversion("USD", "BTC", {("BTC", "USDT"): "4"}, {}) == (0.25, [])

    def test_over_a_pair_of_the_market(self) -> None:
        assert conversion("BTC", "USD", {("ETH", "BTC"): "4"}, {"BTCUSD": ("BTC", "USD")}) == (2, ["BTCUSD"])

    def test_over_two_pairs(self) -> None:
        rate = conversion("ETH", "USD", {("ETH", "BTC"): "4"}, {"BTCUSDT": ("BTC", "USDT")})
        assert rate == (8, ["BTCUSDT"])

    def test_unknown_while_a_pair_has_no_price(self) -> None:
        assert conversion("ETH", "USD", {("ETH", "USD"): "0"}, {})[0] == 0

    def test_of_more_than_two_pairs_is_none(self) -> None:
        with pytest.raises(AlgorithmError, match="No conversion path found"):
            conversion("ETH", "CHF", {("ETH", "BTC"): "4"}, {"BTCUSD": ("BTC", "USD")})
