"""Tickers that were added, and the symbols they stand for."""

from __future__ import annotations

from utils.engine.dotnet.exceptions import InvalidOperationException
from utils.engine.dotnet.naming import DotNet
from utils.engine.identity.security_identifier import SecurityIdentifier
from utils.engine.identity.symbol import Symbol

# By ticker in capitals; None remembers that there is no such ticker.
_symbols: dict[str, Symbol | None] = {}
_tickers: dict[Symbol, str] = {}


class SymbolCache(DotNet):
    """Finds symbols by ticker, capitals or not, and tickers by symbol."""

    @staticmethod
    def set(ticker: str, symbol: Symbol) -> None:
        """Let a ticker stand for a symbol."""
        _symbols[ticker.upper()] = symbol
        _tickers[symbol] = ticker
        related, dot, _ = ticker.upper().partition(".")
        if dot and related in _symbols and _symbols[related] is None:
            del _symbols[related]

    @staticmethod
    def get_symbol(ticker: str) -> Symbol:
        """The symbol of a ticker.

        Raises:
            InvalidOperationException: there is none, or several kinds of custom data have the ticker.
        """
        symbol = SymbolCache.try_get_symbol(ticker)
        if symbol is not None:
            return symbol
        matches = _custom_data(ticker.upper())
        if matches:
            raise InvalidOperationException(
                f"SymbolCache: {ticker!r} may be {', '.join(matches)}; write the one that is meant"
            )
        raise InvalidOperationException(
            f"SymbolCache: no symbol was added under the ticker {ticker!r}; add the security first"
        )

    @staticmethod
    def try_get_symbol(ticker: str) -> Symbol | None:
        """The symbol of a ticker, an identifier's text, or custom data `TICKER.Type`; None: there is none."""
        key = ticker.upper()
        if key in _symbols:
            return _symbols[key]
        parsed, sid = SecurityIdentifier.try_parse(ticker)
        if parsed and sid is not None:
            return Symbol(sid, sid.symbol)
        matches = _custom_data(key)
        if len(matches) > 1:
            return None
        # A search costs as much as there are symbols: what it found is remembered, nothing too.
        _symbols[key] = _symbols[matches[0]] if matches else None
        return _symbols[key]

    @staticmethod
    def get_ticker(symbol: Symbol) -> str:
        """The ticker a symbol was added under, else its identifier's text."""
        ticker = _tickers.get(symbol)
        return str(symbol.id) if ticker is None else ticker

    @staticmethod
    def try_get_ticker(symbol: Symbol) -> str | None:
        """The ticker a symbol was added under, else None."""
        return _tickers.get(symbol)

    @staticmethod
    def try_remove(key: Symbol | str) -> bool:
        """Forget a symbol or a ticker; whether it was known."""
        if isinstance(key, str):
            symbol = _symbols.pop(key.upper(), None)
            return symbol is not None and _tickers.pop(symbol, None) is not None
        ticker = _tickers.pop(key, None)
        return ticker is not None and _symbols.pop(ticker.upper(), None) is not None

    @staticmethod
    def clear() -> None:
        """Forget everything."""
        _symbols.clear()
        _tickers.clear()


def _custom_data(key: str) -> list[str]:
    """Names of custom data of a ticker."""
    return [name for name, symbol in _symbols.items() if symbol and name.startswith(f"{key}.")]
