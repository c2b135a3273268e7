"""What a fee model is given."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet


class OrderFeeParameters(DotNet):
    """An order with its security."""

    security: Any
    order: Any

    def __init__(self, security: Any, order: Any) -> None:
        self.security, self.order = security, order
