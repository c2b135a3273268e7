"""What can be sold short, by brokerage and day, out of the data folder."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from utils.engine.algorithm.environment import present
from utils.engine.models.shortable.null_shortable_provider import NullShortableProvider
from utils.errors import UserError
from utils.files import read_text


class _Row(NamedTuple):
    quantity: int | None
    rebate: float
    fee: float


class LocalDiskShortableProvider(NullShortableProvider):
    """Reads `<type>/<market>/shortable/<brokerage>/symbols/<ticker>.csv`; a missing day has no limit."""

    def __init__(self, brokerage: str) -> None:
        self.brokerage = brokerage.lower()
        self._root: Path = present().data.root
        self._by_ticker: dict[str, dict[date, _Row]] = {}

    def shortable_quantity(self, symbol: Any, local_time: datetime) -> int | None:
        """Shares that can be borrowed; None for any number."""
        row = self._rows(symbol).get(local_time.date())
        return None if row is None else row.quantity

    def fee_rate(self, symbol: Any, local_time: datetime) -> float:
        """What borrowing costs, a fraction a year."""
        row = self._rows(symbol).get(local_time.date())
        return 0.0 if row is None else row.fee

    def rebate_rate(self, symbol: Any, local_time: datetime) -> float:
        """What the lender pays back, a fraction a year."""
        row = self._rows(symbol).get(local_time.date())
        return 0.0 if row is None else row.rebate

    def _rows(self, symbol: Any) -> dict[date, _Row]:
        ticker = symbol.value.lower()
        if ticker not in self._by_ticker:
            folder = self._root / str(symbol.security_type).lower() / symbol.id.market / "shortable"
            path = folder / self.brokerage / "symbols" / f"{ticker}.csv"
            self._by_ticker[ticker] = _read(path) if path.is_file() else {}
        return self._by_ticker[ticker]


def _read(path: Path) -> dict[date, _Row]:
    rows = {}
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        cells = [*line.split(","), "", ""]
        try:
            day = datetime.strptime(cells[0], "%Y%m%d").date()
            quantity = int(float(cells[1])) if cells[1] else None
            rows[day] = _Row(quantity, float(cells[2] or 0) / 100, float(cells[3] or 0) / 100)
        except ValueError as problem:
            raise UserError(f"{path}: line {number}: {problem}; expected date,quantity,rebate,fee") from None
    return rows


class InteractiveBrokersShortableProvider(LocalDiskShortableProvider):
    """Interactive Brokers' lists."""

    def __init__(self) -> None:
        super().__init__("interactivebrokers")
