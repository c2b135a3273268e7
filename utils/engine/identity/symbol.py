"""Symbols: an identifier together with the ticker of the time."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, NoReturn

from utils.engine.dotnet.exceptions import ArgumentException, ArgumentNullException, InvalidOperationException
from utils.engine.dotnet.money import exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OptionRight, OptionStyle, SecurityType
from utils.engine.errors import NotSupportedByEngine
from utils.engine.identity.security_definitions import definition_of
from utils.engine.identity.security_identifier import (
    DEFAULT_DATE,
    SecurityIdentifier,
    is_option,
    option_type_of,
)


class Symbol(DotNet):
    """A security's identifier and its ticker; immutable.

    Two symbols are equal when their identifiers are. A text is equal to the symbol that was added under that
    ticker. `str()` gives the ticker it was added under, else its identifier's text.

    Attributes:
        id: the identifier.
        value: the ticker.
        underlying: the symbol a derivative is of, else None.
        security_type: kind of the security.
    """

    __slots__ = ("_canonical", "_hash", "id", "security_type", "underlying", "value")
    id: SecurityIdentifier
    value: str
    underlying: Symbol | None
    security_type: SecurityType
    _canonical: Symbol | None
    _hash: int

    EMPTY: ClassVar[Symbol]
    NONE: ClassVar[Symbol]
    empty: ClassVar[Symbol]

    def __init__(self, sid: SecurityIdentifier, value: str, underlying: Symbol | None = None) -> None:
        if value is None:
            raise ArgumentNullException("Symbol: no value was given")
        if underlying is None and sid.has_underlying:
            underlying = Symbol(sid.underlying, sid.underlying.symbol)
            value = _alias(sid, underlying) or value
        elif underlying is None:
            value = _alias(sid, None) or value
        put = object.__setattr__
        put(self, "id", sid)
        put(self, "value", value.upper())
        put(self, "underlying", underlying)
        put(self, "security_type", sid.security_type)
        put(self, "_hash", hash(sid))
        put(self, "_canonical", None)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Symbol.{name} cannot be set; symbols do not change")

    # Making

    @staticmethod
    def create(
        ticker: str,
        security_type: SecurityType,
        market: str,
        alias: str | None = None,
        base_data_type: type | None = None,
    ) -> Symbol:
        """The symbol of a ticker.

        An equity's identifier has the first ticker and date of the company that has the ticker now, from the
        map files of the data folder.

        Raises:
            NotSupportedByEngine: futures' options and commodities.
        """
        if security_type == SecurityType.OPTION:
            return Symbol.create_option(ticker, market, 0, 0, 0, DEFAULT_DATE)
        if security_type == SecurityType.INDEX_OPTION:
            index = Symbol.create(ticker, SecurityType.INDEX, market)
            return Symbol.create_option(index, market, OptionStyle.EUROPEAN, 0, 0, DEFAULT_DATE)
        if security_type == SecurityType.BASE:
            sid = SecurityIdentifier.generate_base(base_data_type, ticker, market)
        elif security_type == SecurityType.FUTURE:
            sid = SecurityIdentifier.generate_future(DEFAULT_DATE, ticker, market)
        elif security_type == SecurityType.CRYPTO_FUTURE:
            sid = SecurityIdentifier.generate_crypto_future(DEFAULT_DATE, ticker, market)
        elif security_type in _GENERATORS:
            sid = _GENERATORS[security_type](ticker, market)
        else:
            raise NotSupportedByEngine(f"Symbol.Create of SecurityType.{SecurityType(security_type)}")
        return Symbol(sid, alias or ticker)

    @staticmethod
    def create_base(base_type: type, underlying: Symbol, market: str | None = None) -> Symbol:
        """The symbol of custom data about a security."""
        dated = (SecurityType.EQUITY, SecurityType.FUTURE, SecurityType.BASE)
        kind = underlying.security_type
        date = underlying.id.date if kind in dated or is_option(kind) else None
        sid = SecurityIdentifier.generate_base(
            base_type, underlying.id.symbol, market or "usa", map_symbol=False, date=date
        )
        return Symbol(sid, underlying.value, underlying)

    @staticmethod
    def create_option(underlying: Any, *terms: Any, alias: str | None = None) -> Symbol:
        """The symbol of an option.

        `(underlying, market, style, right, strike, expiry[, alias])`, the underlying a symbol or a ticker;
        `(underlying, target_option, market, style, right, strike, expiry[, alias])`; `(identifier, value[,
        underlying])`.
        """
        if isinstance(underlying, SecurityIdentifier):
            return _option_of(underlying, *terms)
        if isinstance(underlying, str):
            sid = SecurityIdentifier.generate_equity(underlying, terms[0])
            underlying = Symbol(sid, underlying)
        target: str | None = None
        if len(terms) > 1 and (terms[1] is None or isinstance(terms[1], str)):
            target, *rest = terms
        else:
            rest = list(terms)
        market, style, right, strike, expiry, *name = rest
        identifier = SecurityIdentifier.generate_option(
            expiry, underlying.id, target, market, strike, right, style
        )
        given = name[0] if name else alias
        return Symbol(identifier, given or _alias(identifier, underlying) or "", underlying)

    def get_mirror_option_symbol(self) -> Symbol:
        """The put of a call, the call of a put.

        Raises:
            ArgumentException: no contract's symbol.
        """
        if not is_option(self.security_type) or self.is_canonical():
            raise ArgumentException("The symbol must be an option type, and not canonical")
        identifier = self.id
        right = OptionRight.PUT if identifier.option_right == OptionRight.CALL else OptionRight.CALL
        terms = (identifier.option_style, right, identifier.exact_strike_price, identifier.date)
        return Symbol.create_option(self.underlying, identifier.symbol, identifier.market, *terms)

    @staticmethod
    def create_canonical_option(
        underlying_symbol: Symbol,
        target_option: str | None = None,
        market: str | None = None,
        alias: str | None = None,
    ) -> Symbol:
        """The symbol that stands for all options on a security."""
        european = option_type_of(underlying_symbol.security_type) == SecurityType.INDEX_OPTION
        style = OptionStyle.EUROPEAN if european else OptionStyle.AMERICAN
        terms = (target_option, market or underlying_symbol.id.market, style, 0, 0, DEFAULT_DATE)
        return Symbol.create_option(underlying_symbol, *terms, alias=alias)

    @staticmethod
    def create_future(ticker: str, market: str, expiry: datetime, alias: str | None = None) -> Symbol:
        """The symbol of a future."""
        return Symbol(SecurityIdentifier.generate_future(expiry, ticker, market), alias or ticker)

    def update_mapped_symbol(self, mapped_symbol: str, contract_depth_offset: int = 0) -> Symbol:
        """The same security under another ticker; kinds without renames stay as they are."""
        kind = self.security_type
        if kind == SecurityType.FUTURE or (is_option(kind) and kind != SecurityType.OPTION):
            raise NotSupportedByEngine(f"Symbol.UpdateMappedSymbol of SecurityType.{kind}")
        underlying = self.underlying
        if underlying is not None:
            underlying = underlying.update_mapped_symbol(mapped_symbol, contract_depth_offset)
        if kind == SecurityType.OPTION and not self.is_canonical():
            terms = (self.id.option_right, self.id.exact_strike_price, self.id.date)
            return _renamed(self.id, option_ticker(mapped_symbol, *terms), underlying)
        mapped = kind in (SecurityType.EQUITY, SecurityType.BASE)
        return _renamed(self.id, mapped_symbol if mapped else self.value, underlying)

    # Families

    @property
    def has_underlying(self) -> bool:
        """Whether it is of another security."""
        return self.underlying is not None

    @property
    def cusip(self) -> str | None:
        """CUSIP, when the data folder's security database has it."""
        return definition_of(self.id).cusip

    @property
    def composite_figi(self) -> str | None:
        """Composite FIGI, when the data folder's security database has it."""
        return definition_of(self.id).composite_figi

    @property
    def sedol(self) -> str | None:
        """SEDOL, when the data folder's security database has it."""
        return definition_of(self.id).sedol

    @property
    def isin(self) -> str | None:
        """ISIN, when the data folder's security database has it."""
        return definition_of(self.id).isin

    @property
    def cik(self) -> int | None:
        """Central Index Key, when the data folder's security database has it."""
        return definition_of(self.id).cik

    def has_underlying_symbol(self, symbol: Symbol) -> bool:
        """Whether a symbol is its underlying, or its underlying's, and so on."""
        current = self.underlying
        while current is not None:
            if current == symbol:
                return True
            current = current.underlying
        return False

    def is_canonical(self) -> bool:
        """Whether it stands for all options or futures of a kind."""
        return _is_canonical(self.id)

    def has_canonical(self) -> bool:
        """Whether another symbol stands for all of its kind."""
        kind = self.security_type
        return not self.is_canonical() and (is_option(kind) or kind == SecurityType.FUTURE)

    @property
    def canonical(self) -> Symbol:
        """The symbol that stands for all of its kind.

        Raises:
            InvalidOperationException: there is none.
        """
        if self.is_canonical():
            return self
        if self._canonical is None:
            object.__setattr__(self, "_canonical", self._make_canonical())
        assert self._canonical is not None
        return self._canonical

    def _make_canonical(self) -> Symbol:
        if is_option(self.security_type) and self.underlying is not None:
            return Symbol.create_canonical_option(self.underlying, self.id.symbol, self.id.market)
        if self.security_type == SecurityType.FUTURE:
            return Symbol.create(self.id.symbol, SecurityType.FUTURE, self.id.market)
        raise InvalidOperationException(f"Symbol: {self.value} has no canonical symbol")

    # Comparing

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Symbol):
            return self._hash == other._hash and self.id == other.id
        if other is None:
            return not self.id
        if isinstance(other, str):
            found = _cache().try_get_symbol(other)
            return found is not None and self.id == found.id
        if isinstance(other, SecurityIdentifier):
            return self.id == other
        own = getattr(other, "symbol", None)  # of a contract or a security
        return self.id == own.id if isinstance(own, Symbol) else NotImplemented

    def __hash__(self) -> int:
        return self._hash

    def compare_to(self, other: Symbol | str) -> int:
        """-1, 0 or 1 by the tickers, capitals or not."""
        mine, theirs = self.value.upper(), getattr(other, "value", str(other)).upper()
        return (mine > theirs) - (mine < theirs)

    def __lt__(self, other: Symbol | str) -> bool:
        return self.compare_to(other) < 0

    def __le__(self, other: Symbol | str) -> bool:
        return self.compare_to(other) <= 0

    def __gt__(self, other: Symbol | str) -> bool:
        return self.compare_to(other) > 0

    def __ge__(self, other: Symbol | str) -> bool:
        return self.compare_to(other) >= 0

    def __str__(self) -> str:
        return str(_cache().get_ticker(self))

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def to_string(self) -> str:
        """The ticker it was added under, else its identifier's text."""
        return str(self)

    def __copy__(self) -> Symbol:
        return self

    def __deepcopy__(self, _memo: object) -> Symbol:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _renamed, (self.id, self.value, self.underlying)

    # Texts' methods that work on the ticker

    def contains(self, value: str) -> bool:
        """Whether the ticker has a text in it."""
        return value in self.value

    def starts_with(self, value: str) -> bool:
        """Whether the ticker begins with a text."""
        return self.value.startswith(value)

    def ends_with(self, value: str) -> bool:
        """Whether the ticker ends with a text."""
        return self.value.endswith(value)

    def to_lower(self) -> str:
        """The ticker in small letters."""
        return self.value.lower()

    def to_upper(self) -> str:
        """The ticker in capitals."""
        return self.value

    @property
    def ID(self) -> SecurityIdentifier:  # noqa: N802 - LEAN's name
        """The identifier."""
        return self.id


