"""LEAN's `Time`: spans and limits of time by name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from utils.engine.dotnet.naming import DotNet


class Time(DotNet):
    """Spans that algorithms name: `Time.ONE_DAY`."""

    ONE_YEAR: ClassVar[timedelta] = timedelta(days=365)
    ONE_DAY: ClassVar[timedelta] = timedelta(days=1)
    ONE_HOUR: ClassVar[timedelta] = timedelta(hours=1)
    ONE_MINUTE: ClassVar[timedelta] = timedelta(minutes=1)
    ONE_SECOND: ClassVar[timedelta] = timedelta(seconds=1)
    ONE_MILLISECOND: ClassVar[timedelta] = timedelta(milliseconds=1)
    BEGINNING_OF_TIME: ClassVar[datetime] = datetime(1899, 12, 30)
    END_OF_TIME: ClassVar[datetime] = datetime(2050, 12, 31)


for _name in tuple(Time.__annotations__):
    setattr(Time, _name.title().replace("_", ""), getattr(Time, _name))
