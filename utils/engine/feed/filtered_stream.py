"""Data that a security's filter lets through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from utils.engine.dotnet.naming import DotNet
from utils.engine.feed.columns import Columns
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.feed.history import bars_of


class SecurityDataFilter(DotNet):
    """Base of a user's filters: `filter` says which data the algorithm sees.

    Data are filtered as they are read, ahead of the algorithm's time: look at nothing but the data.
    """

    def filter(self, _vehicle: Any, _data: Any) -> bool:
        """Whether the algorithm sees a bar or point of a security."""
        return True


class FilteredStream:
    """A stream without the rows that the security's filter turns down.

    Args:
        on_error: told what the filter raised; the row is left out then, as in LEAN.
    """

    def __init__(
        self,
        stream: Any,
        security: Any,
        config: SubscriptionDataConfig,
        on_error: Callable[[Exception], None],
    ) -> None:
        self._stream, self._security, self._config, self._on_error = stream, security, config, on_error
        self._filter = security.data_filter

    def advance(self, until_ns: int) -> Columns:
        """Rows that end by then and were not given yet."""
        columns: Columns = self._stream.advance(until_ns)
        if not len(columns):
            return columns
        if columns.points is None:
            passed = [self._passes(bar) for bar in bars_of(self._config, columns)]
        else:
            # Points of one moment are one row.
            passed = [all(map(self._passes, points)) for points in columns.points]
        return columns if all(passed) else columns.taken(np.array(passed))

    def events(self, until_ns: int) -> list[tuple[int, Any]]:
        """Splits, dividends and the like up to then that were not given yet: no filter sees them."""
        found: list[tuple[int, Any]] = self._stream.events(until_ns)
        return found

    def _passes(self, data: Any) -> bool:
        try:
            return bool(self._filter.filter(self._security, data))
        except Exception as error:  # noqa: BLE001 - the user's own
            self._on_error(error)
            return False
