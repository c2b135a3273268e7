"""History of splits, dividends, delistings and changes of ticker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from utils.engine.clock import utc_to_local
from utils.engine.data.auxiliary import Delisting, Dividend, Split, SymbolChangedEvent
from utils.engine.enums import TickType
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.corporate_events import corporate_events
from utils.engine.feed.data_folder import DataFolder

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    Dividend: ("distribution", "reference_price"),
    Split: ("reference_price", "split_factor", "type"),
    Delisting: ("type",),
    SymbolChangedEvent: ("new_symbol", "old_symbol"),
}
"""Kinds of events there is history of, with the attributes its table has."""


@dataclass(frozen=True)
class AuxiliaryRequest:
    """Events of a kind that are told after `start` and by `end`, UTC nanoseconds."""

    config: SubscriptionDataConfig
    kind: type
    start: int
    end: int


class AuxiliaryHistory:
    """Answers requests for events of the past.

    Each method is told the present and answers with nothing that was not told by then.
    """

    def __init__(self, data: DataFolder) -> None:
        self._data = data

    def events(self, request: AuxiliaryRequest, now_ns: int) -> list[tuple[int, Any]]:
        """Events of one request with the times they were told at, UTC nanoseconds.

        No bars are read for them: as in LEAN, the warning of a split and a delisting have no price.

        Raises:
            NotSupportedByEngine: a kind of security that is not read.
            UserError: a damaged file.
        """
        end = min(request.end, now_ns)
        if request.start >= end:
            return []
        config = request.config.copy(tick_type=TickType.TRADE, type=None, is_internal_feed=False)
        sessions = self._data.sessions(self._data.series(config))
        days = sessions.open_days(request.start, end, config.extended_market_hours)
        found = corporate_events(config, self._data.map_file(config), self._data.factor_file(config), days)
        told = [(event.time, event.make(0.0)) for event in found.events if request.start < event.time <= end]
        return [(time, event) for time, event in told if type(event) is request.kind]

    def data_frame(self, requests: Sequence[AuxiliaryRequest], now_ns: int) -> pd.DataFrame:
        """Events as LEAN's table: a row an event, under its symbol and its date.

        The columns are LEAN's names in lower case (`splitfactor`). Symbols are in the order of their first
        event.
        """
        import pandas as pd

        from utils.engine.frames.bars import LEVELS
        from utils.engine.frames.symbol_indexing import index_by_ticker

        index_by_ticker()
        parts = [(request, self.events(request, now_ns)) for request in requests]
        frames = []
        for request, events in sorted((part for part in parts if part[1]), key=lambda part: part[1][0][0]):
            zone = request.config.exchange_time_zone
            times = np.array([utc_to_local(time, zone) for time, _ in events], np.int64)
            index = pd.MultiIndex.from_arrays(
                [
                    pd.Index([request.config.symbol] * len(events), dtype=object),
                    pd.DatetimeIndex(times.view("M8[ns]")),
                ],
                names=LEVELS,
            )
            columns = {
                name.replace("_", ""): [getattr(event, name) for _, event in events]
                for name in COLUMNS[request.kind]
            }
            frames.append(pd.DataFrame(columns, index=index))
        return pd.concat(frames) if frames else pd.DataFrame()
