"""The indicators by name: their settings, inputs and outputs, over whole arrays and bar by bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from trading.bars import Float64Array
from trading.indicators import (
    adx,
    atr,
    bollinger,
    cci,
    deviation,
    ema,
    ichimoku,
    macd,
    obv,
    regression,
    rolling,
    rsi,
    sma,
    stochastic,
    supertrend,
    volume_ratio,
    vwap,
    wilder,
    wma,
)
from trading.indicators.spec import IndicatorSpec

SOURCES: Final = ("open", "high", "low", "close", "volume")
"""Bar fields that a one-input indicator can read."""

MAX_PERIOD: Final = 100_000

SOURCE: Final = "source"
"""Stands among a definition's inputs for the field that a spec chooses."""

_RANGE = ("high", "low", "close")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of an indicator: whole numbers for a period, any number else, between two bounds."""

    name: str
    whole: bool = True
    least: float = 1
    greatest: float = MAX_PERIOD

    def check(self, kind: str, value: int | float) -> int | float:
        """The value in its type.

        Raises:
            ValueError: not a number of the kind, or out of range.
        """
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not self.least <= value <= self.greatest or (self.whole and value != int(value)):
            what = "a whole number" if self.whole else "a number"
            raise ValueError(
                f"{kind}: {self.name} must be {what} from {self.least:g} to {self.greatest:g}, not {value!r}"
            )
        return int(value) if self.whole else float(value)


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator is.

    Attributes:
        kind: its name.
        settings: in the order of `IndicatorSpec.args`.
        inputs: bar fields that it reads, or the one chosen by the spec (``source``).
        outputs: names, the first is the default.
        state: settings -> fresh flat state.
        update: (state, inputs...) -> first output, or all of them as a tuple.
        loop: (state, input arrays..., out), one row of `out` an output.
        increasing: settings that must increase strictly in this order.
    """

    kind: str
    settings: tuple[Setting, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    state: Callable[..., Float64Array]
    update: Callable[..., Any]
    loop: Callable[..., None]
    increasing: tuple[str, ...] = ()


_PERIOD = Setting("period")
_PERIODS = (_PERIOD,)
_WIDTH = Setting("width", whole=False, least=0, greatest=100)


def _one_input(
    kind: str, module: Any, prefix: str = "", settings: tuple[Setting, ...] = _PERIODS
) -> Definition:
    prefix = prefix or kind
    functions = (getattr(module, f"{prefix}_{part}") for part in ("state", "update", "loop"))
    return Definition(kind, settings, (SOURCE,), (kind,), *functions)


_DEFINITIONS: Final = (
    _one_input("sma", sma),
    _one_input("ema", ema),
    _one_input("wma", wma),
    Definition(
        "wilder",
        _PERIODS,
        (SOURCE,),
        ("wilder",),
        wilder.wilder_state,
        wilder.seeded_update,
        wilder.wilder_loop,
    ),
    _one_input("rsi", rsi, "wilder_rsi"),
    _one_input("cutler_rsi", rsi),
    _one_input("deviation", deviation, settings=(Setting("period", least=2),)),
    Definition(
        "maximum",
        _PERIODS,
        (SOURCE,),
        ("maximum",),
        rolling.extreme_state,
        rolling.maximum_update,
        rolling.maximum_loop,
    ),
    Definition(
        "minimum",
        _PERIODS,
        (SOURCE,),
        ("minimum",),
        rolling.extreme_state,
        rolling.minimum_update,
        rolling.minimum_loop,
    ),
    Definition(
        "macd",
        (Setting("fast"), Setting("slow"), Setting("signal")),
        (SOURCE,),
        ("line", "signal", "histogram"),
        macd.macd_state,
        macd.macd_update,
        macd.macd_loop,
        increasing=("fast", "slow"),
    ),
    Definition(
        "bollinger",
        (Setting("period", least=2), _WIDTH),
        (SOURCE,),
        ("middle", "upper", "lower", "width", "percent"),
        bollinger.bollinger_state,
        bollinger.bollinger_update,
        bollinger.bollinger_loop,
    ),
    Definition(
        "linear_regression",
        (Setting("period", least=2),),
        (SOURCE,),
        ("slope", "fit", "r2", "residual"),
        regression.regression_state,
        regression.linear_update,
        regression.linear_loop,
    ),
    Definition(
        "quadratic_regression",
        (Setting("period", least=3),),
        (SOURCE,),
        ("curvature", "slope", "fit", "r2", "residual"),
        regression.regression_state,
        regression.quadratic_update,
        regression.quadratic_loop,
    ),
    Definition("atr", _PERIODS, _RANGE, ("atr",), atr.atr_state, atr.atr_update, atr.atr_loop),
    Definition(
        "adx",
        _PERIODS,
        _RANGE,
        ("adx", "plus_di", "minus_di"),
        adx.adx_state,
        adx.directional_update,
        adx.adx_loop,
    ),
    Definition("cci", _PERIODS, _RANGE, ("cci",), cci.cci_state, cci.cci_update, cci.cci_loop),
    Definition(
        "stochastic",
        (_PERIOD, Setting("smooth_k"), Setting("smooth_d")),
        _RANGE,
        ("fast", "k", "d"),
        stochastic.stochastic_state,
        stochastic.stochastic_update,
        stochastic.stochastic_loop,
    ),
    Definition(
        "ichimoku",
        (Setting("tenkan"), Setting("kijun"), Setting("senkou"), Setting("delay")),
        _RANGE,
        ("tenkan", "kijun", "senkou_a", "senkou_b", "chikou"),
        ichimoku.ichimoku_state,
        ichimoku.ichimoku_update,
        ichimoku.ichimoku_loop,
    ),
    Definition(
        "supertrend",
        (_PERIOD, Setting("multiplier", whole=False, least=0, greatest=100)),
        _RANGE,
        ("line", "direction"),
        supertrend.supertrend_state,
        supertrend.supertrend_update,
        supertrend.supertrend_loop,
    ),
    Definition("obv", (), ("close", "volume"), ("obv",), obv.obv_state, obv.obv_update, obv.obv_loop),
    Definition(
        "vwap", (), (*_RANGE, "volume", "day"), ("vwap",), vwap.vwap_state, vwap.vwap_update, vwap.vwap_loop
    ),
    Definition(
        "volume_ratio",
        _PERIODS,
        ("volume",),
        ("volume_ratio",),
        volume_ratio.volume_ratio_state,
        volume_ratio.volume_ratio_update,
        volume_ratio.volume_ratio_loop,
    ),
)

INDICATORS: Final[Mapping[str, Definition]] = {definition.kind: definition for definition in _DEFINITIONS}
"""All indicators by kind."""


def check(spec: IndicatorSpec) -> Definition:
    """The definition of a spec whose settings, output and source are sound.

    Raises:
        ValueError: one line that says what is wrong and what is allowed.
    """
    definition = INDICATORS.get(spec.kind)
    if definition is None:
        raise ValueError(f"unknown indicator {spec.kind!r}; known: {', '.join(sorted(INDICATORS))}")
    names = [setting.name for setting in definition.settings]
    if len(spec.args) != len(names):
        wanted = (
            f"{len(names)} setting{'s' * (len(names) != 1)} ({', '.join(names)})" if names else "no settings"
        )
        raise ValueError(f"{spec.kind}: takes {wanted}, not {len(spec.args)}")
    values = {
        setting.name: setting.check(spec.kind, value)
        for setting, value in zip(definition.settings, spec.args, strict=True)
    }
    for smaller, larger in zip(definition.increasing, definition.increasing[1:], strict=False):
        if values[smaller] >= values[larger]:
            raise ValueError(
                f"{spec.kind}: {smaller} must be less than {larger}, "
                f"not {values[smaller]} and {values[larger]}"
            )
    if spec.output and spec.output not in definition.outputs:
        raise ValueError(
            f"{spec.kind}: unknown output {spec.output!r}; known: {', '.join(definition.outputs)}"
        )
    if SOURCE in definition.inputs and spec.source not in SOURCES:
        raise ValueError(f"{spec.kind}: unknown source {spec.source!r}; known: {', '.join(SOURCES)}")
    return definition


def settings(definition: Definition, spec: IndicatorSpec) -> list[int | float]:
    """The settings of a checked spec, each in its type."""
    return [
        setting.check(spec.kind, value) for setting, value in zip(definition.settings, spec.args, strict=True)
    ]


def input_fields(definition: Definition, spec: IndicatorSpec) -> list[str]:
    """Bar fields that a checked spec reads, in the order of its kernel's arguments."""
    return [spec.source if name == SOURCE else name for name in definition.inputs]


def output_index(definition: Definition, spec: IndicatorSpec) -> int:
    """Place of a checked spec's output among the outputs."""
    return definition.outputs.index(spec.output) if spec.output else 0
