"""LEAN's indicator methods: name, class, text in the indicator's name, parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Final

from utils.engine.enums import Resolution
from utils.engine.indicators.bands import (
    AccelerationBands,
    BollingerBands,
    DonchianChannel,
    KeltnerChannels,
    RegressionChannel,
    SqueezeMomentum,
)
from utils.engine.indicators.bar_oscillators import (
    AwesomeOscillator,
    BalanceOfPower,
    DeMarkerIndicator,
    InternalBarStrength,
    RelativeDailyVolume,
    RelativeVigorIndex,
    RogersSatchellVolatility,
    WaveTrendOscillator,
)
from utils.engine.indicators.base import IndicatorBase
from utils.engine.indicators.breadth import (
    AdvanceDeclineDifference,
    AdvanceDeclineRatio,
    AdvanceDeclineVolumeRatio,
    ArmsIndex,
    McClellanOscillator,
    McClellanSummationIndex,
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
from utils.engine.indicators.cycles import (
    FractalAdaptiveMovingAverage,
    HilbertTransform,
    MesaAdaptiveMovingAverage,
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
    MovingAverageType,
    T3MovingAverage,
    TriangularMovingAverage,
    TripleExponentialMovingAverage,
    WilderMovingAverage,
    ZeroLagExponentialMovingAverage,
)
from utils.engine.indicators.oscillators import (
    AbsolutePriceOscillator,
    ChandeMomentumOscillator,
    CoppockCurve,
    DerivativeOscillator,
    DetrendedPriceOscillator,
    KnowSureThing,
    MovingAverageConvergenceDivergence,
    PercentagePriceOscillator,
    RelativeStrengthIndex,
    Trix,
    TrueStrengthIndex,
)
from utils.engine.indicators.patterns import PivotPointsHighLow, TomDemarkSequential, ZigZag
from utils.engine.indicators.ranges import (
    AverageDirectionalIndex,
    AverageDirectionalMovementIndexRating,
    AverageRange,
    AverageTrueRange,
    ChoppinessIndex,
    NormalizedAverageTrueRange,
    TrueRange,
)
from utils.engine.indicators.regression import HurstExponent, LeastSquaresMovingAverage, TimeSeriesForecast
from utils.engine.indicators.risk import SharpeRatio, SortinoRatio, TargetDownsideDeviation, ValueAtRisk
from utils.engine.indicators.several_symbols import Alpha, Beta, Correlation, CorrelationType, Covariance
from utils.engine.indicators.stochastics import (
    AroonOscillator,
    CommodityChannelIndex,
    FisherTransform,
    MidPrice,
    PremierStochasticOscillator,
    SchaffTrendCycle,
    Stochastic,
    StochasticRelativeStrengthIndex,
    UltimateOscillator,
    WilliamsPercentR,
)
from utils.engine.indicators.sums import (
    MeanAbsoluteDeviation,
    SimpleMovingAverage,
    StandardDeviation,
    Sum,
    Variance,
)
from utils.engine.indicators.trends import (
    ChandeKrollStop,
    IchimokuKinkoHyo,
    ParabolicStopAndReverse,
    ParabolicStopAndReverseExtended,
    SuperTrend,
    Vortex,
    WilderAccumulativeSwingIndex,
    WilderSwingIndex,
)
from utils.engine.indicators.value_studies import (
    AugenPriceSpike,
    ConnorsRelativeStrengthIndex,
    Momersion,
    RelativeMovingAverage,
    VariableIndexDynamicAverage,
)
from utils.engine.indicators.volumes import (
    AccumulationDistribution,
    AccumulationDistributionOscillator,
    ChaikinMoneyFlow,
    ChaikinOscillator,
    EaseOfMovementValue,
    ForceIndex,
    HeikinAshi,
    IntradayVwap,
    KlingerVolumeOscillator,
    MassIndex,
    MoneyFlowIndex,
    OnBalanceVolume,
    SmoothedOnBalanceVolume,
    VolumeWeightedAveragePriceIndicator,
    VolumeWeightedMovingAverage,
)

# A name and a default, `...` for none.
Parameters = tuple[tuple[str, Any], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One overload of a method.

    Attributes:
        method: its name.
        cls: what it makes.
        type: the indicator's part of the name, with the settings in braces; `[,{x}]` is left out without x.
        parameters: after the symbol.
        field: of a bar, what it takes by default: `close`, or LEAN's special cases.
        symbols: `one`, `two` (the second is the parameter `reference`), or `many` (a list for the first).
        renamed: parameters that the class calls otherwise.
    """

    method: str
    cls: Callable[..., IndicatorBase]
    type: str
    parameters: Parameters
    field: str = "close"
    symbols: str = "one"
    renamed: dict[str, str] = dataclasses.field(default_factory=dict)


