"""Constants and texts of the naive times in data points."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

# .NET's default(DateTime).
NO_TIME: Final = datetime.min
ONE_MINUTE: Final = timedelta(minutes=1)


def invariant_text(time: datetime) -> str:
    """.NET's invariant general form, e.g. `10/07/2013 16:00:00`."""
    return f"{time:%m/%d/}{time.year:04d}{time: %H:%M:%S}"
