"""How much is asked and paid: a budget of USD a day and calls a minute that outlives restarts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from trading.state.categories import Category
from trading.state.errors import DamagedObjectError, SchemaError
from trading.state.repository import Repository
from trading.state.snapshot import Snapshot, load_snapshot, save_snapshot

_NAME: Final = "llm-spending"
_MINUTE: Final = 60.0


class Spent(Snapshot):
    """What was spent, and reserved for calls under way.

    Attributes:
        day: UTC.
        usd: of that day.
        calls: moments of the last minute's calls, seconds since 1970.
    """

    kind = "llm_spending"
    version = 1

    day: date
    usd: float = 0.0
    calls: tuple[float, ...] = ()


@dataclass(frozen=True)
class Grant:
    """What was reserved, and when (seconds since 1970)."""

    moment: float
    usd: float
    calls: int


class Spending:
    """Grants calls within the budget; what is granted is on disk before the call is made.

    A kill during a call leaves its highest price counted as spent. The clock is the real one, in a backtest
    too: dollars are.
    """

    def __init__(
        self,
        usd_per_day: float,
        calls_per_minute: int,
        repository: Repository,
        log: Callable[[str], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._usd_per_day = usd_per_day
        self._calls_per_minute = calls_per_minute
        self._repository = repository
        self._now = now
        try:
            found = load_snapshot(repository, Category.TRADING_STATE, _NAME, Spent)
        except (DamagedObjectError, SchemaError) as error:
            log(f"sentiment: {error}; no model is asked today")
            self._spent = Spent(day=now().date(), usd=usd_per_day)
        else:
            self._spent = Spent(day=now().date()) if found is None else found[0]

    @property
    def spent(self) -> Spent:
        """Today's."""
        self._roll()
        return self._spent

    def grant(self, usd: float, calls: int) -> Grant | None:
        """Reserve so much; None, and nothing reserved, when the budget has not so much left.

        Raises:
            StorageError: the grant cannot be saved, so it is none.
        """
        self._roll()
        spent = self._spent
        # A cent of a cent of slack: the sum of many small floats is not exact.
        over = spent.usd + usd > self._usd_per_day + 1e-9
        if over or len(spent.calls) + calls > self._calls_per_minute:
            return None
        moment = self._now().timestamp()
        granted = {"usd": spent.usd + usd, "calls": spent.calls + (moment,) * calls}
        changed = spent.model_copy(update=granted)
        save_snapshot(self._repository, Category.TRADING_STATE, _NAME, changed)
        self._spent = changed
        return Grant(moment, usd, calls)

    def settle(self, grant: Grant, usd: float, calls: int) -> None:
        """Give back what a grant has left; saved with the next grant."""
        self._roll()
        moments = list(self._spent.calls)
        for _ in range(grant.calls - calls):
            if grant.moment in moments:
                moments.remove(grant.moment)
        left = max(0.0, self._spent.usd - grant.usd + usd)
        self._spent = self._spent.model_copy(update={"usd": left, "calls": tuple(moments)})

    def _roll(self) -> None:
        """A new day begins at nothing; calls older than a minute no longer count."""
        now = self._now()
        usd = self._spent.usd if self._spent.day >= now.date() else 0.0
        recent = tuple(moment for moment in self._spent.calls if now.timestamp() - moment < _MINUTE)
        day = max(self._spent.day, now.date())
        self._spent = self._spent.model_copy(update={"day": day, "usd": usd, "calls": recent})
