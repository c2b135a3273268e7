"""Everything can be sold short."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from utils.engine.dotnet.naming import DotNet


class NullShortableProvider(DotNet):
    """No limit, no fee."""

    INSTANCE: ClassVar[NullShortableProvider]

    def shortable_quantity(self, symbol: Any, local_time: datetime) -> int | None:
        """Shares that can be borrowed; None for any number."""
        return None

    def fee_rate(self, symbol: Any, local_time: datetime) -> float:
        """What borrowing costs, a fraction a year."""
        return 0.0

    def rebate_rate(self, symbol: Any, local_time: datetime) -> float:
        """What the lender pays back, a fraction a year."""
        return 0.0


NullShortableProvider.INSTANCE = NullShortableProvider()
