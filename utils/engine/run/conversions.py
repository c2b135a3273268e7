"""Makes sure that every currency of the cash book has a rate."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.money import ONE, ZERO
from utils.engine.enums import Resolution, SecurityType
from utils.engine.errors import AlgorithmError
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.identity.symbol import Symbol
from utils.engine.securities.cash import Cash
from utils.engine.securities.currencies import decompose, is_pair, is_stable_coin_without_pair
from utils.engine.securities.currency_conversion import ConstantConversion, find_conversion
from utils.engine.securities.security import Security
from utils.engine.subscriptions.data_types import available

_KINDS = (SecurityType.FOREX, SecurityType.CFD, SecurityType.CRYPTO)


def ensure_conversions(algorithm: Any) -> list[tuple[SubscriptionDataConfig, Security]]:
    """Give each currency the securities its rate comes from; returns what is to be subscribed to for that."""
    wanted: list[tuple[SubscriptionDataConfig, Security]] = []
    portfolio = algorithm.portfolio
    for cash in portfolio.cash_book.values():
        if cash.currency_conversion.destination_currency is None:
            _ensure(algorithm, cash, wanted)
            portfolio.ensure_unsettled(cash)
    return wanted


def seed_conversions(algorithm: Any) -> None:
    """Take the rates of the start out of the history, where a currency is held that has none yet."""
    for cash in algorithm.portfolio.cash_book.values():
        if cash.exact_conversion_rate:
            continue
        for security in cash.currency_conversion.securities:
            if not security.exact_price:
                for point in algorithm.get_last_known_prices(security):
                    security.set_market_price(point)


def _ensure(algorithm: Any, cash: Cash, wanted: list[tuple[SubscriptionDataConfig, Security]]) -> None:
    account = algorithm.account_currency
    rate = cash.exact_conversion_rate
    if cash.symbol == account:
        cash.currency_conversion = ConstantConversion(account, ONE)
        return
    markets = dict(algorithm.brokerage_model.default_markets)
    coins = markets.get(SecurityType.CRYPTO)
    if coins and is_stable_coin_without_pair(account, cash.symbol, str(coins)):
        cash.currency_conversion = ConstantConversion(account, ONE)
        return
    existing = {s.symbol: s for s in algorithm.securities.active() if s.type in _KINDS}
    potential = _potential(algorithm, markets)
    if not any(cash.symbol in pair for _symbol, pair in potential):
        cash.currency_conversion = ConstantConversion(account, ZERO)
        return

    def make(terms: Any) -> Security:
        symbol = Symbol.create(*terms)
        known = algorithm.securities.get(symbol)
        if known is not None:
            return known  # type: ignore[no-any-return]  # looked up by symbol
        configs = algorithm.subscription_manager.configs
        resolution = min((config.resolution for config in configs), default=Resolution.MINUTE)
        config = algorithm.make_config(
            symbol, resolution, available(symbol.security_type, resolution)[0], internal=True
        )
        security: Security = algorithm._service.create(symbol, cached=False)
        security.is_tradable = False
        security.subscriptions.append(config)
        algorithm.subscription_manager.add(config)
        algorithm.securities.add(security)
        wanted.append((config, security))
        return security

    try:
        conversion = find_conversion(
            cash.symbol, account, existing, potential, lambda s: _pair(existing[s]), make
        )
    except AlgorithmError as problem:
        algorithm.error(str(problem))
        cash.currency_conversion = ConstantConversion(account, ZERO)
        return
    if rate:
        conversion.exact_rate = rate
    cash.currency_conversion = conversion


def _pair(security: Security) -> tuple[str, str]:
    if not is_pair(security.symbol):
        return ("", "")
    return decompose(security.symbol, security.symbol_properties.quote_currency)


def _potential(algorithm: Any, defaults: dict[SecurityType, str]) -> list[tuple[Any, tuple[str, str]]]:
    """Ticker, kind and market of the pairs on the brokerage's and the algorithm's markets, with the pair."""
    database = algorithm._environment.data.symbol_properties
    markets: dict[SecurityType, dict[str, None]] = {kind: {} for kind in _KINDS}
    for kind in _KINDS:
        if kind in defaults:
            markets[kind][str(defaults[kind])] = None
    for symbol in algorithm.securities.keys:
        if symbol.security_type in markets:
            markets[symbol.security_type][symbol.id.market] = None
    for one, other in ((SecurityType.FOREX, SecurityType.CFD), (SecurityType.CFD, SecurityType.FOREX)):
        if not any(s.security_type == other for s in algorithm.securities.keys):
            markets[other] |= {s.id.market: None for s in algorithm.securities.keys if s.security_type == one}
    found = []
    for kind in _KINDS:
        for market in markets[kind]:
            for ticker, properties in database.get_symbol_properties_list(market, kind):
                quote = properties.quote_currency
                if ticker.endswith(quote) and ticker != quote:
                    found.append(((ticker, kind, market), (ticker[: -len(quote)], quote)))
    return found
