"""A two-part spread: a contract bought, then one sold against it, and the way out.

A pure state machine: `advance` takes a spread, what happened and the market, and gives the spread as it is
then and what to do. It keeps to these rules whatever comes in whatever order:

- The short leg is never sold beyond what is held of the long one, and bought back before the long is sold.
- A leg has one order at a time, sent for what is missing after all fills that are known.
- The two together never cost more than the net limit: a price worse than that is not sent.
- Contracts without their other leg are reported whenever their number changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from trading.execution.leg import Action, Leg, Pace, Price, Pricing, Progress, Report, stopped, work
from trading.execution.order_record import OrderRecord, OrderState, OrderUpdate, Record
from trading.execution.quotes import Quote, QuoteLimits, improved_limit, on_tick, quote_fault


class Phase(StrEnum):
    """Where a spread stands."""

    DEBIT = "debit"
    """The long leg is being bought."""
    CREDIT = "credit"
    """The short leg is being sold against it."""
    OPEN = "open"
    """Both legs are held, contract for contract."""
    HELD = "held"
    """The credit could not be had, and the rule is to hold: a long option, or more of it than is sold."""
    EXITING = "exiting"
    """Contracts are being closed, down to `keep`."""
    CLOSED = "closed"


RESTING = frozenset({Phase.OPEN, Phase.HELD, Phase.CLOSED})
MARKET_TRIES = 3
"""Orders at the market that an exit sends after its limits, before it pauses."""
PAUSE = 20
"""Patiences that a failed exit waits before it tries again."""


class Spread(Record):
    """A spread and everything known of it; the same after a trip through JSON.

    Attributes:
        id: begins its orders' tags.
        contracts: how many pairs are wanted.
        net_limit: most that a pair may cost, per share.
        hold: whether a debit without its credit is held; else it is sold.
        keep: contracts of the long leg that an exit leaves.
        pauses: times that an exit gave up for a while.
        reported: unhedged contracts last reported.
        reason: why it is in its phase.
    """

    id: str
    long: Leg
    short: Leg
    contracts: int
    net_limit: float
    hold: bool = False
    phase: Phase = Phase.DEBIT
    keep: int = 0
    pauses: int = 0
    reported: int = 0
    reason: str = ""

    @property
    def unhedged(self) -> int:
        """Contracts without their other leg: positive long ones, negative short ones."""
        return self.long.filled + self.short.filled

    @property
    def live(self) -> bool:
        """Whether an order is not done."""
        return self.long.live or self.short.live

    @property
    def held(self) -> int:
        """Contracts of the long leg."""
        return self.long.filled

    @property
    def net_debit(self) -> float:
        """What a pair cost to enter, per share: the long's average price less the short's."""
        return self.long.average_price(1) - self.short.average_price(-1)

    @property
    def profit(self) -> float:
        """Of what is closed, and what the rest cost subtracted; per share times contracts."""
        return -(self.long.paid + self.short.paid)


@dataclass(frozen=True)
class Exit:
    """Close down to `keep` contracts of the long leg."""

    keep: int
    reason: str


@dataclass(frozen=True)
class Adjustment:
    """Contracts that came or went otherwise than by an order of the spread: assignment, exercise, expiry."""

    role: str
    change: int
    price: float
    reason: str


@dataclass(frozen=True)
class Tick:
    """Time went on, or the market moved."""


Event = OrderUpdate | Exit | Adjustment | Tick


@dataclass(frozen=True)
class Market:
    """What is known of the market when something happens.

    Attributes:
        now: by a clock that never goes back: seconds live, bars in a backtest.
        long, short: quotes of the legs.
        can_send: whether the broker is reached and the market is open.
    """

    now: float
    long: Quote
    short: Quote
    can_send: bool = True


@dataclass(frozen=True)
class Rules:
    """How orders are worked; the fields are those of the settings' order_execution."""

    pace: Pace
    improvement_pct: float
    max_slippage_pct: float
    quote: QuoteLimits


def advance(spread: Spread, event: Event, market: Market, rules: Rules) -> tuple[Spread, tuple[Action, ...]]:
    """The spread after `event`, and what to do, in order."""
    actions: list[Action] = []
    before = spread.phase
    spread = _taken_in(spread, event, actions)
    phase = None
    while phase is not spread.phase:
        phase = spread.phase
        spread = _STEPS[phase](spread, market, rules, actions)
    came_to_hold = spread.phase is Phase.HELD is not before
    if spread.unhedged != spread.reported or came_to_hold:
        actions.append(Report(f"{spread.id}: {_exposure(spread)}", spread.unhedged))
        spread = spread.model_copy(update={"reported": spread.unhedged})
    return spread, tuple(actions)


