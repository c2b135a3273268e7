"""LEAN's `LeanData`: the names of its data files."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import Resolution, SecurityType, TickType
from utils.engine.errors import NotSupportedByEngine

_DAILY_NAMES: Final = {
    SecurityType.BASE: "{ticker}.zip",
    SecurityType.EQUITY: "{ticker}.zip",
    SecurityType.INDEX: "{ticker}.zip",
    SecurityType.FOREX: "{ticker}.zip",
    SecurityType.CFD: "{ticker}.zip",
    SecurityType.CRYPTO: "{ticker}_{tick_type}.zip",
}


class LeanData(DotNet):
    """File names of securities other than futures and options."""

    @staticmethod
    def generate_zip_file_name(
        symbol: Any, date: datetime, resolution: Resolution, tick_type: TickType
    ) -> str:
        """Name of the file that has the data of a symbol on a date: `20131007_trade.zip`, or `spy.zip`.

        Raises:
            NotSupportedByEngine: a kind of security whose files have other names.
        """
        kind = SecurityType(symbol.security_type)
        if kind not in _DAILY_NAMES:
            raise NotSupportedByEngine(f"LeanData.GenerateZipFileName of SecurityType.{kind}")
        name = _DAILY_NAMES[kind] if resolution >= Resolution.HOUR else "{day}_{tick_type}.zip"
        return name.format(
            ticker=symbol.value.lower(), day=f"{date:%Y%m%d}", tick_type=tick_type_name(tick_type)
        )


def tick_type_name(tick_type: TickType) -> str:
    """The name of a kind of data in file names: `trade`, `quote`, `openinterest`."""
    return str(TickType(tick_type)).lower()
