"""Settings of the options trading bot: defaults, Object Store and project parameters, in that order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Protocol, Self

from pydantic import Field, StringConstraints, model_validator

from trading.execution.config import OrderExecution, ProfitTaking, TwoPartSpread
from trading.monitoring.config import Monitoring, ResourceLimits
from trading.risk.config import BreakerConfig, SheddingConfig
from trading.scanners.config import MovementScanner, OptionsScanner
from trading.sections import Count, Percent, Section, validated
from trading.sentiment.config import Llm

Ticker = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9.]{0,9}$")]
Tickers = Annotated[tuple[Ticker, ...], Field(max_length=1000)]

_DATE: Final = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class QuantConnect(Section):
    """What concerns the platform the bot runs on."""

    monitoring: Monitoring = Monitoring()


class Indicator(Section):
    """Whether an indicator is computed."""

    enabled: bool = True


class TechnicalIndicators(Section):
    """Indicators of the underlyings."""

    rsi: Indicator = Indicator()
    macd: Indicator = Indicator()
    bollinger: Indicator = Indicator()
    ichimoku: Indicator = Indicator()


class Universe(Section):
    """Tickers of US shares, and those of them whose option chain is followed, the most important first."""

    equities: Annotated[Tickers, Field(min_length=1)] = (
        "SPY",
        "AAPL",
        "MSFT",
        "GOOG",
        "AMZN",
        "NVDA",
        "META",
        "TSLA",
        "JPM",
        "XOM",
    )
    option_underlyings: Tickers = ("SPY", "AAPL", "GOOG", "MSFT", "NVDA")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in ("equities", "option_underlyings"):
            tickers = getattr(self, name)
            twice = next((ticker for ticker in tickers if tickers.count(ticker) > 1), None)
            if twice:
                raise ValueError(f"{name} has {twice} twice")
        missing = next((ticker for ticker in self.option_underlyings if ticker not in self.equities), None)
        if missing:
            raise ValueError(f"option_underlyings has {missing}, which is not among equities")
        return self


class Risk(Section):
    """Limits that no signal may exceed.

    A position's notional is what it can lose, its net debit for all contracts, in percent of equity.
    """

    max_concurrent_positions: Count = 20
    max_position_pct: Percent = 5
    min_free_buying_power_pct: Annotated[float, Field(ge=0, le=100)] = 20
    circuit_breaker: BreakerConfig = BreakerConfig()
    load_shedding: SheddingConfig = SheddingConfig()


class Backtest(Section):
    """What a backtest trades with and when, days included; live trading ignores it.

    A backtest begins without positions unless `restore_state` lets it go on with what the Object Store has.
    """

    start_date: Annotated[str, StringConstraints(pattern=_DATE)] = "2015-12-23"
    end_date: Annotated[str, StringConstraints(pattern=_DATE)] = "2015-12-28"
    cash: Annotated[float, Field(gt=0, le=1e12)] = 100_000
    restore_state: bool = False


class Settings(Section):
    """All settings of the bot.

    >>> Settings().resource_limits.max_option_chains
    5
    """

    quantconnect: QuantConnect = QuantConnect()
    resource_limits: ResourceLimits = ResourceLimits()
    universe: Universe = Universe()
    movement_scanner: MovementScanner = MovementScanner()
    options_scanner: OptionsScanner = OptionsScanner()
    technical_indicators: TechnicalIndicators = TechnicalIndicators()
    order_execution: OrderExecution = OrderExecution()
    two_part_spread: TwoPartSpread = TwoPartSpread()
    profit_taking: ProfitTaking = ProfitTaking()
    risk: Risk = Risk()
    llm: Llm = Llm()
    backtest: Backtest = Backtest()


class ObjectStore(Protocol):
    """The part of LEAN's Object Store that settings are read from."""

    def contains_key(self, path: str, /) -> bool:
        """Whether there is an object of that key."""

    def read(self, path: str, /) -> str:
        """Its text."""


def load_settings(object_store: ObjectStore, key: str, parameters: Mapping[str, str]) -> Settings:
    """Defaults, overridden by the JSON under `key`, overridden by project parameters.

    Args:
        object_store: where `key` may hold a JSON object of the form of `Settings`, in whole or in part.
        key: key in the Object Store; nothing under it means the defaults.
        parameters: project parameters. A name such as ``resource_limits.max_option_chains`` sets that leaf
            to its value, read as JSON when it is JSON; names outside every section are left alone.

    Raises:
        ValueError: no JSON, an unknown or wrong setting; one line with the source, the setting and a remedy.
    """
    values: dict[str, Any] = {}
    if object_store.contains_key(key):
        values = _json_object(object_store.read(key), key)
    settings = validated(Settings, values, key)
    overrides = {name: text for name, text in parameters.items() if name.partition(".")[0] in _SECTIONS}
    if not overrides:
        return settings
    values = settings.model_dump(mode="json")
    for name, text in overrides.items():
        _override(values, name, text)
    return validated(Settings, values, "project parameters")


def settings_schema() -> dict[str, Any]:
    """The JSON schema of a settings file; config/settings.schema.json is its text."""
    schema = Settings.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def setting_names() -> tuple[str, ...]:
    """The dotted path of every leaf, such as ``resource_limits.max_option_chains``, in order."""
    return tuple(_leaves(Settings().model_dump(), ""))


_SECTIONS: Final = frozenset(Settings.model_fields)


def _leaves(values: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def _override(values: dict[str, Any], name: str, text: str) -> None:
    if name not in setting_names():
        raise ValueError(f"project parameter {name}: no such setting; known: {_similar(name)}")
    *sections, leaf = name.split(".")
    for section in sections:
        values = values[section]
    values[leaf] = _scalar(text)


def _similar(name: str) -> str:
    section = name.partition(".")[0] + "."
    return ", ".join(known for known in setting_names() if known.startswith(section))


def _scalar(text: str) -> Any:
    """The JSON value that `text` spells, else the text itself; True and False count as JSON too."""
    if text in ("True", "False"):
        return text == "True"
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _json_object(text: str, key: str) -> dict[str, Any]:
    try:
        values = json.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ValueError(f"{key}: nested too deep; write it as config/settings.json is") from None
    except ValueError as error:
        raise ValueError(f"{key}: not JSON: {error}; mend it or delete the object") from None
    if not isinstance(values, dict):
        raise ValueError(f"{key}: a JSON object is wanted, not {type(values).__name__}")  # noqa: TRY004
    return values