def _taken_in(spread: Spread, event: Event, actions: list[Action]) -> Spread:
    match event:
        case OrderUpdate():
            before = spread
            spread = spread.model_copy(
                update={"long": spread.long.updated(event), "short": spread.short.updated(event)}
            )
            if event.state is OrderState.REJECTED and spread is not before:
                actions.append(Report(f"{spread.id}: {event.tag} was rejected: {event.message}"))
        case Adjustment():
            leg: Leg = getattr(spread, event.role)
            spread = spread.model_copy(update={event.role: adjusted(leg, spread.id, event)})
            actions.append(Report(f"{spread.id}: {leg.contract}: {event.change:+d} by {event.reason}"))
        case Exit():
            if spread.phase is Phase.EXITING:
                keep = min(event.keep, spread.keep)
                spread = spread.model_copy(update={"keep": keep, "reason": event.reason})
            elif spread.phase is not Phase.CLOSED:
                spread = _exiting(spread, event.keep, event.reason, actions)
        case Tick():
            pass
    return spread


def adjusted(leg: Leg, spread_id: str, event: Adjustment) -> Leg:
    """A leg with contracts that came or went without an order of its own."""
    record = OrderRecord(
        tag=f"{spread_id}|{leg.role}|adjustment {len(leg.orders) + 1}", quantity=event.change, limit=None,
        mid=0.0, sent_at=0.0, state=OrderState.FILLED, filled=event.change, average_price=event.price,
        message=event.reason,
    )  # fmt: skip
    return leg.model_copy(update={"orders": (*leg.orders, record)})


def _debit(spread: Spread, market: Market, rules: Rules, actions: list[Action]) -> Spread:
    # What the credit is asked for first; it is never sold for less than the net limit leaves.
    most = spread.net_limit + (market.short.mid if market.short.two_sided else 0.0)
    pricing = _capped(_entry_pricing(market.long, rules), most, market.long.tick)
    target = max(spread.contracts, spread.long.filled)  # late fills on top are hedged, not sold in a hurry
    leg, progress, todo = work(
        spread.long, target, market.now, market.can_send, rules.pace, pricing, spread.id
    )
    actions += todo
    spread = spread.model_copy(update={"long": leg})
    if progress is Progress.WORKING:
        return spread
    if spread.long.filled == 0:
        return _moved(spread, Phase.CLOSED, "the debit could not be had", actions)
    return _moved(spread, Phase.CREDIT, f"{spread.long.filled} bought", actions)


def _credit(spread: Spread, market: Market, rules: Rules, actions: list[Action]) -> Spread:
    if spread.unhedged < 0 or spread.long.live:  # sold too many, or a lost order to buy came back
        return _exiting(spread, _hedged(spread), "orders crossed", actions)
    worst = spread.long.average_price(1) - spread.net_limit
    # However wide the quote: what is asked for is bounded, and a long leg waits for it.
    any_width = replace(rules, quote=replace(rules.quote, max_spread_pct=math.inf))
    pricing = _floored(_entry_pricing(market.short, any_width), worst, market.short.tick)
    leg, progress, todo = work(
        spread.short, -spread.long.filled, market.now, market.can_send, rules.pace, pricing, spread.id
    )
    actions += todo
    spread = spread.model_copy(update={"short": leg})
    if progress is Progress.REACHED:
        net = f"net debit {spread.net_debit:.2f}, limit {spread.net_limit:.2f}"
        return _moved(spread, Phase.OPEN, f"{spread.held} hedged, {net}", actions)
    if progress is Progress.EXHAUSTED:
        if spread.hold:
            return _moved(spread, Phase.HELD, "the credit could not be had: holding", actions)
        return _exiting(spread, _hedged(spread), "the credit could not be had: unwinding", actions)
    return spread


def _resting(spread: Spread, _market: Market, _rules: Rules, actions: list[Action]) -> Spread:
    """Nothing is under way; what late fills changed is put right."""
    held, sold = spread.long.filled, -spread.short.filled
    if spread.live:
        return _exiting(spread, _hedged(spread), "an order came back", actions)
    if spread.phase is not Phase.CLOSED and held == sold == 0:
        return _moved(spread, Phase.CLOSED, "nothing is left", actions)
    right = {
        Phase.OPEN: held == sold,
        Phase.HELD: 0 <= sold <= held,
        Phase.CLOSED: held == sold == 0,
    }
    if right[spread.phase]:
        return spread
    return _exiting(spread, _hedged(spread), "the legs do not match", actions)


