"""Options trading bot: follows shares and option chains within the limits of its settings.

It subscribes, scans and logs what it finds; it sends no order.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from AlgorithmImports import *

from trading.settings import Settings, load_settings

SETTINGS_KEY = "options_trading_bot/settings.json"


class OptionsTradingBot(QCAlgorithm):
    """Wires settings to subscriptions and scans."""

    def initialize(self) -> None:
        """Read the settings, subscribe to shares and option chains, schedule the scans."""
        self.set_start_date(2015, 12, 23)
        self.set_end_date(2015, 12, 28)
        self.set_cash(100_000)
        self.set_brokerage_model(BrokerageName.CHARLES_SCHWAB, AccountType.MARGIN)

        parameters = dict(self.get_parameters().items())
        self._config: Settings = load_settings(self.object_store, SETTINGS_KEY, parameters)
        self._equities: dict[str, Symbol] = {}
        self._chains: dict[str, Symbol] = {}
        self._previous_close: dict[str, Any] = {}
        self._indicators: dict[str, dict[str, Any]] = {}
        self._add_equities()
        self._add_option_chains()
        self._schedule_scans()

        if self._config.llm.enabled:
            self.log(f"LLM sentiment: {', '.join(self._config.llm.providers)}")

    def _add_equities(self) -> None:
        # Raw prices, as option strikes and the broker's fills have them.
        for ticker in self._config.universe.equities:
            equity = self.add_equity(
                ticker, Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW
            )
            self._equities[ticker] = equity.symbol
            self._previous_close[ticker] = self.identity(equity.symbol, Resolution.DAILY)

    def _add_option_chains(self) -> None:
        limits = self._config.resource_limits
        for ticker in self._config.universe.option_underlyings[: limits.max_option_chains]:
            option = self.add_option(ticker, Resolution.MINUTE)
            option.set_filter(self._select_contracts)
            self._chains[ticker] = option.symbol
            self._indicators[ticker] = self._technical_indicators(self._equities[ticker])

    def _select_contracts(self, universe: OptionFilterUniverse) -> OptionFilterUniverse:
        """Contracts around the money within the expiry range, the nearest first, up to the limit."""
        scanner = self._config.options_scanner
        limits = self._config.resource_limits
        universe = (
            universe.include_weeklys()
            .strikes(-scanner.strikes_each_side, scanner.strikes_each_side)
            .expiration(scanner.min_days_to_expiry, scanner.max_days_to_expiry)
        )
        price = universe.underlying.price
        nearest = sorted(
            (contract.symbol for contract in universe),
            key=lambda symbol: (abs(symbol.id.strike_price - price), symbol.id.date, symbol.value),
        )
        selected: OptionFilterUniverse = universe.contracts(nearest[: limits.max_contracts_per_chain])
        return selected

    def _technical_indicators(self, symbol: Symbol) -> dict[str, Any]:
        """The enabled indicators of a share, by name, updated each minute."""
        enabled = self._config.technical_indicators
        indicators: dict[str, Any] = {}
        if enabled.rsi.enabled:
            indicators["rsi"] = self.rsi(symbol, 14)
        if enabled.macd.enabled:
            indicators["macd"] = self.macd(symbol, 12, 26, 9)
        if enabled.bollinger.enabled:
            indicators["bollinger"] = self.bb(symbol, 20, 2)
        if enabled.ichimoku.enabled:
            indicators["ichimoku"] = self.ichimoku(symbol, 9, 26, 26, 52, 26, 26)
        return indicators

    def _schedule_scans(self) -> None:
        calendar = next(iter(self._equities.values()))
        scans = (
            (self._config.movement_scanner, self._scan_movements),
            (self._config.options_scanner, self._scan_options),
        )
        for scanner, scan in scans:
            if scanner.enabled:
                self.schedule.on(
                    self.date_rules.every_day(calendar),
                    self.time_rules.every(timedelta(seconds=scanner.scan_interval_seconds)),
                    scan,
                )

    def _scan_movements(self) -> None:
        """Log shares whose move since the previous day's close lies in the scanner's range."""
        scanner = self._config.movement_scanner
        for ticker, symbol in self._equities.items():
            previous = self._previous_close[ticker]
            price = self.securities[symbol].price
            if not previous.is_ready or price == 0 or not self.is_market_open(symbol):
                continue
            move = 100 * (price / previous.current.value - 1)
            if scanner.min_move_pct <= abs(move) <= scanner.max_move_pct:
                self.log(f"{ticker} moved {move:+.2f} %{self._readings(ticker)}")

    def _readings(self, ticker: str) -> str:
        """The values of a share's indicators that are ready."""
        ready = {
            name: indicator
            for name, indicator in self._indicators.get(ticker, {}).items()
            if indicator.is_ready
        }
        return "".join(f", {name} {indicator.current.value:.2f}" for name, indicator in ready.items())

    def _scan_options(self) -> None:
        """Log each chain's size and how many of its contracts are liquid."""
        for ticker, symbol in self._chains.items():
            chain = self.current_slice.option_chains.get(symbol)
            if chain is None or not self.is_market_open(symbol):
                continue
            contracts = list(chain)
            liquid = [contract for contract in contracts if self._is_liquid(contract)]
            self.log(f"{ticker} chain: {len(contracts)} contracts, {len(liquid)} liquid")

    def _is_liquid(self, contract: OptionContract) -> bool:
        """Whether a contract has enough open interest and a narrow enough spread."""
        scanner = self._config.options_scanner
        bid, ask = contract.bid_price, contract.ask_price
        if bid <= 0 or ask < bid or contract.open_interest < scanner.min_open_interest:
            return False
        return 200 * (ask - bid) / (ask + bid) <= scanner.max_spread_pct
