"""The algorithm's methods that make indicators of bars."""

from __future__ import annotations

from typing import Any, Final

from utils.engine.enums import Resolution
from utils.engine.indicators.bands import (
    AccelerationBands,
    DonchianChannel,
    KeltnerChannels,
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
from utils.engine.indicators.breadth import (
    AdvanceDeclineDifference,
    AdvanceDeclineRatio,
    AdvanceDeclineVolumeRatio,
    ArmsIndex,
    McClellanOscillator,
    McClellanSummationIndex,
)
from utils.engine.indicators.cycles import (
    FractalAdaptiveMovingAverage,
    MesaAdaptiveMovingAverage,
)
from utils.engine.indicators.heikin_ashi import HeikinAshi
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
from utils.engine.indicators.several_symbols import Alpha, Beta, Correlation, CorrelationType, Covariance
from utils.engine.indicators.shortcut_row import (
    AVERAGE,
    EXPONENTIAL,
    FAST_SLOW,
    PERIOD,
    SIMPLE,
    WILDERS,
    Row,
    of_period,
    row,
    tail,
)
from utils.engine.indicators.stochastics import (
    AroonOscillator,
    CommodityChannelIndex,
    FisherTransform,
    MidPrice,
    PremierStochasticOscillator,
    Stochastic,
    UltimateOscillator,
    WilliamsPercentR,
)
from utils.engine.indicators.swings import WilderAccumulativeSwingIndex, WilderSwingIndex
from utils.engine.indicators.trends import (
    ChandeKrollStop,
    IchimokuKinkoHyo,
    ParabolicStopAndReverse,
    ParabolicStopAndReverseExtended,
    SuperTrend,
    Vortex,
)
from utils.engine.indicators.volumes import (
    AccumulationDistribution,
    AccumulationDistributionOscillator,
    ChaikinMoneyFlow,
    ChaikinOscillator,
    EaseOfMovementValue,
    ForceIndex,
    IntradayVwap,
    KlingerVolumeOscillator,
    MassIndex,
    MoneyFlowIndex,
    OnBalanceVolume,
    SmoothedOnBalanceVolume,
    VolumeWeightedAveragePriceIndicator,
    VolumeWeightedMovingAverage,
)

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
    ("fish", FisherTransform),
    ("mfi", MoneyFlowIndex),
    ("midprice", MidPrice),
    ("natr", NormalizedAverageTrueRange),
    ("rsv", RogersSatchellVolatility),
    ("vwma", VolumeWeightedMovingAverage),
    ("vtx", Vortex),
    ("wilr", WilliamsPercentR),
)

