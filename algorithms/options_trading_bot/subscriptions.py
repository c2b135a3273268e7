"""What the options trading bot is subscribed to: shares with their indicators, chains, single contracts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from AlgorithmImports import *

from trading.execution.leg import Contract
from trading.settings import Settings

VOLUME_BARS = 30


class Subscriptions:
    """Subscribes as the settings say, and knows LEAN's symbols of what the bot names.

    Attributes:
        equities, chains: symbols by ticker.
        previous_close, volumes: indicators by ticker: yesterday's close, the usual volume of a minute.
        contracts: symbols of the contracts that were looked at or are held.
    """

    def __init__(self, algorithm: QCAlgorithm, config: Settings) -> None:
        self._algorithm = algorithm
        self._config = config
        self.equities: dict[str, Symbol] = {}
        self.chains: dict[str, Symbol] = {}
        self.previous_close: dict[str, Any] = {}
        self.volumes: dict[str, Any] = {}
        self.contracts: dict[Contract, Symbol] = {}
        self._indicators: dict[str, dict[str, Any]] = {}
        self._add_equities()
        self._add_option_chains()

    @property
    def calendar(self) -> Symbol:
        """The share whose exchange's hours are the bot's."""
        return next(iter(self.equities.values()))

    def symbol(self, contract: Contract) -> Symbol:
        """The symbol of a contract that was named or added."""
        return self.contracts[contract]

    def named(self, ticker: str, contract: OptionContract) -> Contract:
        """The bot's name for a contract of a chain."""
        right = "call" if contract.right == OptionRight.CALL else "put"
        named = Contract(
            underlying=ticker, right=right, strike=contract.strike, expiry=contract.expiry.date()
        )
        self.contracts[named] = contract.symbol
        return named

    def add(self, contract: Contract) -> None:
        """Subscribe to a contract of an earlier run."""
        underlying = self.equities[contract.underlying]
        right = OptionRight.CALL if contract.right == "call" else OptionRight.PUT
        expiry = datetime.combine(contract.expiry, datetime.min.time())
        symbol = Symbol.create_option(
            underlying, Market.USA, OptionStyle.AMERICAN, right, contract.strike, expiry
        )
        self._algorithm.add_option_contract(symbol, Resolution.MINUTE)
        self.contracts[contract] = symbol

    def readings(self, ticker: str) -> str:
        """The values of a share's indicators that are ready."""
        indicators = self._indicators.get(ticker, {})
        ready = {name: indicator for name, indicator in indicators.items() if indicator.is_ready}
        return "".join(f", {name} {indicator.current.value:.2f}" for name, indicator in ready.items())

    def _add_equities(self) -> None:
        # Raw prices, as option strikes and the broker's fills have them.
        algorithm = self._algorithm
        for ticker in self._config.universe.equities:
            equity = algorithm.add_equity(
                ticker, Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW
            )
            self.equities[ticker] = equity.symbol
            self.previous_close[ticker] = algorithm.identity(equity.symbol, Resolution.DAILY)
            self.volumes[ticker] = algorithm.sma(equity.symbol, VOLUME_BARS, Resolution.MINUTE, Field.VOLUME)

    def _add_option_chains(self) -> None:
        limits = self._config.resource_limits
        for ticker in self._config.universe.option_underlyings[: limits.max_option_chains]:
            option = self._algorithm.add_option(ticker, Resolution.MINUTE)
            option.set_filter(self._select_contracts)
            self.chains[ticker] = option.symbol
            self._indicators[ticker] = self._technical_indicators(self.equities[ticker])

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
            indicators["rsi"] = self._algorithm.rsi(symbol, 14)
        if enabled.macd.enabled:
            indicators["macd"] = self._algorithm.macd(symbol, 12, 26, 9)
        if enabled.bollinger.enabled:
            indicators["bollinger"] = self._algorithm.bb(symbol, 20, 2)
        if enabled.ichimoku.enabled:
            indicators["ichimoku"] = self._algorithm.ichimoku(symbol, 9, 26, 26, 52, 26, 26)
        return indicators
