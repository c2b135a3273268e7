"""Small data folders, and streams over them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from utils.data.lean.series import LeanSeries
from utils.engine.clock import local_to_utc, to_datetime, utc_to_local
from utils.engine.enums import Resolution, SecurityType, TickType
from utils.engine.feed.columns import Columns
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.data_folder import DataFolder
from utils.engine.feed.stream import SubscriptionStream

NEW_YORK = "America/New_York"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def _hours(*segments: tuple[str, str, str]) -> list[dict[str, str]]:
    return [{"start": start, "end": end, "state": state} for start, end, state in segments]


def _entry(data: str, exchange: str, week: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"dataTimeZone": data, "exchangeTimeZone": exchange, **week, **more}


US = _hours(
    ("04:00:00", "09:30:00", "premarket"),
    ("09:30:00", "16:00:00", "market"),
    ("16:00:00", "20:00:00", "postmarket"),
)
ALL_DAY = _hours(("00:00:00", "1.00:00:00", "market"))
ENTRIES = {
    "Equity-usa-[*]": _entry(
        NEW_YORK,
        NEW_YORK,
        dict.fromkeys(WEEKDAYS, US),
        holidays=["11/28/2013", "12/25/2013"],
        earlyCloses={"11/29/2013": "13:00:00", "12/24/2013": "13:00:00"},
    ),
    "Index-usa-[*]": _entry(
        "America/Chicago",
        "America/Chicago",
        dict.fromkeys(WEEKDAYS, _hours(("08:30:00", "15:15:00", "market"))),
        holidays=["11/28/2013"],
        earlyCloses={"11/29/2013": "12:15:00"},
    ),
    "Crypto-coinbase-[*]": _entry(
        "UTC", "UTC", dict.fromkeys((*WEEKDAYS, "saturday", "sunday"), ALL_DAY), holidays=[]
    ),
    "Forex-oanda-[*]": _entry(
        "UTC",
        NEW_YORK,
        dict.fromkeys(WEEKDAYS[:4], ALL_DAY)
        | {
            "friday": _hours(("00:00:00", "17:00:00", "market")),
            "sunday": _hours(("17:00:00", "1.00:00:00", "market")),
        },
        holidays=["12/25/2013"],
    ),
}

ZONES = {
    SecurityType.EQUITY: ("usa", NEW_YORK, NEW_YORK),
    SecurityType.INDEX: ("usa", "America/Chicago", "America/Chicago"),
    SecurityType.CRYPTO: ("coinbase", "UTC", "UTC"),
    SecurityType.FOREX: ("oanda", "UTC", NEW_YORK),
}


def make_config(
    kind: SecurityType, resolution: Resolution, tick_type: TickType = TickType.TRADE, **terms: Any
) -> SubscriptionDataConfig:
    """A subscription to a symbol of a kind: `SPY`, `SPX`, `BTCUSD` or `EURUSD`."""
    ticker = {
        SecurityType.EQUITY: "SPY",
        SecurityType.INDEX: "SPX",
        SecurityType.CRYPTO: "BTCUSD",
        SecurityType.FOREX: "EURUSD",
    }[kind]
    market, data_zone, zone = ZONES[kind]
    identifier = SimpleNamespace(symbol=ticker, market=market, date=datetime(1998, 1, 2))
    symbol: Any = SimpleNamespace(
        value=ticker, security_type=kind, id=identifier, is_canonical=bool
    )  # bool() is False
    return SubscriptionDataConfig(
        None, symbol, resolution, ZoneInfo(data_zone), ZoneInfo(zone), tick_type=tick_type, **terms
    )


@dataclass
class Feed:
    """A data folder to write into and read from."""

    root: Path

    @classmethod
    def empty(cls, root: Path) -> Feed:
        """One with market hours and nothing else."""
        made = cls(root)
        made.text("market-hours/market-hours-database.json", json.dumps({"entries": ENTRIES}))
        return made

    def write(self, config: SubscriptionDataConfig, lines: Sequence[tuple[datetime, str]]) -> None:
        """Replace a subscription's files with lines: time on the data's clock, and the rest of the line."""
        data = DataFolder(self.root)
        series = data.series(config)
        assert isinstance(series, LeanSeries)
        if not series.resolution.file_a_day:
            text = "\n".join(f"{time:%Y%m%d %H:%M},{rest}" for time, rest in lines)
            self._zip(series.whole_path(self.root), series.entry_name(None), text)
            return
        for old in series.day_files(self.root):
            old[1].unlink()
        days: dict[date, list[str]] = {}
        for time, rest in lines:
            midnight = datetime(time.year, time.month, time.day)
            milliseconds = (time - midnight) // timedelta(milliseconds=1)
            days.setdefault(time.date(), []).append(f"{milliseconds},{rest}")
        for day, texts in days.items():
            self._zip(series.day_path(self.root, day), series.entry_name(day), "\n".join(texts))

    def _zip(self, path: Path, entry: str, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(entry, text)

    def text(self, path: str, content: str) -> None:
        """Write a text file."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)

    def stream(
        self,
        config: SubscriptionDataConfig,
        start: datetime,
        end: datetime,
        resolution: Resolution | None = None,
        **terms: Any,
    ) -> SubscriptionStream:
        """A stream from one local time to another, filled forward on its own grid unless said otherwise."""
        zone = config.exchange_time_zone
        finest = config.resolution if resolution is None else resolution
        edges = local_to_utc(start, zone), local_to_utc(end, zone) - 100
        return SubscriptionStream(config, *edges, DataFolder(self.root), finest, **terms)

    def read(
        self,
        config: SubscriptionDataConfig,
        start: datetime,
        end: datetime,
        resolution: Resolution | None = None,
        **terms: Any,
    ) -> Columns:
        """All rows from one local time to another."""
        stream = self.stream(config, start, end, resolution, **terms)
        return stream.advance(local_to_utc(end + timedelta(days=3), config.exchange_time_zone))


def local(config: SubscriptionDataConfig, times: Any) -> list[datetime]:
    """UTC nanoseconds on the exchange's clock."""
    return [to_datetime(utc_to_local(int(time), config.exchange_time_zone)) for time in times]
