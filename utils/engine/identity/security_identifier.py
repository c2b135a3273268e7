"""Security identifiers: what a security is once and for all, whatever its ticker is at the time.

Written as `SPY R735QTJ8XC9X`: the first ticker, and a number in base 36. Its decimal digits are, from the
right: kind of security (2), market (3), exponent of the strike (2), strike (6), style (1), days since
1899-12-30 (5), right (1). The identifier of a derivative goes on with `|` and its underlying's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar, Final

from utils.data.lean.map_files import find_map_file
from utils.engine.dotnet.exceptions import (
    ArgumentException,
    ArgumentOutOfRangeException,
    FormatException,
    InvalidOperationException,
)
from utils.engine.dotnet.money import exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OptionRight, OptionStyle, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.base36 import decode_base36, encode_base36
from utils.engine.identity.data_folder import data_folder
from utils.engine.identity.market import Market

DEFAULT_DATE: Final = datetime(1899, 12, 30)

_MARKET: Final = 100
_SCALE: Final = _MARKET * 1000
_STRIKE: Final = _SCALE * 100
_STYLE: Final = _STRIKE * 1_000_000
_DAYS: Final = _STYLE * 10
_RIGHT: Final = _DAYS * 100_000

_STRIKE_PLACES: Final = 6
_NEGATIVE: Final = 1 << 19
_STRIKE_LIMIT: Final = 475_712  # from here on a negative strike would not fit six digits

_OPTIONS: Final = frozenset({SecurityType.OPTION, SecurityType.INDEX_OPTION, SecurityType.FUTURE_OPTION})
_OPTION_TYPES: Final = {
    SecurityType.EQUITY: SecurityType.OPTION,
    SecurityType.FUTURE: SecurityType.FUTURE_OPTION,
    SecurityType.INDEX: SecurityType.INDEX_OPTION,
}
_DATED: Final = _OPTIONS | {
    SecurityType.BASE,
    SecurityType.EQUITY,
    SecurityType.FUTURE,
    SecurityType.INDEX,
    SecurityType.CRYPTO_FUTURE,
}


def is_option(security_type: SecurityType) -> bool:
    """Whether securities of a kind are options."""
    return security_type in _OPTIONS


def option_type_of(underlying: SecurityType) -> SecurityType:
    """Kind of the options on securities of a kind.

    Raises:
        ArgumentException: there are none.
    """
    if underlying not in _OPTION_TYPES:
        raise ArgumentException(f"No option type exists for underlying SecurityType: {underlying}")
    return _OPTION_TYPES[underlying]


class SecurityIdentifier(DotNet):
    """Identifies a security.

    Attributes:
        symbol: its first ticker; for custom data the ticker and the type's name.
        security_type: its kind.
        market: its market; the number as text when it is not known.
        properties: the number written in base 36.
    """

    __slots__ = ("_hash", "_text", "_underlying", "market", "properties", "security_type", "symbol")
    symbol: str
    properties: int
    security_type: SecurityType
    market: str

    DEFAULT_DATE = DefaultDate = default_date = DEFAULT_DATE
    EMPTY: ClassVar[SecurityIdentifier]
    NONE: ClassVar[SecurityIdentifier]

    def __init__(self, symbol: str, properties: int, underlying: SecurityIdentifier | None = None) -> None:
        if "|" in symbol or " " in symbol:
            raise ArgumentException(f"SecurityIdentifier: {symbol!r} has a space or a bar in it")
        try:
            self.security_type = SecurityType(properties % _MARKET)
        except ValueError as error:
            raise ArgumentException(
                f"SecurityIdentifier: {properties} does not match any security type"
            ) from error
        self.symbol = symbol
        self.properties = properties
        code = properties // _MARKET % 1000
        self.market = Market.decode(code) or str(code)
        self._underlying = underlying if underlying else None
        tail = f"|{underlying}" if underlying else ""
        self._text = f"{symbol} {encode_base36(properties)}{tail}"
        self._hash = hash(self._text)

    @property
    def has_underlying(self) -> bool:
        """Whether it is a derivative's."""
        return self._underlying is not None

    @property
    def underlying(self) -> SecurityIdentifier:
        """The underlying's identifier.

        Raises:
            InvalidOperationException: there is none.
        """
        if self._underlying is None:
            raise InvalidOperationException(f"SecurityIdentifier: {self} has no underlying")
        return self._underlying

    @property
    def date(self) -> datetime:
        """Of an equity the first trading date, of a derivative the expiry.

        Raises:
            InvalidOperationException: securities of its kind have no date.
        """
        if self.security_type not in _DATED:
            raise InvalidOperationException(f"SecurityIdentifier: {self.security_type} has no date")
        return DEFAULT_DATE + timedelta(days=self.properties // _DAYS % 100_000)

    @property
    def strike_price(self) -> float:
        """Strike of an option."""
        return float(self.exact_strike_price)

    @property
    def exact_strike_price(self) -> Decimal:
        """Strike of an option.

        Raises:
            InvalidOperationException: not an option.
        """
        self._require_option("strike")
        unscaled = self.properties // _STRIKE % 1_000_000
        exponent = self.properties // _SCALE % 100 - _STRIKE_PLACES
        step = Decimal(10) ** exponent
        return -((unscaled ^ _NEGATIVE) * step) if unscaled & _NEGATIVE else unscaled * step

    @property
    def option_right(self) -> OptionRight:
        """Call or put.

        Raises:
            InvalidOperationException: not an option.
        """
        self._require_option("right")
        return OptionRight(self.properties // _RIGHT % 10)

    @property
    def option_style(self) -> OptionStyle:
        """American or European.

        Raises:
            InvalidOperationException: not an option.
        """
        self._require_option("style")
        return OptionStyle(self.properties // _STYLE % 10)

    def _require_option(self, what: str) -> None:
        if self.security_type not in _OPTIONS:
            raise InvalidOperationException(f"SecurityIdentifier: {self.security_type} has no {what}")

    # Making

    @staticmethod
    def generate_equity(*terms: Any, **given: Any) -> SecurityIdentifier:
        """`(ticker, market[, map_symbol])` looks first ticker and date up; `(date, ticker, market)`."""
        if terms and isinstance(terms[0], datetime):
            date, ticker, market = terms
            return _generate(date, ticker, SecurityType.EQUITY, market)
        return _generate_mapped_equity(*terms, **given)

    @staticmethod
    def generate_base(
        data_type: type | None,
        symbol: str,
        market: str,
        map_symbol: bool = False,
        date: datetime | None = None,
    ) -> SecurityIdentifier:
        """Of custom data."""
        first = date or DEFAULT_DATE
        if map_symbol:
            symbol, first = _first_ticker(symbol, market)
        name = SecurityIdentifier.generate_base_symbol(data_type, symbol)
        return _generate(first, name, SecurityType.BASE, market, upper=False)

    @staticmethod
    def generate_base_symbol(data_type: type | None, symbol: str) -> str:
        """Ticker and name of the type of custom data."""
        return symbol if data_type is None else f"{symbol.upper()}.{data_type.__name__}"

    @staticmethod
    def generate_constituent_identifier(
        symbol: str, security_type: SecurityType, market: str
    ) -> SecurityIdentifier:
        """Of a universe's constituents."""
        return _generate(DEFAULT_DATE, symbol, security_type, market, upper=False)

    @staticmethod
    def generate_forex(symbol: str, market: str) -> SecurityIdentifier:
        """Of a currency pair."""
        return _generate(DEFAULT_DATE, symbol, SecurityType.FOREX, market)

    @staticmethod
    def generate_crypto(symbol: str, market: str) -> SecurityIdentifier:
        """Of a pair of cryptocurrencies."""
        return _generate(DEFAULT_DATE, symbol, SecurityType.CRYPTO, market)

    @staticmethod
    def generate_crypto_future(expiry: datetime, symbol: str, market: str) -> SecurityIdentifier:
        """Of a future on a cryptocurrency."""
        return _generate(expiry, symbol, SecurityType.CRYPTO_FUTURE, market)

    @staticmethod
    def generate_cfd(symbol: str, market: str) -> SecurityIdentifier:
        """Of a contract for difference."""
        return _generate(DEFAULT_DATE, symbol, SecurityType.CFD, market)

    @staticmethod
    def generate_index(symbol: str, market: str) -> SecurityIdentifier:
        """Of an index."""
        return _generate(DEFAULT_DATE, symbol, SecurityType.INDEX, market)

    @staticmethod
    def generate_future(expiry: datetime, symbol: str, market: str) -> SecurityIdentifier:
        """Of a future; the default date is the continuous one's."""
        return _generate(expiry, symbol, SecurityType.FUTURE, market)

    @staticmethod
    def generate_option(expiry: datetime, underlying: SecurityIdentifier, *terms: Any) -> SecurityIdentifier:
        """`(expiry, underlying[, target_option], market, strike, option_right, option_style)`."""
        target = None
        if len(terms) == 5:
            target, *rest = terms
        else:
            rest = list(terms)
        market, strike, right, style = rest
        if not target:
            if underlying.security_type == SecurityType.FUTURE:
                raise NotSupportedByEngine("SecurityIdentifier.GenerateOption of a future")
            target = underlying.symbol
        kind = option_type_of(underlying.security_type)
        extra = _strike(exact(strike)) + style * _STYLE + right * _RIGHT
        return _generate(expiry, target, kind, market, extra, underlying)

    # Text

    @staticmethod
    def parse(value: str | None) -> SecurityIdentifier:
        """The identifier a text is of; none or an empty one gives the empty identifier.

        Raises:
            FormatException: another form.
            ArgumentException: a kind of security or a market that does not exist.
        """
        return _parse(value) if value else SecurityIdentifier.EMPTY

    @staticmethod
    def try_parse(value: str | None, _identifier: Any = None) -> tuple[bool, SecurityIdentifier | None]:
        """Whether a text is of an identifier, and which."""
        try:
            return True, SecurityIdentifier.parse(value)
        except (FormatException, ArgumentException):
            return False, None

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return self._text

    def to_string(self) -> str:
        """The text it is parsed from."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self.properties or self.symbol)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, SecurityIdentifier) and self._text == other._text)

    def __hash__(self) -> int:
        return self._hash

    def __lt__(self, other: SecurityIdentifier) -> bool:
        return self._text < other._text

    def compare_to(self, other: SecurityIdentifier) -> int:
        """-1, 0 or 1 by the texts."""
        return (self._text > other._text) - (self._text < other._text)

    def __reduce__(self) -> tuple[Any, ...]:
        return SecurityIdentifier, (self.symbol, self.properties, self._underlying)


SecurityIdentifier.EMPTY = SecurityIdentifier("", 0)
SecurityIdentifier.NONE = SecurityIdentifier("NONE", 0)
for _name in ("Empty", "empty"):
    setattr(SecurityIdentifier, _name, SecurityIdentifier.EMPTY)
for _name in ("None", "none"):
    setattr(SecurityIdentifier, _name, SecurityIdentifier.NONE)


def _generate(
    date: datetime,
    symbol: str,
    security_type: SecurityType,
    market: str,
    extra: int = 0,
    underlying: SecurityIdentifier | None = None,
    upper: bool = True,
) -> SecurityIdentifier:
    if date < DEFAULT_DATE:
        raise ArgumentOutOfRangeException(f"SecurityIdentifier: {date} is before {DEFAULT_DATE:%Y-%m-%d}")
    code = Market.encode(market.lower())
    if code is None:
        raise ArgumentOutOfRangeException(f"SecurityIdentifier: {market!r} is not a market; see Market.add")
    days = (date.replace(tzinfo=None) - DEFAULT_DATE).days
    properties = security_type + code * _MARKET + days * _DAYS + extra
    return SecurityIdentifier(symbol.upper() if upper else symbol, int(properties), underlying)


def _generate_mapped_equity(symbol: str, market: str, map_symbol: bool = True) -> SecurityIdentifier:
    first = DEFAULT_DATE
    if map_symbol:
        symbol, first = _first_ticker(symbol, market)
    return _generate(first, symbol, SecurityType.EQUITY, market)


def _first_ticker(ticker: str, market: str) -> tuple[str, datetime]:
    """First ticker and date of the company that has a ticker; without a map file the default date."""
    folder = data_folder()
    if folder is None:
        return ticker, DEFAULT_DATE
    rows = find_map_file(folder, market.lower(), ticker).rows
    if not rows:
        return ticker, DEFAULT_DATE
    date, first = rows[0]
    stem, dot, number = first.rpartition(".")
    # A number tells apart the files of companies that had one ticker; it is no part of it.
    return stem if dot and number.isdigit() else first, datetime(date.year, date.month, date.day)


def _strike(strike: Decimal) -> int:
    """The digits of strike and exponent."""
    if strike == 0:
        return 0
    scaled = strike.scaleb(_STRIKE_PLACES)
    exponent = 0
    while scaled % 10 == 0:
        scaled /= 10
        exponent += 1
    if abs(scaled) >= _STRIKE_LIMIT:
        raise ArgumentException(f"SecurityIdentifier: the strike {strike} has too many digits")
    unscaled = abs(int(scaled)) | (_NEGATIVE if strike < 0 else 0)
    return unscaled * _STRIKE + exponent * _SCALE


@lru_cache(maxsize=65_536)
def _parse(value: str) -> SecurityIdentifier:
    if not value.strip() or value == " 0":
        return SecurityIdentifier.EMPTY
    identifier = SecurityIdentifier.EMPTY
    for part in reversed(value.split("|")):
        words = part.split()
        if len(words) != 2:
            raise FormatException(f"SecurityIdentifier: {value!r} is not a ticker and a number")
        try:
            properties = decode_base36(words[1])
        except ValueError as error:
            raise FormatException(f"SecurityIdentifier: {value!r}: {error}") from error
        identifier = SecurityIdentifier(words[0], properties, identifier)
        if Market.encode(identifier.market) is None:
            raise ArgumentOutOfRangeException(
                f"SecurityIdentifier: {value!r}: market {identifier.market} is unknown"
            )
    return identifier
