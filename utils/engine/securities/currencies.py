"""Currencies: signs, and pairs of them."""

from __future__ import annotations

from typing import Any, Final

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import SecurityType
from utils.engine.errors import AlgorithmError

NULL_CURRENCY: Final = "QCC"


class Currencies(DotNet):
    """Codes that LEAN has a name for."""

    USD: Final = "USD"
    EUR: Final = "EUR"
    GBP: Final = "GBP"
    INR: Final = "INR"
    IDR: Final = "IDR"
    CNH: Final = "CNH"
    CHF: Final = "CHF"
    HKD: Final = "HKD"
    JPY: Final = "JPY"
    KRW: Final = "KRW"
    NULL_CURRENCY: Final = NULL_CURRENCY

    @staticmethod
    def get_currency_symbol(currency: str) -> str:
        """Sign of a currency, its code when it has none."""
        return currency_symbol(currency)


_SIGNS: Final = {
    "USD": "$",
    "GBP": "₤",
    "JPY": "¥",
    "EUR": "€",
    "AUD": "$",
    "CAD": "$",
    "CHF": "Fr",
    "CNY": "¥",
    "HKD": "$",
    "KRW": "₩",
    "INR": "₹",
    "NZD": "$",
    "SGD": "$",
    "BTC": "₿",
    "ETH": "Ξ",
    "LTC": "Ł",
    "USDT": "₮",
}

# Stable coins that have no pair with their own currency on a market, and count as one of it.
_STABLE_WITHOUT_PAIR: Final = {
    "coinbase": frozenset({"USDCUSD"}),
    "binance": frozenset(
        {
            "USDCUSD", "USDTUSD", "USDPUSD", "SUSDUSD", "BUSDUSD", "USTUSD", "TUSDUSD", "FDUSDUSD", "DAIUSD",
            "IDRTIDR", "BNFCRUSD",
        }
    ),
    "bitfinex": frozenset({"EURSEUR", "XCHFCHF"}),
    "bybit": frozenset(
        {"USDCUSD", "USDTUSD", "USDPUSD", "SUSDUSD", "BUSDUSD", "USTUSD", "TUSDUSD", "DAIUSD"}
    ),
    "dydx": frozenset({"USDCUSD"}),
}  # fmt: skip
_DOLLARS: Final = ("USDT", "USDC", "USD")


def currency_symbol(currency: str) -> str:
    """Sign of a currency, its code when it has none."""
    return _SIGNS.get(currency, currency)


def is_stable_coin_without_pair(account_currency: str, coin: str, market: str) -> bool:
    """Whether a coin is worth one of the account's currency and has no pair to tell so.

    An account in dollars, or in a coin that is worth one, counts all of them as the same.
    """
    currencies = _DOLLARS if account_currency in _DOLLARS else (account_currency,)
    pairs = _STABLE_WITHOUT_PAIR.get(market, frozenset())
    return any(
        currency != coin and (currency + coin in pairs or coin + currency in pairs) for currency in currencies
    )


def is_inverse(pair: tuple[str, str], wanted: tuple[str, str], market: str) -> bool | None:
    """Whether a pair of a market has to be turned around to be another; None when it is not the same.

    A stable coin without a pair of its own stands for its currency: Binance's BTCUSDT is BTC and USD.
    """
    stable = _STABLE_WITHOUT_PAIR.get(market, frozenset())
    own = list(pair)
    for place in (1, 0):
        for currency in reversed(wanted):
            if own[place] + currency in stable or currency + own[place] in stable:
                own[place] = currency
    if tuple(own) == wanted:
        return False
    return True if tuple(own) == wanted[::-1] else None


def is_pair(symbol: Any) -> bool:
    """Whether a symbol is of a pair of currencies."""
    return symbol.security_type in (SecurityType.FOREX, SecurityType.CFD, SecurityType.CRYPTO)


def decompose(symbol: Any, quote_currency: str | None = None) -> tuple[str, str]:
    """Base and quote currency of a pair.

    Raises:
        AlgorithmError: the ticker does not end with the quote currency.
    """
    ticker = symbol.id.symbol
    if symbol.security_type == SecurityType.FOREX or quote_currency is None:
        if len(ticker) == 6:
            return ticker[:3], ticker[3:]
        if quote_currency is None:
            raise AlgorithmError(f"{ticker} is no pair of currencies")
    if not ticker.endswith(quote_currency) or ticker == quote_currency:
        raise AlgorithmError(f"{ticker} does not end with its quote currency {quote_currency}")
    return ticker[: -len(quote_currency)], quote_currency