_SIMPLE, _EXPONENTIAL, _WILDERS = (
    MovingAverageType.SIMPLE,
    MovingAverageType.EXPONENTIAL,
    MovingAverageType.WILDERS,
)
_PERIOD: Final = (("period", ...),)


def _tail(resolution: Resolution | None = None) -> Parameters:
    """Every method's last parameters."""
    return (("resolution", resolution), ("selector", None))


def _row(method: str, cls: Any, type: str, *parameters: tuple[str, Any], **more: Any) -> Row:  # noqa: A002
    return Row(method, cls, type, (*parameters, *_tail(more.pop("resolution", None))), **more)


def _of_period(method: str, cls: Any) -> Row:
    return _row(method, cls, f"{method.upper()}({{period}})", *_PERIOD)


_FAST_SLOW: Final = (("fast_period", ...), ("slow_period", ...))
_AVERAGE: Final = ("moving_average_type", _SIMPLE)
_FIELD: Final = (("selector", None), ("field_name", None))
_FILTERED: Final = (("selector", None), ("filter", None), ("field_name", None))
_LENGTHS: Final = (("length_high", ...), ("length_low", ...))
_PIVOTS: Final = {
    "length_high": "surrounding_bars_count_for_high_point",
    "length_low": "surrounding_bars_count_for_low_point",
}
_MC_CLELLAN: Final = (("fast_period", 19), ("slow_period", 39))
_LIMIT: Final = ("limit_move", ...)

_OF_PERIOD: Final[tuple[tuple[str, Any], ...]] = (
    ("ar", AverageRange),
    ("adx", AverageDirectionalIndex),
    ("adxr", AverageDirectionalMovementIndexRating),
    ("chop", ChoppinessIndex),
    ("cmf", ChaikinMoneyFlow),
    ("cmo", ChandeMomentumOscillator),
    ("dema", DoubleExponentialMovingAverage),
    ("dpo", DetrendedPriceOscillator),
    ("fish", FisherTransform),
    ("hma", HullMovingAverage),
    ("logr", LogReturn),
    ("lsma", LeastSquaresMovingAverage),
    ("lwma", LinearWeightedMovingAverage),
    ("mad", MeanAbsoluteDeviation),
    ("mfi", MoneyFlowIndex),
    ("mgd", McGinleyDynamic),
    ("midpoint", MidPoint),
    ("midprice", MidPrice),
    ("mom", Momentum),
    ("momp", MomentumPercent),
    ("natr", NormalizedAverageTrueRange),
    ("rma", RelativeMovingAverage),
    ("roc", RateOfChange),
    ("rocp", RateOfChangePercent),
    ("rocr", RateOfChangeRatio),
    ("rsv", RogersSatchellVolatility),
    ("sma", SimpleMovingAverage),
    ("std", StandardDeviation),
    ("sum", Sum),
    ("tema", TripleExponentialMovingAverage),
    ("trima", TriangularMovingAverage),
    ("trix", Trix),
    ("tsf", TimeSeriesForecast),
    ("vidya", VariableIndexDynamicAverage),
    ("vwma", VolumeWeightedMovingAverage),
    ("vtx", Vortex),
    ("wilr", WilliamsPercentR),
    ("wwma", WilderMovingAverage),
    ("zlema", ZeroLagExponentialMovingAverage),
)