_GENERATORS: dict[SecurityType, Any] = {
    SecurityType.EQUITY: SecurityIdentifier.generate_equity,
    SecurityType.FOREX: SecurityIdentifier.generate_forex,
    SecurityType.CFD: SecurityIdentifier.generate_cfd,
    SecurityType.INDEX: SecurityIdentifier.generate_index,
    SecurityType.CRYPTO: SecurityIdentifier.generate_crypto,
}


def _cache() -> Any:
    from utils.engine.identity.symbol_cache import SymbolCache

    return SymbolCache


def _renamed(sid: SecurityIdentifier, value: str, underlying: Symbol | None) -> Symbol:
    """A symbol whose ticker is taken as it is given."""
    symbol = Symbol(sid, value, underlying)
    object.__setattr__(symbol, "value", value.upper())
    return symbol


def _is_canonical(sid: SecurityIdentifier) -> bool:
    derivative = sid.security_type == SecurityType.FUTURE or (
        is_option(sid.security_type) and sid.has_underlying
    )
    return derivative and sid.date == DEFAULT_DATE


def _option_of(sid: SecurityIdentifier, value: str, underlying: Symbol | None = None) -> Symbol:
    if not is_option(sid.security_type):
        raise ArgumentException(f"Symbol: the identifier {sid} is not an option's")
    if underlying is not None and underlying.id != sid.underlying:
        raise ArgumentException(f"Symbol: {underlying} is not the underlying of {sid}")
    return Symbol(sid, value, underlying)


