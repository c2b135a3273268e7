"""Works spreads: hands events to their state machines, and what these want done to a desk.

The state is saved before anything is done, so that a restart knows of every order that may be with the
broker. Live, LEAN reports orders on the broker's thread while the algorithm's own takes in data; and in a
backtest it reports from within the call that sends. Events wait in a queue, and one of them is taken in at a
time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Protocol

from trading.execution.leg import Cancel, Contract, Report, Submit
from trading.execution.order_record import OrderUpdate
from trading.execution.spread import RESTING, Event, Exit, Market, Phase, Rules, Spread, Tick, advance
from trading.execution.spread_resume import resumed, unexplained


class Desk(Protocol):
    """Where orders go, and where word of the market comes from."""

    def market(self, spread: Spread) -> Market:
        """The market of a spread's legs now."""

    def send(self, order: Submit) -> OrderUpdate:
        """Send an order; what the broker says of it at once."""

    def cancel(self, order: Cancel) -> None:
        """Ask for an order's cancellation."""

    def holding(self, contract: Contract) -> int:
        """Contracts held, signed."""

    def save(self, spreads: tuple[Spread, ...]) -> None:
        """Keep the spreads for a restart."""

    def report(self, report: Report) -> None:
        """Tell a human, or a log."""

    def moved(self, before: Spread, after: Spread) -> None:
        """A spread went from one phase to another."""


class SpreadExecutor:
    """Works any number of spreads; no two of those that are not closed share a contract."""

    def __init__(self, desk: Desk, rules: Rules) -> None:
        self._desk = desk
        self._rules = rules
        self._spreads: dict[str, Spread] = {}
        self._events: deque[tuple[str, Event]] = deque()
        self._busy = Lock()
        self._strange: set[str] = set()  # at rest, with holdings that no order explains

    @property
    def spreads(self) -> tuple[Spread, ...]:
        """Those not closed, the oldest first."""
        return tuple(spread for spread in self._spreads.values() if spread.phase is not Phase.CLOSED)

    @property
    def everything(self) -> tuple[Spread, ...]:
        """The closed ones too, until they are forgotten."""
        return tuple(self._spreads.values())

    def contracts(self) -> frozenset[Contract]:
        """All that belong to spreads that are not closed."""
        return frozenset(leg.contract for spread in self.spreads for leg in (spread.long, spread.short))

    def open(self, spread: Spread) -> None:
        """Begin to enter a spread.

        Raises:
            ValueError: its id or one of its contracts belongs to another one.
        """
        shared = self.contracts() & {spread.long.contract, spread.short.contract}
        if spread.id in self._spreads or shared:
            raise ValueError(f"{spread.id}: its id or a contract belongs to another spread")
        self._spreads[spread.id] = spread
        self._happened(spread.id, Tick())

    def exit(self, spread_id: str, keep: int, reason: str) -> None:
        """Close a spread down to `keep` contracts of its long leg."""
        self._happened(spread_id, Exit(keep, reason))

    def heard(self, update: OrderUpdate) -> None:
        """Take in the broker's word on an order; orders of others are ignored."""
        spread_id = update.tag.rsplit("|", 2)[0]
        if spread_id in self._spreads:
            self._happened(spread_id, update)

    def tick(self) -> None:
        """Time went on: on a bar in a backtest, every half second or so live."""
        for spread in self.everything:
            if spread.phase not in RESTING or spread.live:
                self._happened(spread.id, Tick())
        self._audit()

    def resume(self, spreads: Iterable[Spread], updates: Mapping[str, OrderUpdate]) -> None:
        """Go on with saved spreads after a restart; `updates` has the orders that the broker has, by tag."""
        for saved in spreads:
            contracts = (saved.long.contract, saved.short.contract)
            holdings = {contract: self._desk.holding(contract) for contract in contracts}
            spread, actions = resumed(saved, updates, holdings, self._desk.market(saved), self._rules)
            self._carry_out(saved, spread, actions)
        self._run()

    def forget_closed(self) -> None:
        """Drop closed spreads: nothing more is expected of their orders."""
        self._spreads = {spread.id: spread for spread in self.spreads}
        self._desk.save(self.everything)

    def _happened(self, spread_id: str, event: Event) -> None:
        self._events.append((spread_id, event))
        self._run()

    def _run(self) -> None:
        while self._events and self._busy.acquire(blocking=False):
            try:
                while self._events:
                    spread_id, event = self._events.popleft()
                    spread = self._spreads[spread_id]
                    after, actions = advance(spread, event, self._desk.market(spread), self._rules)
                    self._carry_out(spread, after, actions)
            finally:
                self._busy.release()

    def _carry_out(
        self, before: Spread, after: Spread, actions: tuple[Submit | Cancel | Report, ...]
    ) -> None:
        self._spreads[after.id] = after
        if after != before:
            self._desk.save(self.everything)
        for action in actions:
            match action:
                case Submit():
                    self._events.append((after.id, self._desk.send(action)))
                case Cancel():
                    self._desk.cancel(action)
                case Report():
                    self._desk.report(action)
        if after.phase is not before.phase:
            self._desk.moved(before, after)

    def _audit(self) -> None:
        """Holdings of spreads at rest, which must be what they count; twice, as a fill may be on its way."""
        strange: set[str] = set()
        in_use = self.contracts()
        for spread in self.everything:
            closed = spread.phase is Phase.CLOSED
            if spread.phase not in RESTING or spread.live or self._events:
                continue
            contracts = (spread.long.contract, spread.short.contract)
            if closed and not in_use.isdisjoint(contracts):
                continue  # they belong to another spread by now
            holdings = {contract: self._desk.holding(contract) for contract in contracts}
            for adjustment in unexplained(spread, holdings):
                if spread.id in self._strange:
                    self._happened(spread.id, adjustment)
                else:
                    strange.add(spread.id)
        self._strange = strange
