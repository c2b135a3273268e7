"""Markets: their names, and the numbers that stand for them in security identifiers."""

from __future__ import annotations

from typing import Final

from utils.engine.dotnet.exceptions import ArgumentException, ArgumentOutOfRangeException
from utils.engine.dotnet.naming import DotNet

_LIMIT: Final = 1000

_CODES: dict[str, int] = {
    "empty": 0,
    "usa": 1,
    "fxcm": 2,
    "oanda": 3,
    "dukascopy": 4,
    "bitfinex": 5,
    "cmeglobex": 6,
    "nymex": 7,
    "cbot": 8,
    "ice": 9,
    "cboe": 10,
    "india": 11,
    # 12 was gdax; the name now is another one for coinbase
    "kraken": 13,
    "bittrex": 14,
    "bithumb": 15,
    "binance": 16,
    "poloniex": 17,
    "coinone": 18,
    "hitbtc": 19,
    "okcoin": 20,
    "bitstamp": 21,
    "comex": 22,
    "cme": 23,
    "sgx": 24,
    "hkfe": 25,
    "nyseliffe": 26,
    "cfe": 33,
    "ftx": 34,
    "ftxus": 35,
    "binanceus": 36,
    "bybit": 37,
    "coinbase": 38,
    "interactivebrokers": 39,
    "eurex": 40,
    "ose": 41,
    "dydx": 42,
    "krx": 43,
}
_NAMES: dict[int, str] = {code: name for name, code in _CODES.items()} | {12: "coinbase"}


class Market(DotNet):
    """Names of markets."""

    USA = "usa"
    OANDA = Oanda = "oanda"
    FXCM = "fxcm"
    DUKASCOPY = Dukascopy = "dukascopy"
    BITFINEX = Bitfinex = "bitfinex"
    GLOBEX = Globex = "cmeglobex"
    NYMEX = "nymex"
    CBOT = "cbot"
    ICE = "ice"
    CBOE = "cboe"
    CFE = "cfe"
    INDIA = India = "india"
    COMEX = "comex"
    CME = "cme"
    EUREX = "eurex"
    SGX = "sgx"
    HKFE = "hkfe"
    OSE = "ose"
    NYSELIFFE = "nyseliffe"
    GDAX = "coinbase"
    KRAKEN = Kraken = "kraken"
    BITSTAMP = Bitstamp = "bitstamp"
    OK_COIN = OkCoin = "okcoin"
    BITHUMB = Bithumb = "bithumb"
    BINANCE = Binance = "binance"
    POLONIEX = Poloniex = "poloniex"
    COINONE = Coinone = "coinone"
    HIT_BTC = HitBTC = "hitbtc"
    BITTREX = Bittrex = "bittrex"
    FTX = "ftx"
    FTXUS = "ftxus"
    BINANCE_US = BinanceUS = "binanceus"
    BYBIT = Bybit = "bybit"
    COINBASE = Coinbase = "coinbase"
    INTERACTIVE_BROKERS = InteractiveBrokers = "interactivebrokers"
    DYDX = "dydx"
    KRX = "krx"

    @staticmethod
    def add(market: str, identifier: int) -> None:
        """Make a market known.

        Raises:
            ArgumentException: the name or the number is another market's.
        """
        market = market.lower()
        if identifier >= _LIMIT:
            raise ArgumentOutOfRangeException(f"Market.add: the number must be below {_LIMIT}")
        if _CODES.get(market, identifier) != identifier:
            raise ArgumentException(f"Market.add: {market} has the number {_CODES[market]}")
        if identifier in _NAMES:
            raise ArgumentException(f"Market.add: {identifier} is the number of {_NAMES[identifier]}")
        _CODES[market] = identifier
        _NAMES[identifier] = market

    @staticmethod
    def encode(market: str) -> int | None:
        """The number of a market, None when it is not known."""
        return _CODES.get(market)

    @staticmethod
    def decode(code: int) -> str | None:
        """The market of a number, None when there is none."""
        return _NAMES.get(code)

    @staticmethod
    def supported_markets() -> list[str]:
        """Every known market."""
        return list(_CODES)