def _exit(spread: Spread, market: Market, rules: Rules, actions: list[Action]) -> Spread:
    """The short leg first, then the long one."""
    keep = min(spread.keep, max(spread.long.filled, 0))
    pace = replace(rules.pace, max_tries=rules.pace.max_tries + MARKET_TRIES)
    for role, target, quote in (
        ("short", -min(keep, max(-spread.short.filled, 0)), market.short),
        ("long", keep, market.long),
    ):
        leg: Leg = getattr(spread, role)
        pricing = _exit_pricing(quote, rules)
        leg, progress, todo = work(leg, target, market.now, market.can_send, pace, pricing, spread.id)
        actions += todo
        spread = spread.model_copy(update={role: leg})
        if progress is Progress.REACHED:
            continue
        if progress is Progress.EXHAUSTED:
            actions.append(Report(f"{spread.id}: {leg.contract} cannot be closed; trying again later"))
            later = market.now + PAUSE * rules.pace.patience
            rested = leg.model_copy(update={"tries": 0, "not_before": later})
            spread = spread.model_copy(update={role: rested, "pauses": spread.pauses + 1})
        if role == "short" and spread.long.live:
            long, todo = stopped(spread.long, market.now, market.can_send, rules.pace)
            actions += todo
            spread = spread.model_copy(update={"long": long})
        return spread
    phase = Phase.OPEN if spread.unhedged == 0 else Phase.HELD
    return _moved(spread, phase if spread.held else Phase.CLOSED, spread.reason, actions)


_STEPS: dict[Phase, Callable[[Spread, Market, Rules, list[Action]], Spread]] = {
    Phase.DEBIT: _debit,
    Phase.CREDIT: _credit,
    Phase.OPEN: _resting,
    Phase.HELD: _resting,
    Phase.EXITING: _exit,
    Phase.CLOSED: _resting,
}


def _moved(spread: Spread, phase: Phase, reason: str, actions: list[Action]) -> Spread:
    actions.append(Report(f"{spread.id}: {spread.phase} -> {phase}: {reason}"))
    return spread.model_copy(
        update={
            "phase": phase, "reason": reason, "long": spread.long.at_rest(), "short": spread.short.at_rest(),
        }
    )  # fmt: skip


def _exiting(spread: Spread, keep: int, reason: str, actions: list[Action]) -> Spread:
    keep = max(0, min(keep, _hedged(spread)))
    return _moved(spread.model_copy(update={"keep": keep}), Phase.EXITING, reason, actions)


def _hedged(spread: Spread) -> int:
    """Contracts of the long leg that may stay: those sold against, or all where the rule is to hold."""
    if spread.phase is Phase.CLOSED:
        return 0
    held, sold = max(spread.long.filled, 0), max(-spread.short.filled, 0)
    return held if spread.hold else min(held, sold)


def _exposure(spread: Spread) -> str:
    if spread.unhedged == 0:
        return "no contract is without its other leg"
    kind = "long" if spread.unhedged > 0 else "short"
    return f"{abs(spread.unhedged)} {kind} contracts are without their other leg, {spread.phase}"


def _entry_pricing(quote: Quote, rules: Rules) -> Pricing:
    def price(side: int, tries: int) -> Price | str:
        fault = quote_fault(quote, side, rules.quote)
        if fault is not None:
            return fault
        limit = improved_limit(quote, side, tries, rules.improvement_pct, rules.max_slippage_pct)
        return Price(limit, quote.mid)

    return price


def _exit_pricing(quote: Quote, rules: Rules) -> Pricing:
    """Limits while there are tries left, whatever the quote's quality; then the market."""

    def price(side: int, tries: int) -> Price | str:
        if (quote.ask if side > 0 else quote.bid) <= 0:
            return "nobody quotes the other side"
        if tries >= rules.pace.max_tries or not quote.two_sided:
            return Price(None, quote.mid)
        return Price(improved_limit(quote, side, tries, rules.improvement_pct, 100.0), quote.mid)

    return price


def _capped(pricing: Pricing, most: float, tick: float) -> Pricing:
    """Never pay more than `most`."""

    def price(side: int, tries: int) -> Price | str:
        found = pricing(side, tries)
        if isinstance(found, str) or found.limit is None or found.limit <= most:
            return found
        limit = on_tick(most, side, tick)
        return Price(limit, found.mid) if limit > 0 else f"no price within the net limit: {most:.2f} is left"

    return price


def _floored(pricing: Pricing, least: float, tick: float) -> Pricing:
    """Never take less than `least`."""

    def price(side: int, tries: int) -> Price | str:
        found = pricing(side, tries)
        if isinstance(found, str) or found.limit is None or found.limit >= least:
            return found
        return Price(on_tick(least, side, tick), found.mid)

    return price
