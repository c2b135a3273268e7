"""The bot's positions from their first order to their close: what is kept of them, when they end."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from trading.execution.config import ProfitTaking, TwoPartSpread
from trading.execution.decisions import DecisionLog
from trading.execution.lean_desk import LeanDesk
from trading.execution.leg import Report
from trading.execution.profit_ladder import Ladder, Valuation, climbed
from trading.execution.spread import Phase, Rules, Spread
from trading.execution.spread_executor import SpreadExecutor
from trading.execution.validator import MULTIPLIER, Proposal
from trading.options_bot.book import Book, Position, valuation
from trading.options_bot.entry import spread_of
from trading.risk.circuit_breaker import CircuitBreaker
from trading.state.categories import Category
from trading.state.repository import Repository
from trading.state.snapshot import load_snapshot, save_snapshot

_BOOK = "book"


class Positions:
    """Spreads with their ladders; tells the breaker what they brought, and the log why they were closed.

    Attributes:
        book: as it is saved before any order is sent.
        executor: works the spreads' orders.
    """

    def __init__(
        self,
        name: str,
        rules: Rules,
        exits: ProfitTaking,
        desk: LeanDesk,
        breaker: CircuitBreaker,
        decisions: DecisionLog,
        repository: Repository,
        now: Callable[[], datetime],
    ) -> None:
        """`name` begins all tags; `now` is the time in New York, naive."""
        self.book = Book()
        self.executor = SpreadExecutor(desk, rules)
        self._name = name
        self._exits = exits
        self._desk = desk
        self._breaker = breaker
        self._decisions = decisions
        self._repository = repository
        self._now = now
        desk.save, desk.report, desk.moved = self._save, self._reported, self._moved

    def enter(self, proposal: Proposal, rules: TwoPartSpread) -> None:
        """Begin to enter a spread that has passed every check."""
        made = self.book.made + 1
        spread_id = f"{self._name}|{self._now():%y%m%d%H%M}-{made}"
        self.book = self.book.model_copy(update={"made": made})
        self.book = self.book.with_position(spread_id, Position(opened=self._now()))
        self._breaker.record_opening()
        pair = f"{proposal.contracts} {proposal.long} against {proposal.short}"
        self._decisions.record(
            "spread", spread_id, "entering", f"{pair}, at most {proposal.net_limit:.2f} each"
        )
        self.executor.open(spread_of(proposal, spread_id, rules))

    def look_at_exits(self) -> None:
        """Levels of profit, stops and time of every position at rest."""
        for spread in self._resting():
            position = self.book.positions[spread.id]
            if position.ladder is None:
                continue
            ladder, keep, reason = climbed(position.ladder, self._valuation(spread), self._exits)
            if ladder != position.ladder:
                climbing = position.model_copy(update={"ladder": ladder})
                self.book = self.book.with_position(spread.id, climbing)
            if keep < spread.held:
                self.close(spread, keep, reason)

    def close(self, spread: Spread, keep: int, reason: str) -> None:
        """Close a spread down to `keep` contracts, and say why."""
        if spread.phase is Phase.EXITING and spread.keep <= keep:
            return
        self._decisions.record(
            "exit", spread.id, "closing", f"{spread.held - keep} of {spread.held}: {reason}"
        )
        self.executor.exit(spread.id, keep, reason)

    def close_all(self, reason: str) -> None:
        """Close everything."""
        for spread in self.executor.spreads:
            self.close(spread, 0, reason)

    def before_close(self, days_shut: float) -> None:
        """End entries; close everything when the exchange shuts for long."""
        longest = self._exits.close_before_shut_days
        for spread in self.executor.spreads:
            if 0 < longest < days_shut:
                self.close(spread, 0, f"the exchange shuts for {days_shut:.1f} days")
            elif spread.phase in (Phase.DEBIT, Phase.CREDIT):
                self.close(spread, -spread.short.filled, "the market closes soon")

    def close_least_profitable(self, reason: str) -> bool:
        """Close the position at rest that gained least; whether there was one."""
        resting = self._resting()
        if resting:
            self.close(min(resting, key=self._gain), 0, reason)
        return bool(resting)

    def paid_fee(self, spread_id: str, fee: float) -> None:
        """An order of a spread cost a fee."""
        position = self.book.positions.get(spread_id)
        if position is not None:
            paid = position.model_copy(update={"fees": position.fees + fee})
            self.book = self.book.with_position(spread_id, paid)

    def saw_volatility(self, ticker: str, volatility: float) -> None:
        """An underlying's volatility at the money in thirty days, now."""
        self.book = self.book.with_volatility(ticker, self._now().date(), volatility)

    def load(self) -> tuple[Spread, ...]:
        """The spreads that the last run saved; none when it saved nothing.

        Raises:
            DamagedObjectError: what it saved cannot be read: do not trade.
            SchemaError: it is of another version.
        """
        found = load_snapshot(self._repository, Category.TRADING_STATE, _BOOK, Book)
        if found is not None:
            self.book = found[0]
        return self.book.spreads

    def _resting(self) -> list[Spread]:
        return [spread for spread in self.executor.spreads if spread.phase in (Phase.OPEN, Phase.HELD)]

    def _valuation(self, spread: Spread) -> Valuation:
        long, short = (self._desk.quote(leg.contract) for leg in (spread.long, spread.short))
        return valuation(spread, self.book.positions[spread.id], long, short, self._now())

    def _gain(self, spread: Spread) -> float:
        """Profit so far in percent of its cost; what nobody quotes comes first."""
        now = self._valuation(spread)
        gain = (now.value - now.basis) / max(abs(now.basis), 0.01)
        return gain if math.isfinite(gain) else -math.inf

    def _save(self, spreads: tuple[Spread, ...]) -> None:
        self.book = self.book.with_spreads(spreads)
        save_snapshot(self._repository, Category.TRADING_STATE, _BOOK, self.book)

    def _reported(self, report: Report) -> None:
        subject, _, text = report.text.partition(": ")
        self._decisions.record("spread", subject, "exposed" if report.unhedged else "noted", text)

    def _moved(self, _before: Spread, after: Spread) -> None:
        """A spread went on: a complete one gets its ladder, a closed one is counted."""
        position = self.book.positions[after.id]
        if after.phase in (Phase.OPEN, Phase.HELD) and position.ladder is None:
            position = position.model_copy(update={"ladder": Ladder(contracts=after.held)})
            self.book = self.book.with_position(after.id, position)
        elif after.phase is Phase.CLOSED:
            profit = after.profit * MULTIPLIER - position.fees
            if any(order.filled for leg in (after.long, after.short) for order in leg.orders):
                self._breaker.record_trade(profit)
            self._decisions.record("spread", after.id, "closed", f"{after.reason}; profit {profit:,.2f}")
