"""The contracts that are listed on an underlying on a date, as LEAN's universe files have them.

A file (`option/usa/universes/goog/20151223.csv`) has a line for the underlying and one for each contract:
`expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility,delta,gamma,vega,theta,rho`.
It is known when its date is over.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from utils.engine.data.base_data import BaseData
from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.enums import OptionRight, OptionStyle, Resolution, SecurityType
from utils.engine.identity.symbol import Symbol
from utils.engine.models.option_price.greeks import Greeks
from utils.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE_DAY: Final = timedelta(days=1)
_TERMS: Final = 3
_OPEN, _CLOSE, _VOLUME, _OPEN_INTEREST, _VOLATILITY, _DELTA = 3, 6, 7, 8, 9, 10
_DAYS_PER_YEAR: Final = 365.0


class OptionUniverse(BaseData):
    """A contract, or the underlying, in the listing of a date; numbers are read when they are asked for."""

    __slots__ = ("_cells", "_listing", "_symbol", "expiry", "right", "strike")
    expiry: datetime | None
    strike: float
    right: OptionRight

    def __init__(
        self,
        listing: OptionListing | None = None,
        cells: Sequence[str] = (),
        symbol: Symbol | None = None,
        time: datetime | None = None,
    ) -> None:
        super().__init__()
        self._listing, self._cells, self._symbol = listing, cells, symbol
        self.expiry = None
        if listing is not None:
            self._time = listing.time
        elif time is not None:
            self._time = time
        if symbol is not None and symbol.underlying is not None:
            identifier = symbol.id
            self.expiry, self.right = identifier.date, identifier.option_right
            self.strike = identifier.strike_price

    @property
    def symbol(self) -> Symbol:
        """Whose line it is."""
        if self._symbol is None:
            if self._listing is None:
                return Symbol.empty
            self._symbol = self._listing.symbol_of(self._cells[:_TERMS])
        return self._symbol

    @symbol.setter
    def symbol(self, symbol: Symbol) -> None:
        self._symbol = symbol if symbol is not Symbol.empty else None

    @property
    def id(self) -> Any:
        """Identifier of the symbol."""
        return self.symbol.id

    @property
    def ID(self) -> Any:  # noqa: N802 - LEAN's name
        """Identifier of the symbol."""
        return self.symbol.id

    @property
    def end_time(self) -> datetime:
        """When the listing is known: after its date."""
        return self.time + _ONE_DAY

    @end_time.setter
    def end_time(self, value: datetime) -> None:
        self.time = value - _ONE_DAY

    @property
    def underlying(self) -> OptionUniverse | None:
        """The underlying's line."""
        return None if self._listing is None else self._listing.underlying

    def _number(self, field: int) -> float:
        text = self._cells[field] if field < len(self._cells) else ""
        return float(text) if text else 0.0

    @property
    def open(self) -> float:
        """First price of the date."""
        return self._number(_OPEN)

    @property
    def high(self) -> float:
        """Highest price of the date."""
        return self._number(_OPEN + 1)

    @property
    def low(self) -> float:
        """Lowest price of the date."""
        return self._number(_OPEN + 2)

    @property
    def close(self) -> float:
        """Last price of the date."""
        return self._number(_CLOSE)

    @property
    def value(self) -> float:
        """Last price of the date."""
        return self._number(_CLOSE)

    @value.setter
    def value(self, value: float) -> None:
        """The file's stays."""

    @property
    def volume(self) -> float:
        """Contracts traded."""
        return self._number(_VOLUME)

    @property
    def open_interest(self) -> float:
        """Contracts open."""
        self._require_option("OpenInterest")
        return self._number(_OPEN_INTEREST)

    @property
    def implied_volatility(self) -> float:
        """Implied volatility a year."""
        self._require_option("ImpliedVolatility")
        return self._number(_VOLATILITY)

    @property
    def greeks(self) -> Greeks:
        """Greeks; the file has theta for a day."""
        self._require_option("Greeks")
        delta, gamma, vega, theta, rho = (self._number(_DELTA + index) for index in range(5))
        return Greeks(delta, gamma, vega, theta * _DAYS_PER_YEAR, rho)

    def _require_option(self, name: str) -> None:
        if self.expiry is None:
            raise InvalidOperationException(f"{name} is only available for options.")

    def to_symbol(self) -> Symbol:
        """The symbol."""
        return self.symbol

    def default_resolution(self) -> Resolution:
        """A listing a day."""
        return Resolution.DAILY

    def __eq__(self, other: object) -> bool:
        """Equal to its symbol too, as which it may be used."""
        return self is other or (isinstance(other, Symbol) and self.symbol == other)

    def __hash__(self) -> int:
        return hash(self.symbol)

    def __str__(self) -> str:
        return str(self.symbol)


class OptionListing:
    """A universe file.

    Attributes:
        canonical: the symbol that stands for all contracts of the file.
        time: its date.
    """

    def __init__(self, canonical: Symbol, day: date, path: Path) -> None:
        self.canonical = canonical
        self.time = datetime(day.year, day.month, day.day)
        self._path = path
        self._symbols: dict[tuple[str, ...], Symbol] = {}

    def share_symbols(self, known: dict[tuple[str, ...], Symbol]) -> OptionListing:
        """Take symbols made for other dates, and add to them."""
        self._symbols = known
        return self

    @cached_property
    def _lines(self) -> tuple[OptionUniverse | None, list[OptionUniverse]]:
        """The underlying, and the contracts in the file's order."""
        try:
            text = self._path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{self._path}: cannot be read: {error}; fetch it again") from error
        underlying: OptionUniverse | None = None
        contracts: list[OptionUniverse] = []
        expiries: dict[str, datetime] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line or line[0] == "#":
                continue
            cells = line.split(",")
            if not cells[0]:
                underlying = OptionUniverse(self, cells, self.canonical.underlying)
                continue
            try:
                if cells[0] not in expiries:
                    expiries[cells[0]] = datetime.strptime(cells[0], "%Y%m%d")
                row = OptionUniverse(self, cells)
                row.expiry, row.strike = expiries[cells[0]], float(cells[1])
                row.right = OptionRight.CALL if cells[2] in "Cc" else OptionRight.PUT
            except (ValueError, IndexError) as error:
                raise UserError(
                    f"{self._path}: line {number}: {line[:40]!r} is not EXPIRY,STRIKE,RIGHT,...; "
                    "write it like 20151224,590,C,159.8,..."
                ) from error
            contracts.append(row)
        return underlying, contracts

    @property
    def underlying(self) -> OptionUniverse | None:
        """The underlying's line."""
        return self._lines[0]

    @property
    def contracts(self) -> list[OptionUniverse]:
        """The contracts' lines."""
        return self._lines[1]

    def symbol_of(self, terms: Sequence[str]) -> Symbol:
        """The symbol of expiry, strike and right as they are written."""
        key = tuple(terms)
        symbol = self._symbols.get(key)
        if symbol is None:
            symbol = self._symbols[key] = self._make(*key)
        return symbol

    def _make(self, expiry: str, strike: str, right: str) -> Symbol:
        canonical = self.canonical
        on_index = canonical.security_type == SecurityType.INDEX_OPTION
        return Symbol.create_option(
            canonical.underlying,
            canonical.id.symbol if on_index else None,
            canonical.id.market,
            OptionStyle.EUROPEAN if on_index else OptionStyle.AMERICAN,
            OptionRight.CALL if right in "Cc" else OptionRight.PUT,
            Decimal(strike),
            datetime.strptime(expiry, "%Y%m%d"),
        )
