"""Times as the API writes them."""

from __future__ import annotations

from datetime import UTC, datetime

FORMAT = "%Y-%m-%d %H:%M:%S"


def api_time(seconds: float) -> str:
    """UTC, such as `2026-08-01 13:30:00`."""
    return datetime.fromtimestamp(seconds, UTC).strftime(FORMAT)


def optional_api_time(seconds: float | None) -> str | None:
    """The same; None stays None."""
    return None if seconds is None else api_time(seconds)
