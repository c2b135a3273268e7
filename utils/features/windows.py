"""Windows of features and horizons of targets, in rows."""

from __future__ import annotations

from typing import Final

MOMENTUM: Final = (15, 30, 45, 60, 75)
"""Windows of short BQX momentum."""

TREND: Final = (45, 90, 180, 360, 720, 1440, 2880)
"""Windows from three quarters of an hour to two days of minutes."""

WINDOWS: Final = tuple(sorted({*MOMENTUM, *TREND}))
"""All windows, each once."""

HORIZONS: Final = (15, 60, 240)
"""How far ahead targets look."""