ROWS: Final[tuple[Row, ...]] = (
    *(_of_period(method, cls) for method, cls in _OF_PERIOD),
    _row("max", Maximum, "MAX({period})", *_PERIOD, field="high"),
    _row("min", Minimum, "MIN({period})", *_PERIOD, field="low"),
    _row("abands", AccelerationBands, "ABANDS({period},{width})", *_PERIOD, ("width", 4), _AVERAGE),
    _row("ad", AccumulationDistribution, "AD"),
    _row("adosc", AccumulationDistributionOscillator, "ADOSC({fast_period},{slow_period})", *_FAST_SLOW),
    Row(
        "a",
        Alpha,
        "A({alpha_period},{beta_period}[,{risk_free_rate}])",
        (
            ("reference", ...),
            ("alpha_period", 1),
            ("beta_period", 252),
            ("resolution", None),
            ("risk_free_rate", None),
            ("selector", None),
        ),
        symbols="two",
    ),
    _row("ao", AwesomeOscillator, "AO({fast_period},{slow_period},{type})", *_FAST_SLOW, ("type", _SIMPLE)),
    _row(
        "alma",
        ArnaudLegouxMovingAverage,
        "ALMA({period},{sigma},{offset})",
        *_PERIOD,
        ("sigma", 6),
        ("offset", 0.85),
    ),
    _row("apo", AbsolutePriceOscillator, "APO({fast_period},{slow_period})", *_FAST_SLOW, _AVERAGE),
    _row(
        "aroon",
        lambda name, period: AroonOscillator(name, period, period),
        "AROON({period},{period})",
        *_PERIOD,
    ),
    _row(
        "aroon", AroonOscillator, "AROON({up_period},{down_period})", ("up_period", ...), ("down_period", ...)
    ),
    _row(
        "atr",
        AverageTrueRange,
        "ATR({period})",
        *_PERIOD,
        ("type", _SIMPLE),
        renamed={"type": "moving_average_type"},
    ),
    _row("aps", AugenPriceSpike, "APS({period})", ("period", 3)),
    _row("bb", BollingerBands, "BB({period},{k})", *_PERIOD, ("k", ...), _AVERAGE),
    _row("b", Beta, "B({period})", ("reference", ...), *_PERIOD, symbols="two"),
    _row("bop", BalanceOfPower, "BOP"),
    _row(
        "cc",
        CoppockCurve,
        "CC({short_roc_period},{long_roc_period},{lwma_period})",
        ("short_roc_period", 11),
        ("long_roc_period", 14),
        ("lwma_period", 10),
    ),
    _row(
        "c",
        Correlation,
        "C({period})",
        ("reference", ...),
        *_PERIOD,
        ("correlation_type", CorrelationType.PEARSON),
        symbols="two",
    ),
    _row("cov", Covariance, "COV({period})", ("reference", ...), *_PERIOD, symbols="two"),
    _row("cci", CommodityChannelIndex, "CCI({period})", *_PERIOD, _AVERAGE),
    _row(
        "cks",
        ChandeKrollStop,
        "CKS({atr_period},{atr_mult},{period})",
        ("atr_period", ...),
        ("atr_mult", ...),
        *_PERIOD,
        ("moving_average_type", _WILDERS),
    ),
    _row("co", ChaikinOscillator, "CO({fast_period},{slow_period})", *_FAST_SLOW),
    _row(
        "crsi",
        ConnorsRelativeStrengthIndex,
        "CRSI({rsi_period},{rsi_period_streak},{look_back_period})",
        ("rsi_period", ...),
        ("rsi_period_streak", ...),
        ("look_back_period", ...),
    ),
    _row("dem", DeMarkerIndicator, "DEM({period},{type})", *_PERIOD, ("type", _SIMPLE)),
    _row("dch", DonchianChannel, "DCH({period},{period})", *_PERIOD),
    _row(
        "dch",
        DonchianChannel,
        "DCH({upper_period},{lower_period})",
        ("upper_period", ...),
        ("lower_period", ...),
    ),
    _row(
        "do",
        DerivativeOscillator,
        "DO({rsi_period},{smoothing_rsi_period},{double_smoothing_rsi_period},{signal_line_period})",
        ("rsi_period", ...),
        ("smoothing_rsi_period", ...),
        ("double_smoothing_rsi_period", ...),
        ("signal_line_period", ...),
    ),
    _of_period("ema", ExponentialMovingAverage),
    _row("ema", ExponentialMovingAverage, "EMA({period})", *_PERIOD, ("smoothing_factor", ...)),
    _row("emv", EaseOfMovementValue, "EMV({period}, {scale})", ("period", 1), ("scale", 10000)),
    Row("filtered_identity", FilteredIdentity, "{field_name}", _FILTERED),
    Row("filtered_identity", FilteredIdentity, "{field_name}", (("resolution", ...), *_FILTERED)),
    _row(
        "fi",
        ForceIndex,
        "FI({period})",
        *_PERIOD,
        ("type", _EXPONENTIAL),
        renamed={"type": "moving_average_type"},
    ),
    _row(
        "frama",
        FractalAdaptiveMovingAverage,
        "FRAMA({period},{long_period})",
        *_PERIOD,
        ("long_period", 198),
        renamed={"period": "n"},
    ),
    _row("heikin_ashi", HeikinAshi, "HA"),
    _row("he", HurstExponent, "HE({period},{max_lag})", *_PERIOD, ("max_lag", 20)),
    _row(
        "ht",
        HilbertTransform,
        "HT({length}, {in_phase_multiplication_factor}, {quadrature_multiplication_factor})",
        ("length", ...),
        ("in_phase_multiplication_factor", ...),
        ("quadrature_multiplication_factor", ...),
    ),
    _row("ibs", InternalBarStrength, "IBS"),
    _row(
        "ichimoku",
        IchimokuKinkoHyo,
        "ICHIMOKU({tenkan_period},{kijun_period},{senkou_a_period},{senkou_b_period},"
        "{senkou_a_delay_period},{senkou_b_delay_period})",
        *(
            (name, ...)
            for name in (
                "tenkan_period",
                "kijun_period",
                "senkou_a_period",
                "senkou_b_period",
                "senkou_a_delay_period",
                "senkou_b_delay_period",
            )
        ),
    ),
    Row("identity", Identity, "{field_name}", _FIELD),
    Row("identity", Identity, "{field_name}", (("resolution", ...), *_FIELD)),
    _row("kama", KaufmanAdaptiveMovingAverage, "KAMA({period},2,30)", *_PERIOD),
    _row(
        "kama",
        KaufmanAdaptiveMovingAverage,
        "KAMA({period},{fast_ema_period},{slow_ema_period})",
        *_PERIOD,
        ("fast_ema_period", ...),
        ("slow_ema_period", ...),
    ),
    _row("ker", KaufmanEfficiencyRatio, "KER({period})", ("period", 2)),
    _row("kch", KeltnerChannels, "KCH({period},{k})", *_PERIOD, ("k", ...), _AVERAGE),
    _row(
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
        _AVERAGE,
    ),
    _row(
        "kvo",
        KlingerVolumeOscillator,
        "KVO({fast_period},{slow_period},{signal_period})",
        *_FAST_SLOW,
        ("signal_period", 13),
    ),
    _row(
        "macd",
        MovingAverageConvergenceDivergence,
        "MACD({fast_period},{slow_period},{signal_period})",
        *_FAST_SLOW,
        ("signal_period", ...),
        ("type", _EXPONENTIAL),
    ),
    _row(
        "mama",
        MesaAdaptiveMovingAverage,
        "MAMA({fast_limit},{slow_limit})",
        ("fast_limit", 0.5),
        ("slow_limit", 0.05),
    ),
    _row("mass", MassIndex, "MASS({ema_period},{sum_period})", ("ema_period", 9), ("sum_period", 25)),
    _row(
        "momersion",
        Momersion,
        "MOMERSION({min_period},{full_period})",
        ("min_period", None),
        ("full_period", ...),
    ),
    _row("obv", OnBalanceVolume, "OBV"),
    *(
        Row(
            "pphl",
            PivotPointsHighLow,
            "PPHL({length_high},{length_low})",
            (*parameters, *_tail()),
            renamed=_PIVOTS,
        )
        for parameters in (
            (*_LENGTHS, ("last_stored_values", 100), ("strict", True)),
            (*_LENGTHS, ("last_stored_values", ...)),
        )
    ),
    _row("ppo", PercentagePriceOscillator, "PPO({fast_period},{slow_period})", *_FAST_SLOW, _AVERAGE),
    _row(
        "psar",
        ParabolicStopAndReverse,
        "PSAR({af_start},{af_increment},{af_max})",
        ("af_start", 0.02),
        ("af_increment", 0.02),
        ("af_max", 0.2),
    ),
    _row("rc", RegressionChannel, "RC({period},{k})", *_PERIOD, ("k", ...)),
    _row(
        "rsi",
        RelativeStrengthIndex,
        "RSI({period},{moving_average_type})",
        *_PERIOD,
        ("moving_average_type", _WILDERS),
    ),
    _row(
        "rvi",
        RelativeVigorIndex,
        "RVI({period},{moving_average_type})",
        *_PERIOD,
        _AVERAGE,
        renamed={"moving_average_type": "type"},
    ),
    _row("rdv", RelativeDailyVolume, "RDV({period})", ("period", 2), resolution=Resolution.DAILY),
    _row(
        "srsi",
        StochasticRelativeStrengthIndex,
        "SRSI({rsi_period},{stoch_period},{k_smoothing_period},{d_smoothing_period})",
        ("rsi_period", ...),
        ("stoch_period", ...),
        ("k_smoothing_period", ...),
        ("d_smoothing_period", ...),
        _AVERAGE,
    ),
    _row(
        "str",
        SuperTrend,
        "STR({period},{multiplier})",
        *_PERIOD,
        ("multiplier", ...),
        ("moving_average_type", _WILDERS),
    ),
    _row(
        "sr",
        SharpeRatio,
        "SR({sharpe_period}[,{risk_free_rate}])",
        ("sharpe_period", ...),
        ("risk_free_rate", None),
        renamed={"sharpe_period": "period"},
    ),
    _row(
        "sortino",
        SortinoRatio,
        "SORTINO({sortino_period},{minimum_acceptable_return})",
        ("sortino_period", ...),
        ("minimum_acceptable_return", 0.0),
        renamed={"sortino_period": "period"},
    ),
    _row(
        "sarext",
        ParabolicStopAndReverseExtended,
        "SAREXT({sar_start},{offset_on_reverse},{af_start_short},{af_increment_short},{af_max_short},"
        "{af_start_long},{af_increment_long},{af_max_long})",
        ("sar_start", 0.0),
        ("offset_on_reverse", 0.0),
        ("af_start_short", 0.02),
        ("af_increment_short", 0.02),
        ("af_max_short", 0.2),
        ("af_start_long", 0.02),
        ("af_increment_long", 0.02),
        ("af_max_long", 0.2),
    ),
    _row(
        "sm",
        SqueezeMomentum,
        "SM({bollinger_period}, {bollinger_multiplier}, {keltner_period}, {keltner_multiplier})",
        ("bollinger_period", 20),
        ("bollinger_multiplier", 2),
        ("keltner_period", 20),
        ("keltner_multiplier", 1.5),
    ),
    _row(
        "stc",
        SchaffTrendCycle,
        "STC({cycle_period},{fast_period},{slow_period})",
        ("cycle_period", ...),
        *_FAST_SLOW,
        ("moving_average_type", _EXPONENTIAL),
        renamed={"moving_average_type": "type"},
    ),
    _row(
        "sobv",
        SmoothedOnBalanceVolume,
        "SOBV({period})",
        *_PERIOD,
        ("type", _SIMPLE),
        renamed={"type": "moving_average_type"},
    ),
    _row(
        "tdd",
        TargetDownsideDeviation,
        "TDD({period},{minimum_acceptable_return})",
        *_PERIOD,
        ("minimum_acceptable_return", 0),
    ),
    _row("tds", TomDemarkSequential, "TDS"),
    _row(
        "sto",
        lambda name, period: Stochastic(name, period, period, period),
        "STO({period},{period},{period})",
        *_PERIOD,
    ),
    _row(
        "sto",
        Stochastic,
        "STO({period},{k_period},{d_period})",
        *_PERIOD,
        ("k_period", ...),
        ("d_period", ...),
    ),
    _row("pso", PremierStochasticOscillator, "PSO({period},{ema_period})", *_PERIOD, ("ema_period", ...)),
    _row(
        "swiss",
        SwissArmyKnife,
        "SWISS({period},{delta},{tool})",
        *_PERIOD,
        ("delta", ...),
        ("tool", ...),
    ),
    _row("t3", T3MovingAverage, "T3({period},{volume_factor})", *_PERIOD, ("volume_factor", 0.7)),
    _row(
        "tsi",
        TrueStrengthIndex,
        "TSI({long_term_period},{short_term_period},{signal_period})",
        ("long_term_period", 25),
        ("short_term_period", 13),
        ("signal_period", 7),
        ("signal_type", _EXPONENTIAL),
    ),
    _row("tr", TrueRange, "TR"),
    _row(
        "ultosc",
        UltimateOscillator,
        "ULTOSC({period1},{period2},{period3})",
        ("period1", ...),
        ("period2", ...),
        ("period3", ...),
    ),
    _row("v", Variance, "V({period})", *_PERIOD),
    _row("var", Variance, "V({period})", *_PERIOD),
    _row("var", ValueAtRisk, "VAR({period},{confidence_level})", *_PERIOD, ("confidence_level", ...)),
    Row("vwap", IntradayVwap, "VWAP", ()),
    _of_period("vwap", VolumeWeightedAveragePriceIndicator),
    _row("si", WilderSwingIndex, "SI", _LIMIT, resolution=Resolution.DAILY),
    _row("asi", WilderAccumulativeSwingIndex, "ASI", _LIMIT, resolution=Resolution.DAILY),
    _row(
        "wto",
        WaveTrendOscillator,
        "WTO({channel_period},{average_period},{signal_period})",
        ("channel_period", ...),
        ("average_period", ...),
        ("signal_period", ...),
    ),
    _row("trin", ArmsIndex, "TRIN", symbols="many"),
    _row("adr", AdvanceDeclineRatio, "A/D Ratio", symbols="many"),
    _row("advr", AdvanceDeclineVolumeRatio, "A/D Volume Rate", symbols="many"),
    _row("addiff", AdvanceDeclineDifference, "A/D Difference", symbols="many"),
    _row("mosc", McClellanOscillator, "MO({fast_period},{slow_period})", *_MC_CLELLAN, symbols="many"),
    _row("msi", McClellanSummationIndex, "MSI({fast_period},{slow_period})", *_MC_CLELLAN, symbols="many"),
    _row(
        "zz", ZigZag, "ZZ({sensitivity},{min_trend_length})", ("sensitivity", 0.05), ("min_trend_length", 1)
    ),
)
