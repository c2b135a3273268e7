"""The ensemble that settings and keys ask for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Final

from trading.sentiment.anthropic_provider import AnthropicProvider
from trading.sentiment.cache import OpinionCache
from trading.sentiment.config import Llm, ProviderConfig
from trading.sentiment.ensemble import Ensemble, Mode, lifetime_of
from trading.sentiment.openai_provider import OpenAiProvider
from trading.sentiment.provider import Provider
from trading.sentiment.spending import Spending
from trading.sentiment.vader import vader
from trading.state.categories import FOREVER, Category
from trading.state.repository import Repository
from trading.state.snapshot import Snapshot, load_snapshot, save_snapshot

KEY_VARIABLES: Final[Mapping[str, str]] = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
"""Environment variables that the keys of providers are read from."""

_PROVIDERS: Final[Mapping[str, type[Provider]]] = {"openai": OpenAiProvider, "anthropic": AnthropicProvider}


_RECORDED: Final = "llm-judges"
_UNUSED_KEY: Final = "a-replay-asks-nobody"


class _Recorded(Snapshot):
    kind = "llm_judges"
    version = 1

    providers: tuple[str, ...]


def configured_ensemble(
    config: Llm,
    repository: Repository,
    *,
    live: bool,
    log: Callable[[str], None],
    keys: Mapping[str, str] | None = None,
    endpoints: Mapping[str, str] | None = None,
) -> Ensemble:
    """The ensemble of the settings; without any key it is VADER, and without VADER always neutral.

    Args:
        config: the section `llm`. Not enabled: no judge at all.
        repository: holds the cache and what was spent.
        live: whether the algorithm trades in real time.
        log: takes a line for what fails, and for who judges.
        keys: API keys by provider, for platforms without an environment; None: KEY_VARIABLES are read.
        endpoints: other addresses of the same APIs, by provider.

    Raises:
        ValueError: a key that is none, or an endpoint that would show it; neither is repeated.
    """
    mode = Mode.LIVE if live else Mode.RECORD if config.network_in_backtests else Mode.REPLAY
    keys = _keys() if keys is None else keys
    if mode is Mode.REPLAY:
        keys = dict.fromkeys(recorded_judges(repository), _UNUSED_KEY)
    providers = _providers(config, keys, endpoints or {}) if config.enabled else []
    if mode is Mode.RECORD:
        names = tuple(provider.name for provider in providers)
        save_snapshot(repository, Category.TRADING_STATE, _RECORDED, _Recorded(providers=names))
    lexicon = vader() if config.enabled and config.vader.enabled else None
    cache = OpinionCache(repository, lifetime_of(config, mode) or FOREVER)
    spending = Spending(config.usd_per_day, config.calls_per_minute, repository, log)
    ensemble = Ensemble(config, providers, lexicon, cache, spending, mode, log)
    log(f"sentiment: {', '.join(ensemble.judges) or 'nobody judges: neutral'} ({mode})")
    return ensemble


def _keys() -> dict[str, str]:
    found = {name: os.environ.get(variable, "") for name, variable in KEY_VARIABLES.items()}
    return {name: key for name, key in found.items() if key}


def recorded_judges(repository: Repository) -> tuple[str, ...]:
    """The providers that a backtest with the network asked, whose answers its repetitions find."""
    found = load_snapshot(repository, Category.TRADING_STATE, _RECORDED, _Recorded)
    return () if found is None else found[0].providers


def _providers(config: Llm, keys: Mapping[str, str], endpoints: Mapping[str, str]) -> list[Provider]:
    configs: dict[str, ProviderConfig] = {"openai": config.openai, "anthropic": config.anthropic}
    providers = []
    for name in config.providers:
        if not keys.get(name):
            continue
        try:
            providers.append(_PROVIDERS[name](configs[name], keys[name], endpoints.get(name)))
        except ValueError as error:
            raise ValueError(f"{KEY_VARIABLES[name]}: {error}") from None
    return providers
