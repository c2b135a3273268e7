"""Names of the US equity exchanges by the codes in tick data."""

from __future__ import annotations

from typing import Final

# Name: code, further codes and names in data.
_EXCHANGES: Final[dict[str, tuple[str, ...]]] = {
    "NASDAQ": ("Q", "T", "NASDAQ_OMX"),
    "NASDAQ_SC": ("S",),
    "BATS": ("Z", "BATS Z"),
    "ARCA": ("P",),
    "NYSE": ("N",),
    "NSE": ("C", "NSX"),
    "FINRA": ("D",),
    "ISE": ("I",),
    "CSE": ("M",),
    "CBOE": ("W",),
    "AMEX": ("A",),
    "SIAC": ("SIAC",),
    "EDGA": ("J",),
    "EDGX": ("K",),
    "NASDAQ_BX": ("B", "NASDAQ BX"),
    "NASDAQ_PSX": ("X", "NASDAQ PSX"),
    "BATS_Y": ("Y", "BATS Y", "BYX"),
    "BOSTON": ("BB",),
    "BSE": ("BSE",),
    "IEX": ("IEX", "V"),
    "SMART": ("SMART",),
    "OTCX": ("OTCX",),
    "MIAX_PEARL": ("MP", "H", "MIAX PEARL"),
    "LTSE": ("L",),
    "MEMX": ("MM", "U"),
    "CSFB": ("CSFB",),
}

_NAMES: Final = {text: name for name, codes in _EXCHANGES.items() for text in (*codes, name)}


def exchange_name(text: str) -> str:
    """The exchange's name for a code or name; empty for an unknown one."""
    return _NAMES.get(text.upper(), "")


def exchange_code(text: str) -> str:
    """The exchange's code for a code or name; empty for an unknown one."""
    name = exchange_name(text)
    return _EXCHANGES[name][0] if name else ""