def _alias(sid: SecurityIdentifier, underlying: Symbol | None) -> str | None:
    """The ticker that follows from an option's or a future's identifier; None for other kinds."""
    if sid.security_type == SecurityType.FUTURE:
        if sid.date != DEFAULT_DATE:
            raise NotSupportedByEngine("Symbol of a future with an expiry")
        return f"/{sid.symbol}"
    if not is_option(sid.security_type) or underlying is None:
        return None
    ticker = underlying.value if sid.symbol == underlying.id.symbol else sid.symbol
    if sid.date == DEFAULT_DATE:
        return f"?{ticker.upper()}"
    return option_ticker(ticker, sid.option_right, sid.exact_strike_price, sid.date)


def option_ticker(ticker: str, right: OptionRight, strike: Decimal, expiry: datetime) -> str:
    """The Options Symbology Initiative's ticker: `AAPL  140613P00660000`."""
    root = ticker + " " if len(ticker) > 5 else ticker
    return f"{root:<6}{expiry:%y%m%d}{str(right)[0]}{round(exact(strike) * 1000):08d}"


Symbol.EMPTY = Symbol.empty = Symbol(SecurityIdentifier.EMPTY, "")
Symbol.NONE = Symbol(SecurityIdentifier.NONE, "NONE")
for _name, _symbol in (("Empty", Symbol.EMPTY), ("None", Symbol.NONE), ("none", Symbol.NONE)):
    setattr(Symbol, _name, _symbol)
