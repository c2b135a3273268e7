"""What an interest model is given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.dotnet.naming import DotNet


class MarginInterestRateParameters(DotNet):
    """A security and the time."""

    security: Any
    time: datetime

    def __init__(self, security: Any, time: datetime) -> None:
        self.security, self.time = security, time
