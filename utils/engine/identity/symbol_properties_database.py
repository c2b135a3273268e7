"""The symbol properties database: `symbol-properties/symbol-properties-database.csv` in a data folder."""

from __future__ import annotations

from contextvars import ContextVar
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import SecurityType
from utils.engine.identity.data_folder import required_data_folder, use_data_folder
from utils.engine.identity.database_key import SECURITY_TYPES, WILDCARD, database_symbol, key_of
from utils.engine.identity.symbol_properties import SymbolProperties
from utils.errors import UserError

Line = tuple[str, str, SecurityType, SymbolProperties]
"""Market, symbol, kind, properties."""

DATABASE = Path("symbol-properties", "symbol-properties-database.csv")


class SymbolPropertiesDatabase(DotNet):
    """Properties by market, symbol and kind of security."""

    def __init__(self, lines: tuple[Line, ...] = ()) -> None:
        self._lines = {
            key_of(market, symbol, kind): (market, symbol, kind) for market, symbol, kind, _ in lines
        }
        self._properties = {key_of(*line[:3]): line[3] for line in lines}
        # The first market in the file that has a symbol.
        self._markets: dict[tuple[str, int], str] = {}
        for market, symbol, kind, _ in lines:
            self._markets.setdefault((symbol.lower(), int(kind)), market)

    @staticmethod
    def from_data_folder(folder: Path | None = None) -> SymbolPropertiesDatabase:
        """A database of a data folder, which is in use from then on; None: the one in use.

        Raises:
            UserError: the database is missing or damaged.
        """
        if folder is not None:
            use_data_folder(folder)
        path = required_data_folder() / DATABASE
        present = _present.get()
        if folder is None and present is not None and present[0] == path:
            return present[1]
        try:
            stamp = path.stat()
        except OSError as error:
            raise UserError(
                f"{path}: no symbol properties database; copy LEAN's Data/symbol-properties into the data "
                "folder, or make one with scripts/data.py sample"
            ) from error
        database = SymbolPropertiesDatabase(_read(path, stamp.st_mtime_ns, stamp.st_size))
        _present.set((path, database))
        return database

    def try_get_market(self, symbol: str, security_type: SecurityType) -> str | None:
        """The first market that has a symbol, None when none has."""
        return self._markets.get((symbol.lower(), int(security_type)))

    def contains_key(self, market: str, symbol: Any, security_type: SecurityType) -> bool:
        """Whether the symbol has an entry of its own."""
        return key_of(market, database_symbol(symbol), security_type) in self._properties

    def get_symbol_properties(
        self, market: str, symbol: Any, security_type: SecurityType, default_quote_currency: str
    ) -> SymbolProperties:
        """Of a symbol or a ticker: its own, its market's, else the default ones in the default currency."""
        own = self._properties.get(key_of(market, database_symbol(symbol), security_type))
        if own is not None:
            return own
        if security_type == SecurityType.FUTURE_OPTION and getattr(symbol, "underlying", None) is not None:
            future = symbol.underlying
            found = self._properties.get(key_of(market, database_symbol(future), future.security_type))
            if found is not None:
                return found
        common = self._properties.get(key_of(market, WILDCARD, security_type))
        return common or SymbolProperties.get_default(default_quote_currency)

    def get_symbol_properties_list(
        self, market: str, security_type: SecurityType | None = None
    ) -> list[tuple[str, SymbolProperties]]:
        """Tickers and properties of a market, in the file's order."""
        return [
            (self._lines[key][1], properties)
            for key, properties in self._properties.items()
            if key[0] == market.lower() and (security_type is None or key[2] == security_type)
        ]

    @staticmethod
    def get_database_symbol_key(symbol: Any) -> str:
        """The name a symbol has in the database."""
        return database_symbol(symbol)

    def set_entry(
        self, market: str, symbol: str, security_type: SecurityType, properties: SymbolProperties
    ) -> bool:
        """Give a symbol properties, for this run."""
        key = key_of(market, symbol, security_type)
        self._lines[key] = (market, symbol, security_type)
        self._properties[key] = properties
        return True


_present: ContextVar[tuple[Path, SymbolPropertiesDatabase] | None] = ContextVar("properties", default=None)


@lru_cache(maxsize=4)
def _read(path: Path, _modified: int, _size: int) -> tuple[Line, ...]:
    """Lines of the file; read again when it has changed."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read: {error}; copy LEAN's file again") from error
    numbered = [
        (number, line)
        for number, line in enumerate(content.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    found: dict[tuple[str, str, int], Line] = {}
    for number, line in numbered[1:]:
        cells = [cell.strip() for cell in line.split(",")]
        kind = SECURITY_TYPES.get(cells[2].lower()) if len(cells) > 2 else None
        if len(cells) < 8:
            raise UserError(f"{path}: line {number}: has {len(cells)} fields, not 8 or more; correct it")
        if kind is None:
            continue
        key = key_of(cells[0], cells[1], kind)
        if key in found:
            raise UserError(f"{path}: line {number}: {cells[1]} has a line already; take one away")
        try:
            found[key] = (cells[0], cells[1], kind, _properties(cells))
        except (InvalidOperation, ArgumentException) as error:
            raise UserError(
                f"{path}: line {number}: a size is not a number above zero; correct it"
            ) from error
    return tuple(found.values())


def _properties(cells: list[str]) -> SymbolProperties:
    optional = [*cells[8:12], "", "", "", ""][:4]
    return SymbolProperties(
        cells[3],
        cells[4],
        Decimal(cells[5]),
        Decimal(cells[6]),
        Decimal(cells[7]),
        optional[0],
        Decimal(optional[1]) if optional[1] else None,
        Decimal(optional[2]) if optional[2] else 1,
        Decimal(optional[3]) if optional[3] else 1,
    )
