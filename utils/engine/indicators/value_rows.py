"""The algorithm's methods that make indicators of values."""

from __future__ import annotations

from typing import Any, Final

from utils.engine.indicators.bands import (
    BollingerBands,
    RegressionChannel,
)
from utils.engine.indicators.changes import (
    Identity,
    KaufmanEfficiencyRatio,
    LogReturn,
    Momentum,
    MomentumPercent,
    RateOfChange,
    RateOfChangePercent,
    RateOfChangeRatio,
)
from utils.engine.indicators.convergence import (
    AbsolutePriceOscillator,
    MovingAverageConvergenceDivergence,
    PercentagePriceOscillator,
)
from utils.engine.indicators.cycles import (
    HilbertTransform,
    SwissArmyKnife,
)
from utils.engine.indicators.extremes import Maximum, MidPoint, Minimum
from utils.engine.indicators.functional import FilteredIdentity
from utils.engine.indicators.moving_averages import (
    ArnaudLegouxMovingAverage,
    DoubleExponentialMovingAverage,
    ExponentialMovingAverage,
    HullMovingAverage,
    KaufmanAdaptiveMovingAverage,
    LinearWeightedMovingAverage,
    McGinleyDynamic,
    T3MovingAverage,
    TriangularMovingAverage,
    TripleExponentialMovingAverage,
    ZeroLagExponentialMovingAverage,
)
from utils.engine.indicators.oscillators import (
    ChandeMomentumOscillator,
    CoppockCurve,
    DerivativeOscillator,
    DetrendedPriceOscillator,
    KnowSureThing,
    Trix,
    TrueStrengthIndex,
)
from utils.engine.indicators.regression import HurstExponent, LeastSquaresMovingAverage, TimeSeriesForecast
from utils.engine.indicators.relative_strength import RelativeStrengthIndex
from utils.engine.indicators.risk import SharpeRatio, SortinoRatio, TargetDownsideDeviation, ValueAtRisk
from utils.engine.indicators.shortcut_row import (
    AVERAGE,
    EXPONENTIAL,
    FAST_SLOW,
    PERIOD,
    WILDERS,
    Row,
    of_period,
    row,
)
from utils.engine.indicators.stochastics import (
    SchaffTrendCycle,
    StochasticRelativeStrengthIndex,
)
from utils.engine.indicators.sums import (
    MeanAbsoluteDeviation,
    SimpleMovingAverage,
    StandardDeviation,
    Sum,
    Variance,
)
from utils.engine.indicators.value_studies import (
    AugenPriceSpike,
    ConnorsRelativeStrengthIndex,
    Momersion,
    RelativeMovingAverage,
    VariableIndexDynamicAverage,
)
from utils.engine.indicators.wilder import WilderMovingAverage

_FIELD: Final = (("selector", None), ("field_name", None))
_FILTERED: Final = (("selector", None), ("filter", None), ("field_name", None))

_OF_PERIOD: Final[tuple[tuple[str, Any], ...]] = (
    ("cmo", ChandeMomentumOscillator),
    ("dema", DoubleExponentialMovingAverage),
    ("dpo", DetrendedPriceOscillator),
    ("hma", HullMovingAverage),
    ("logr", LogReturn),
    ("lsma", LeastSquaresMovingAverage),
    ("lwma", LinearWeightedMovingAverage),
    ("mad", MeanAbsoluteDeviation),
    ("mgd", McGinleyDynamic),
    ("midpoint", MidPoint),
    ("mom", Momentum),
    ("momp", MomentumPercent),
    ("rma", RelativeMovingAverage),
    ("roc", RateOfChange),
    ("rocp", RateOfChangePercent),
    ("rocr", RateOfChangeRatio),
    ("sma", SimpleMovingAverage),
    ("std", StandardDeviation),
    ("sum", Sum),
    ("tema", TripleExponentialMovingAverage),
    ("trima", TriangularMovingAverage),
    ("trix", Trix),
    ("tsf", TimeSeriesForecast),
    ("vidya", VariableIndexDynamicAverage),
    ("wwma", WilderMovingAverage),
    ("zlema", ZeroLagExponentialMovingAverage),
)

