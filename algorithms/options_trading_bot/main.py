"""Options trading bot: two-part spreads of underpriced options, within the limits of its settings.

Wiring only: the scanners find, the executor works orders, the breaker and the monitor stop them, and every
decision is written down with its reason. docs/options-bot.md tells how it trades and how to run it.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from AlgorithmImports import *
from subscriptions import Subscriptions

from trading.execution.decisions import DecisionLog
from trading.execution.lean_desk import LeanDesk
from trading.execution.leg import Pace
from trading.execution.quotes import QuoteLimits
from trading.execution.spread import Rules, Spread
from trading.execution.validator import PositionLimits, Proposal, Standing
from trading.monitoring.monitor import create_resource_monitor
from trading.options_bot.chain import ChainRow, ChainView, chain_view
from trading.options_bot.entry import EntryRules, verdicts
from trading.options_bot.health import Health
from trading.options_bot.news import News
from trading.options_bot.positions import Positions
from trading.options_bot.restart import orders_at_the_broker
from trading.risk.circuit_breaker import create_circuit_breaker
from trading.risk.load_shedding import LoadShedding
from trading.scanners.movement import Movements, scan_movements
from trading.sentiment.configured import configured_ensemble
from trading.settings import Settings, load_settings
from trading.state.repository import Repository

NAME = "options_trading_bot"
SETTINGS_KEY = f"{NAME}/settings.json"
DECISIONS_KEY = f"{NAME}/decisions.jsonl"
LIVE_TICK = timedelta(seconds=0.5)


class OptionsTradingBot(QCAlgorithm):
    """Wires settings, scanners, execution, risk and state to LEAN."""

    resource_probe: Any = None
    """States the machine's figures, for drills; a backtest does not heed the real ones."""

    llm_endpoints: Any = None
    """Other addresses of the language models' APIs, by provider."""

    def initialize(self) -> None:
        """Read the settings, subscribe, wire the parts, schedule them, and go on where the last run ended."""
        parameters = dict(self.get_parameters().items())
        self._config: Settings = load_settings(self.object_store, SETTINGS_KEY, parameters)
        self.set_start_date(datetime.fromisoformat(self._config.backtest.start_date))
        self.set_end_date(datetime.fromisoformat(self._config.backtest.end_date))
        self.set_cash(self._config.backtest.cash)
        self.set_brokerage_model(BrokerageName.CHARLES_SCHWAB, AccountType.MARGIN)

        self._subscribed = Subscriptions(self, self._config)
        self._directions: dict[str, int] = {}
        self._scanned: dict[str, datetime] = {}
        self._saved: tuple[Spread, ...] = ()
        self._calendar = self._subscribed.calendar

        self._decisions = DecisionLog(lambda: self.time, self.object_store, DECISIONS_KEY, self.log)
        self._wire_risk()
        self._wire_execution()
        self._schedule()
        self._load()

    # Wiring

    def _wire_risk(self) -> None:
        heeded = self.live_mode or self.resource_probe is not None
        self._breaker = create_circuit_breaker(
            self._config.risk.circuit_breaker,
            clock=lambda: self.utc_time,
            object_store=self.object_store,
            log=self._breaker_moved,
        )
        self._monitor = create_resource_monitor(
            self._config,
            self._breaker if heeded else None,
            clock=lambda: self.utc_time,
            probe=self.resource_probe,
            log=self.log if heeded and self._config.quantconnect.monitoring.alert_on_high_usage else None,
            object_store=self.object_store if self._config.quantconnect.monitoring.log_metrics else None,
        )
        self._shedding = LoadShedding(self._config.risk.load_shedding, clock=lambda: self.utc_time)
        self._heeds_resources = heeded

    def _wire_execution(self) -> None:
        orders = self._config.order_execution
        quality = QuoteLimits(
            self._config.options_scanner.max_spread_pct, orders.min_quote_size, orders.max_quote_age_seconds
        )
        patience = orders.cancel_after_seconds if self.live_mode else orders.cancel_after_bars
        rules = Rules(
            Pace(patience, orders.max_tries), orders.price_improvement_pct, orders.max_slippage_pct, quality
        )
        self._desk = LeanDesk(self, self._subscribed.symbol)
        store: Any = self.object_store
        repository = Repository(store, NAME, lambda: self.utc_time, self.log)
        ensemble = configured_ensemble(
            self._config.llm, repository, live=self.live_mode, log=self.log, endpoints=self.llm_endpoints
        )
        self._news = News(ensemble, self._config.llm.largest_cut)
        self._positions = Positions(
            NAME, rules, self._config.profit_taking, self._desk, self._breaker, self._decisions, repository,
            lambda: self.time,
        )  # fmt: skip
        self._health = Health(
            self._breaker, self._monitor, self._shedding, self._positions, self._heeds_resources
        )
        risk = self._config.risk
        self._entry_rules = EntryRules(
            self._config.options_scanner,
            self._config.two_part_spread,
            self._config.profit_taking,
            PositionLimits(
                risk.max_concurrent_positions, risk.max_position_pct, risk.min_free_buying_power_pct, quality
            ),
        )

    def _schedule(self) -> None:
        every_day = self.date_rules.every_day(self._calendar)
        scans = (
            (self._config.movement_scanner, self._scan_movements),
            (self._config.options_scanner, self._scan_options),
        )
        for scanner, scan in scans:
            if scanner.enabled:
                self.schedule.on(
                    every_day, self.time_rules.every(timedelta(seconds=scanner.scan_interval_seconds)), scan
                )
        if self._config.quantconnect.monitoring.enabled:
            interval = timedelta(seconds=self._config.quantconnect.monitoring.check_interval_seconds)
            self.schedule.on(every_day, self.time_rules.every(interval), self._check_health)
        before = self._config.profit_taking.minutes_before_close
        self.schedule.on(
            every_day, self.time_rules.before_market_close(self._calendar, before), self._before_close
        )
        self.schedule.on(every_day, self.time_rules.after_market_open(self._calendar, 0), self._begin_day)
        if self.live_mode:  # in a backtest, bars are the clock
            self.schedule.on(every_day, self.time_rules.every(LIVE_TICK), self._positions.executor.tick)

    # LEAN's events

    def on_data(self, data: Slice) -> None:
        """Move the clock of the orders, and look at the exits."""
        quoted = [symbol for symbol, bar in data.quote_bars.items() if not bar.is_fill_forward]
        if quoted or any(not bar.is_fill_forward for bar in data.bars.values()):
            self._health.data_came(self.utc_time)
        self._desk.next_bar(quoted)
        if self.is_warming_up:
            return
        if self._saved:
            self._resume()
        self._positions.executor.tick()
        self._positions.look_at_exits()

    def on_order_event(self, order_event: OrderEvent) -> None:
        """Hand the broker's word on, with the fees of a fill."""
        if order_event.symbol.security_type == SecurityType.EQUITY:
            self._shares_moved(order_event)
            return
        update = self._desk.update_of(order_event.order_id)
        if update is None:
            return
        fee = float(order_event.order_fee.value.amount)
        if fee:
            self._positions.paid_fee(update.tag.rsplit("|", 2)[0], fee)
        self._positions.executor.heard(update)

    def on_brokerage_disconnect(self) -> None:
        """Send nothing until the broker is back."""
        self._desk.connected = False
        self._decisions.record("risk", "broker", "disconnected", "nothing is sent until it is back")

    def on_brokerage_reconnect(self) -> None:
        """Go on."""
        self._desk.connected = True
        self._decisions.record("risk", "broker", "reconnected", "orders go on")

    def on_command(self, data: Any) -> bool | None:
        """Commands of a live algorithm: news of a share, a halt, and the reset of the breaker by a person."""
        if data.command == "news":
            self._news.take(str(data.ticker), str(data.text), self.utc_time)
        elif data.command == "halt":
            self._breaker.halt(str(data.reason))
        elif data.command == "reset":
            self._breaker.reset(str(data.by), str(data.reason))
        else:
            return None
        return True

    def on_end_of_algorithm(self) -> None:
        """Say what is left, and save the record."""
        for spread in self._positions.executor.spreads:
            left = f"{spread.held} held, {spread.unhedged} of them unhedged"
            self._decisions.record("end", spread.id, "left", f"{spread.phase}: {left}")
        self._decisions.save()
        self._monitor.close()

    def _shares_moved(self, event: OrderEvent) -> None:
        """Trade away what an assignment or an exercise delivered: shares are no part of any spread."""
        ticker, tag = str(event.symbol.value), f"{NAME}|delivered"
        order = self.transactions.get_order_by_id(event.order_id)
        if order.type == OrderType.OPTION_EXERCISE and event.fill_quantity:
            arrived = f"{event.fill_quantity:+g} shares at {event.fill_price:,.2f}"
            self._decisions.record("shares", ticker, "delivered", arrived)
            if self._config.order_execution.close_delivered_shares:
                self.market_order(event.symbol, -event.fill_quantity, self.live_mode, tag)
        elif order.tag == tag and event.status in {OrderStatus.INVALID, OrderStatus.CANCELED}:
            self._decisions.record("shares", ticker, "left", f"the closing order ended: {event.message}")
        elif order.tag == tag and event.status == OrderStatus.FILLED:
            self._decisions.record("shares", ticker, "closed", f"at {event.fill_price:,.2f}")

    # Scans

    def _scan_movements(self) -> None:
        """Note which shares moved as the settings ask, and which way."""
        if not self._is_due("movements", self._config.movement_scanner.scan_interval_seconds):
            return
        tickers = list(self._subscribed.equities)
        shares = Movements.of([self._movement(ticker) for ticker in tickers])
        found = scan_movements(shares, self._config.movement_scanner)
        self._directions = {tickers[k]: 1 if shares.move_pct[k] > 0 else -1 for k in found.ranked.tolist()}
        for k, (ticker, reason) in enumerate(zip(tickers, found.reasons, strict=True)):
            accepted = found.accepted(k)
            readings = self._subscribed.readings(ticker) if accepted else ""
            verdict = "accepted" if accepted else "rejected"
            self._decisions.record("movement", ticker, verdict, reason + readings)

    def _movement(self, ticker: str) -> tuple[float, float, float, float, float]:
        security = self.securities[self._subscribed.equities[ticker]]
        close, usual = (
            float(one.current.value) if one.is_ready else math.nan
            for one in (self._subscribed.previous_close[ticker], self._subscribed.volumes[ticker])
        )
        mood = self._news.score(ticker, self.utc_time)
        return float(security.price), close, float(security.volume), usual, mood

    def _scan_options(self) -> None:
        """Look for an underpriced contract in each chain, and enter the best that passes."""
        if not self._is_due("options", self._config.options_scanner.scan_interval_seconds):
            return
        for ticker, symbol in self._subscribed.chains.items():
            chain: Any = self.current_slice.option_chains.get(symbol)
            if chain is None:
                self._decisions.record("scan", ticker, "rejected", "no chain")
                continue
            view = self._view(ticker, list(chain), float(chain.underlying.price))
            if view is None:
                self._decisions.record("scan", ticker, "rejected", "no contract is quoted")
                continue
            self._positions.saw_volatility(ticker, view.term_volatility)
            direction = self._directions.get(ticker, 0)
            standing = self._standing()
            for verdict in verdicts(ticker, view, direction, self._entry_rules, standing, self._sized):
                self._decisions.record(verdict.kind, verdict.subject, verdict.verdict, verdict.reason)
                if verdict.proposal is not None:
                    self._positions.enter(verdict.proposal, self._config.two_part_spread)

    def _view(self, ticker: str, chain: list[OptionContract], spot: float) -> ChainView | None:
        """A chain, priced; contracts that nobody has quoted yet are left out."""
        rows = []
        nearest = sorted(chain, key=lambda contract: abs(contract.strike - spot))
        for contract in nearest[: self._shedding.contract_limit(len(nearest))]:
            named = self._subscribed.named(ticker, contract)
            quote = self._desk.quote(named)
            if quote.ask > 0:
                rows.append(ChainRow(named, quote, float(contract.open_interest), float(contract.volume)))
        if not rows or spot <= 0:
            return None
        rate = float(self.risk_free_interest_rate_model.get_interest_rate(self.time))
        return chain_view(
            rows, spot, self.time, rate, self._positions.book.percentile(ticker, self.time.date())
        )

    def _standing(self) -> Standing:
        halted = self._health.halted or ("the market closes soon" if self._closes_soon() else "")
        return Standing(
            equity=float(self.portfolio.total_portfolio_value),
            buying_power=float(self.portfolio.margin_remaining),
            positions=len(self._positions.executor.spreads),
            contracts_in_use=self._positions.executor.contracts(),
            halted=halted,
            market_open=self.is_market_open(self._calendar),
        )

    def _sized(self, proposal: Proposal) -> tuple[int, str]:
        return self._news.sized(proposal, self.utc_time)

    # The session's end

    def _before_close(self) -> None:
        self._positions.before_close(self._days_shut())

    def _days_shut(self) -> float:
        hours = self.securities[self._calendar].exchange.hours
        close = hours.get_next_market_close(self.time, False)
        return float((hours.get_next_market_open(close, False) - close).total_seconds()) / 86_400

    def _closes_soon(self) -> bool:
        hours = self.securities[self._calendar].exchange.hours
        left = hours.get_next_market_close(self.time, False) - self.time
        return bool(left <= timedelta(minutes=self._config.profit_taking.minutes_before_close))

    # Risk

    def _check_health(self) -> None:
        is_open = self.is_market_open(self._calendar)
        equity = float(self.portfolio.total_portfolio_value) if is_open else None
        equities, contracts = len(self._subscribed.equities), len(self._subscribed.contracts)
        self._health.check(self.utc_time, equity, equities, contracts, self._broker_latency_ms())

    def _broker_latency_ms(self) -> float | None:
        """Between an order and the broker's first word on it, if one was sent since the last look."""
        return self._desk.take_latency_ms()

    def _breaker_moved(self, line: str) -> None:
        self._decisions.record("risk", "circuit breaker", "moved", line)

    # State

    def _begin_day(self) -> None:
        """Forget what is closed for good."""
        if not self._saved:
            self._positions.executor.forget_closed()
        self._decisions.save()

    def _is_due(self, scan: str, interval: float) -> bool:
        """Whether the market is open and a scan's interval has passed, stretched when load is shed."""
        if self._saved or self.is_warming_up or not self.is_market_open(self._calendar):
            return False
        last = self._scanned.get(scan)
        wait = timedelta(seconds=interval * self._shedding.scan_interval_factor)
        if last is not None and self.utc_time - last < wait:
            return False
        self._scanned[scan] = self.utc_time
        return True

    def _load(self) -> None:
        """Read what the last run saved, and subscribe to its contracts."""
        if not (self.live_mode or self._config.backtest.restore_state):
            return
        self._saved = self._positions.load()
        for spread in self._saved:
            for leg in (spread.long, spread.short):
                self._subscribed.add(leg.contract)

    def _resume(self) -> None:
        """Go on with the last run's spreads, once LEAN has brought the broker's holdings and orders."""
        saved, self._saved = self._saved, ()
        tickets = self.transactions.get_open_order_tickets()
        updates = orders_at_the_broker(saved, tickets, self._desk, self._subscribed.symbol)
        for spread in saved:
            known = f"{spread.phase}, {spread.held} held, {spread.unhedged} of them unhedged"
            self._decisions.record("restart", spread.id, "resumed", known)
        self._positions.executor.resume(saved, updates)
