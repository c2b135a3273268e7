"""The algorithm's methods that make an indicator of a symbol: `self.ema(symbol, 14)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.enums import Resolution
from utils.engine.indicators.bar_rows import BAR_ROWS
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.naming import setting_text
from utils.engine.indicators.shortcut_row import Parameters, Row
from utils.engine.indicators.value_rows import VALUE_ROWS

_RESOLUTION_TEXTS: Final = {
    None: "",
    Resolution.TICK: "tick",
    Resolution.SECOND: "sec",
    Resolution.MINUTE: "min",
    Resolution.HOUR: "hr",
    Resolution.DAILY: "day",
}


def create_indicator_name(symbol: Any, type: str, resolution: Resolution | str | None) -> str:  # noqa: A002
    """LEAN's name of an indicator: `EMA(14)` of SPY by the minute -> `EMA(14,SPY_min)`.

    Args:
        symbol: what it is of; None or an empty one is left out.
        type: the indicator with its settings.
        resolution: of the data, or LEAN's short text of it.
    """
    text = resolution if isinstance(resolution, str) else _RESOLUTION_TEXTS[resolution]
    parts = [text] if symbol is None or not str(symbol) else [str(symbol), text]
    return f"{type}({'_'.join(parts)})".replace(")(", ",")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a shortcut, taken apart.

    Attributes:
        row: the overload that takes it.
        settings: of the indicator, with the defaults.
        resolution: as given; a time span for a consolidator of that length; None for the subscription's.
        selector: data point -> what the indicator takes; None for the default.
    """

    row: Row
    settings: dict[str, Any]
    resolution: Any
    selector: Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One method.

    Attributes:
        method: its name.
        rows: its overloads, in the order in which they are tried.
    """

    method: str
    rows: tuple[Row, ...]

    @property
    def field(self) -> str:
        """Of a bar of trades, what the indicator takes by default."""
        return self.rows[0].field

    @property
    def symbols(self) -> str:
        """`one`, `two` (the second is the argument `reference`) or `many` (a list for the first)."""
        return self.rows[0].symbols

    def bind(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Call:
        """Take a call apart.

        Args:
            args: positional arguments after the symbol.
            kwargs: the others.

        Raises:
            TypeError: no overload takes them.
        """
        for row in self.rows:
            values = _bound(row.parameters, args, kwargs)
            if values is not None:
                resolution = values.pop("resolution", None)
                return Call(row, values, resolution, values.pop("selector", None))
        given = ", ".join([type(one).__name__ for one in args] + [f"{key}=" for key in kwargs])
        wanted = " or ".join(
            f"{self.method}({', '.join(['symbol', *(name for name, _ in row.parameters)])})"
            for row in self.rows
        )
        raise TypeError(f"No method matches given arguments for {self.method}: ({given}); use {wanted}")

    def create(
        self,
        symbol: Any,
        resolution_name: Resolution | str | None,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        risk_free_rate_model: Any = None,
    ) -> IndicatorBase:
        """The indicator, not yet registered.

        Args:
            symbol: of the data; a list for the indicators of many.
            resolution_name: for its name: the given resolution, else the subscription's.
            args: positional arguments after the symbol.
            kwargs: the others.
            risk_free_rate_model: the algorithm's, for indicators that are given no rate.

        Raises:
            TypeError: no overload takes the arguments.
        """
        return self.make(symbol, resolution_name, self.bind(args, kwargs), risk_free_rate_model)

    def make(
        self,
        symbol: Any,
        resolution_name: Resolution | str | None,
        call: Call,
        risk_free_rate_model: Any = None,
    ) -> IndicatorBase:
        """The indicator of a call that was taken apart."""
        row = call.row
        texts = {key: setting_text(value) for key, value in call.settings.items()}
        in_name = symbol if row.symbols == "one" or row.method == "a" else None
        name = create_indicator_name(in_name, _type_text(row.type, texts), resolution_name)
        settings = {row.renamed.get(key, key): value for key, value in call.settings.items()}
        settings.pop("field_name", None)
        if settings.get("risk_free_rate", 0.0) is None:
            settings["risk_free_rate"] = 0.0 if risk_free_rate_model is None else risk_free_rate_model
        if row.symbols == "two":
            return row.cls(name, symbol, settings.pop("reference"), **settings)
        indicator: Any = row.cls(name, **settings)
        if row.symbols == "many":
            for one in symbol:
                indicator.add(one)
        return indicator  # type: ignore[no-any-return]  # `add` is of the indicators of many only


def _type_text(template: str, texts: dict[str, str]) -> str:
    # `[,{rate}]` is left out with the rate.
    template = re.sub(r"\[,\{(\w+)\}\]", lambda m: f",{{{m[1]}}}" if texts.get(m[1]) else "", template)
    return template.format_map(texts) if template != "{field_name}" else texts["field_name"] or "close"


def _bound(parameters: Parameters, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """The values of an overload's parameters; None when it does not take the arguments."""
    names = [name for name, _ in parameters]
    if len(args) > len(names) or not set(kwargs) <= set(names[len(args) :]):
        return None
    given = dict(zip(names, args, strict=False)) | kwargs
    values = {name: given.get(name, default) for name, default in parameters}
    fits = all(_fits(name, given[name], default) for name, default in parameters if name in given)
    return values if fits and ... not in values.values() else None


def _fits(name: str, value: Any, default: Any) -> bool:
    """Whether a value is of the kind that a parameter takes."""
    if name == "resolution":
        return value is None or isinstance(value, (Resolution, timedelta))
    if name in ("selector", "filter"):
        return value is None or callable(value)
    if name in ("reference", "risk_free_rate", "field_name") or name.endswith(("type", "tool")):
        return not isinstance(value, (Resolution, timedelta))
    if isinstance(default, bool):
        return isinstance(value, bool)
    if value is None:
        return default is None or name == "min_period"
    return not isinstance(value, (bool, LeanEnum, str, timedelta)) and not callable(value)


_ROWS: Final = (*VALUE_ROWS, *BAR_ROWS)

SHORTCUTS: Final[dict[str, Shortcut]] = {
    method: Shortcut(method, tuple(row for row in _ROWS if row.method == method))
    for method in dict.fromkeys(row.method for row in _ROWS)
}
"""All of them by method."""