BAR_ROWS: Final[tuple[Row, ...]] = (
    *(of_period(method, cls) for method, cls in _OF_PERIOD),
    row("abands", AccelerationBands, "ABANDS({period},{width})", *PERIOD, ("width", 4), AVERAGE),
    row("ad", AccumulationDistribution, "AD"),
    row("adosc", AccumulationDistributionOscillator, "ADOSC({fast_period},{slow_period})", *FAST_SLOW),
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
    row("ao", AwesomeOscillator, "AO({fast_period},{slow_period},{type})", *FAST_SLOW, ("type", SIMPLE)),
    row(
        "aroon",
        lambda name, period: AroonOscillator(name, period, period),
        "AROON({period},{period})",
        *PERIOD,
    ),
    row(
        "aroon", AroonOscillator, "AROON({up_period},{down_period})", ("up_period", ...), ("down_period", ...)
    ),
    row(
        "atr",
        AverageTrueRange,
        "ATR({period})",
        *PERIOD,
        ("type", SIMPLE),
        renamed={"type": "moving_average_type"},
    ),
    row("b", Beta, "B({period})", ("reference", ...), *PERIOD, symbols="two"),
    row("bop", BalanceOfPower, "BOP"),
    row(
        "c",
        Correlation,
        "C({period})",
        ("reference", ...),
        *PERIOD,
        ("correlation_type", CorrelationType.PEARSON),
        symbols="two",
    ),
    row("cov", Covariance, "COV({period})", ("reference", ...), *PERIOD, symbols="two"),
    row("cci", CommodityChannelIndex, "CCI({period})", *PERIOD, AVERAGE),
    row(
        "cks",
        ChandeKrollStop,
        "CKS({atr_period},{atr_mult},{period})",
        ("atr_period", ...),
        ("atr_mult", ...),
        *PERIOD,
        ("moving_average_type", WILDERS),
    ),
    row("co", ChaikinOscillator, "CO({fast_period},{slow_period})", *FAST_SLOW),
    row("dem", DeMarkerIndicator, "DEM({period},{type})", *PERIOD, ("type", SIMPLE)),
    row("dch", DonchianChannel, "DCH({period},{period})", *PERIOD),
    row(
        "dch",
        DonchianChannel,
        "DCH({upper_period},{lower_period})",
        ("upper_period", ...),
        ("lower_period", ...),
    ),
    row("emv", EaseOfMovementValue, "EMV({period}, {scale})", ("period", 1), ("scale", 10000)),
    row(
        "fi",
        ForceIndex,
        "FI({period})",
        *PERIOD,
        ("type", EXPONENTIAL),
        renamed={"type": "moving_average_type"},
    ),
    row(
        "frama",
        FractalAdaptiveMovingAverage,
        "FRAMA({period},{long_period})",
        *PERIOD,
        ("long_period", 198),
        renamed={"period": "n"},
    ),
    row("heikin_ashi", HeikinAshi, "HA"),
    row("ibs", InternalBarStrength, "IBS"),
    row(
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
    row("kch", KeltnerChannels, "KCH({period},{k})", *PERIOD, ("k", ...), AVERAGE),
    row(
        "kvo",
        KlingerVolumeOscillator,
        "KVO({fast_period},{slow_period},{signal_period})",
        *FAST_SLOW,
        ("signal_period", 13),
    ),
    row(
        "mama",
        MesaAdaptiveMovingAverage,
        "MAMA({fast_limit},{slow_limit})",
        ("fast_limit", 0.5),
        ("slow_limit", 0.05),
    ),
    row("mass", MassIndex, "MASS({ema_period},{sum_period})", ("ema_period", 9), ("sum_period", 25)),
    row("obv", OnBalanceVolume, "OBV"),
    *(
        Row(
            "pphl",
            PivotPointsHighLow,
            "PPHL({length_high},{length_low})",
            (*parameters, *tail()),
            renamed=_PIVOTS,
        )
        for parameters in (
            (*_LENGTHS, ("last_stored_values", 100), ("strict", True)),
            (*_LENGTHS, ("last_stored_values", ...)),
        )
    ),
    row(
        "psar",
        ParabolicStopAndReverse,
        "PSAR({af_start},{af_increment},{af_max})",
        ("af_start", 0.02),
        ("af_increment", 0.02),
        ("af_max", 0.2),
    ),
    row(
        "rvi",
        RelativeVigorIndex,
        "RVI({period},{moving_average_type})",
        *PERIOD,
        AVERAGE,
        renamed={"moving_average_type": "type"},
    ),
    row("rdv", RelativeDailyVolume, "RDV({period})", ("period", 2), resolution=Resolution.DAILY),
    row(
        "str",
        SuperTrend,
        "STR({period},{multiplier})",
        *PERIOD,
        ("multiplier", ...),
        ("moving_average_type", WILDERS),
    ),
    row(
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
    row(
        "sm",
        SqueezeMomentum,
        "SM({bollinger_period}, {bollinger_multiplier}, {keltner_period}, {keltner_multiplier})",
        ("bollinger_period", 20),
        ("bollinger_multiplier", 2),
        ("keltner_period", 20),
        ("keltner_multiplier", 1.5),
    ),
    row(
        "sobv",
        SmoothedOnBalanceVolume,
        "SOBV({period})",
        *PERIOD,
        ("type", SIMPLE),
        renamed={"type": "moving_average_type"},
    ),
    row("tds", TomDemarkSequential, "TDS"),
    row(
        "sto",
        lambda name, period: Stochastic(name, period, period, period),
        "STO({period},{period},{period})",
        *PERIOD,
    ),
    row(
        "sto",
        Stochastic,
        "STO({period},{k_period},{d_period})",
        *PERIOD,
        ("k_period", ...),
        ("d_period", ...),
    ),
    row("pso", PremierStochasticOscillator, "PSO({period},{ema_period})", *PERIOD, ("ema_period", ...)),
    row("tr", TrueRange, "TR"),
    row(
        "ultosc",
        UltimateOscillator,
        "ULTOSC({period1},{period2},{period3})",
        ("period1", ...),
        ("period2", ...),
        ("period3", ...),
    ),
    Row("vwap", IntradayVwap, "VWAP", ()),
    of_period("vwap", VolumeWeightedAveragePriceIndicator),
    row("si", WilderSwingIndex, "SI", _LIMIT, resolution=Resolution.DAILY),
    row("asi", WilderAccumulativeSwingIndex, "ASI", _LIMIT, resolution=Resolution.DAILY),
    row(
        "wto",
        WaveTrendOscillator,
        "WTO({channel_period},{average_period},{signal_period})",
        ("channel_period", ...),
        ("average_period", ...),
        ("signal_period", ...),
    ),
    row("trin", ArmsIndex, "TRIN", symbols="many"),
    row("adr", AdvanceDeclineRatio, "A/D Ratio", symbols="many"),
    row("advr", AdvanceDeclineVolumeRatio, "A/D Volume Rate", symbols="many"),
    row("addiff", AdvanceDeclineDifference, "A/D Difference", symbols="many"),
    row("mosc", McClellanOscillator, "MO({fast_period},{slow_period})", *_MC_CLELLAN, symbols="many"),
    row("msi", McClellanSummationIndex, "MSI({fast_period},{slow_period})", *_MC_CLELLAN, symbols="many"),
    row("zz", ZigZag, "ZZ({sensitivity},{min_trend_length})", ("sensitivity", 0.05), ("min_trend_length", 1)),
)