VALUE_ROWS: Final[tuple[Row, ...]] = (
    *(of_period(method, cls) for method, cls in _OF_PERIOD),
    row("max", Maximum, "MAX({period})", *PERIOD, field="high"),
    row("min", Minimum, "MIN({period})", *PERIOD, field="low"),
    row(
        "alma",
        ArnaudLegouxMovingAverage,
        "ALMA({period},{sigma},{offset})",
        *PERIOD,
        ("sigma", 6),
        ("offset", 0.85),
    ),
    row("apo", AbsolutePriceOscillator, "APO({fast_period},{slow_period})", *FAST_SLOW, AVERAGE),
    row("aps", AugenPriceSpike, "APS({period})", ("period", 3)),
    row("bb", BollingerBands, "BB({period},{k})", *PERIOD, ("k", ...), AVERAGE),
    row(
        "cc",
        CoppockCurve,
        "CC({short_roc_period},{long_roc_period},{lwma_period})",
        ("short_roc_period", 11),
        ("long_roc_period", 14),
        ("lwma_period", 10),
    ),
    row(
        "crsi",
        ConnorsRelativeStrengthIndex,
        "CRSI({rsi_period},{rsi_period_streak},{look_back_period})",
        ("rsi_period", ...),
        ("rsi_period_streak", ...),
        ("look_back_period", ...),
    ),
    row(
        "do",
        DerivativeOscillator,
        "DO({rsi_period},{smoothing_rsi_period},{double_smoothing_rsi_period},{signal_line_period})",
        ("rsi_period", ...),
        ("smoothing_rsi_period", ...),
        ("double_smoothing_rsi_period", ...),
        ("signal_line_period", ...),
    ),
    of_period("ema", ExponentialMovingAverage),
    row("ema", ExponentialMovingAverage, "EMA({period})", *PERIOD, ("smoothing_factor", ...)),
    Row("filtered_identity", FilteredIdentity, "{field_name}", _FILTERED),
    Row("filtered_identity", FilteredIdentity, "{field_name}", (("resolution", ...), *_FILTERED)),
    row("he", HurstExponent, "HE({period},{max_lag})", *PERIOD, ("max_lag", 20)),
    row(
        "ht",
        HilbertTransform,
        "HT({length}, {in_phase_multiplication_factor}, {quadrature_multiplication_factor})",
        ("length", ...),
        ("in_phase_multiplication_factor", ...),
        ("quadrature_multiplication_factor", ...),
    ),
    Row("identity", Identity, "{field_name}", _FIELD),
    Row("identity", Identity, "{field_name}", (("resolution", ...), *_FIELD)),
    row("kama", KaufmanAdaptiveMovingAverage, "KAMA({period},2,30)", *PERIOD),
    row(
        "kama",
        KaufmanAdaptiveMovingAverage,
        "KAMA({period},{fast_ema_period},{slow_ema_period})",
        *PERIOD,
        ("fast_ema_period", ...),
        ("slow_ema_period", ...),
    ),
    row("ker", KaufmanEfficiencyRatio, "KER({period})", ("period", 2)),
    row(
        "kst",
        KnowSureThing,
        "KST({roc1_period},{roc1_ma_period},{roc2_period},{roc2_ma_period},{roc3_period},{roc3_ma_period},"
        "{roc4_period},{roc4_ma_period},{signal_period},{moving_average_type})",
        ("roc1_period", 10),
        ("roc1_ma_period", 10),
        ("roc2_period", 15),
        ("roc2_ma_period", 10),
        ("roc3_period", 20),
        ("roc3_ma_period", 10),
        ("roc4_period", 30),
        ("roc4_ma_period", 15),
        ("signal_period", 9),
        AVERAGE,
    ),
    row(
        "macd",
        MovingAverageConvergenceDivergence,
        "MACD({fast_period},{slow_period},{signal_period})",
        *FAST_SLOW,
        ("signal_period", ...),
        ("type", EXPONENTIAL),
    ),
    row(
        "momersion",
        Momersion,
        "MOMERSION({min_period},{full_period})",
        ("min_period", None),
        ("full_period", ...),
    ),
    row("ppo", PercentagePriceOscillator, "PPO({fast_period},{slow_period})", *FAST_SLOW, AVERAGE),
    row("rc", RegressionChannel, "RC({period},{k})", *PERIOD, ("k", ...)),
    row(
        "rsi",
        RelativeStrengthIndex,
        "RSI({period},{moving_average_type})",
        *PERIOD,
        ("moving_average_type", WILDERS),
    ),
    row(
        "srsi",
        StochasticRelativeStrengthIndex,
        "SRSI({rsi_period},{stoch_period},{k_smoothing_period},{d_smoothing_period})",
        ("rsi_period", ...),
        ("stoch_period", ...),
        ("k_smoothing_period", ...),
        ("d_smoothing_period", ...),
        AVERAGE,
    ),
    row(
        "sr",
        SharpeRatio,
        "SR({sharpe_period}[,{risk_free_rate}])",
        ("sharpe_period", ...),
        ("risk_free_rate", None),
        renamed={"sharpe_period": "period"},
    ),
    row(
        "sortino",
        SortinoRatio,
        "SORTINO({sortino_period},{minimum_acceptable_return})",
        ("sortino_period", ...),
        ("minimum_acceptable_return", 0.0),
        renamed={"sortino_period": "period"},
    ),
    row(
        "stc",
        SchaffTrendCycle,
        "STC({cycle_period},{fast_period},{slow_period})",
        ("cycle_period", ...),
        *FAST_SLOW,
        ("moving_average_type", EXPONENTIAL),
        renamed={"moving_average_type": "type"},
    ),
    row(
        "tdd",
        TargetDownsideDeviation,
        "TDD({period},{minimum_acceptable_return})",
        *PERIOD,
        ("minimum_acceptable_return", 0),
    ),
    row(
        "swiss",
        SwissArmyKnife,
        "SWISS({period},{delta},{tool})",
        *PERIOD,
        ("delta", ...),
        ("tool", ...),
    ),
    row("t3", T3MovingAverage, "T3({period},{volume_factor})", *PERIOD, ("volume_factor", 0.7)),
    row(
        "tsi",
        TrueStrengthIndex,
        "TSI({long_term_period},{short_term_period},{signal_period})",
        ("long_term_period", 25),
        ("short_term_period", 13),
        ("signal_period", 7),
        ("signal_type", EXPONENTIAL),
    ),
    row("v", Variance, "V({period})", *PERIOD),
    row("var", Variance, "V({period})", *PERIOD),
    row("var", ValueAtRisk, "VAR({period},{confidence_level})", *PERIOD, ("confidence_level", ...)),
)
