"""What a brokerage says."""

from __future__ import annotations

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.naming import DotNet


class BrokerageMessageType(LeanEnum):
    """How bad it is."""

    INFORMATION = 0
    WARNING = 1
    ERROR = 2
    RECONNECT = 3
    DISCONNECT = 4
    ACTION_REQUIRED = 5


class BrokerageMessageEvent(DotNet):
    """A message with its kind and code."""

    type: BrokerageMessageType
    code: str
    message: str

    def __init__(self, type: BrokerageMessageType, code: str | int, message: str) -> None:  # noqa: A002 - LEAN's
        self.type, self.code, self.message = type, str(code), message

    def __str__(self) -> str:
        return f"{self.type} - Code: {self.code} - {self.message}"
