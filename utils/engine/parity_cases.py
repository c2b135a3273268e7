"""The cases that parity is checked on: each strategy on each kind of market that fills in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from trading.simulation import Capital, Fees, SecurityType
from utils.data.lean.clock import EPOCH
from utils.data.lean.reader import read_bars
from utils.data.lean.series import LeanSeries
from utils.data.lean.symbol_properties import instrument
from utils.engine.made_up_data import write_made_up
from utils.engine.parity import ParityCase
from utils.workspace import Project

STRATEGIES = ("money_line", "ma_crossover")

SERIES = {
    "crypto/coinbase/minute/btcusd": 4_000,
    "equity/usa/minute/synth": 3_900,
    "equity/usa/daily/synth": 750,
}
"""Made-up series, and how many bars each has."""

# Short periods and low filters: what is compared is trades, so there should be many.
PARAMETERS = {
    "money_line": {
        "atr_period": "7",
        "multiplier": "1.5",
        "ma_fast": "5",
        "ma_slow": "15",
        "ma_gap_min": "-0.01",
        "adx_min": "5",
        "volume_min": "0",
        "stop_atr": "2",
        "target_atr": "3",
    },
    "ma_crossover": {
        "fast": "4",
        "slow": "12",
        "ma_gap_min": "-0.01",
        "adx_min": "0",
        "volume_min": "0",
        "stop_atr": "2",
        "target_atr": "0",
        "trail_atr": "3",
    },
}

FEES = {
    # What LEAN's default brokerage model charges.
    SecurityType.EQUITY: Fees(per_unit=0.005, minimum=1.0, maximum_rate=0.005),
}
LEVERAGE = {SecurityType.EQUITY: 2.0}


def made_up_cases(
    project: Project,
    folder: Path,
    strategies: Iterable[str],
    slippage: float = 0.0,
    parameters: Mapping[str, str] | None = None,
) -> Iterator[ParityCase]:
    """Cases on made-up data, which is written to a folder; `parameters` go over those of `PARAMETERS`."""
    strategies = tuple(strategies)
    for text, bars in SERIES.items():
        made = write_made_up(folder, LeanSeries.parse(text), bars)
        for strategy in strategies:
            terms = {**PARAMETERS[strategy], **(parameters or {})}
            yield parity_case(project, folder, made.series, strategy, terms, (made.start, made.end), slippage)


def parity_case(
    project: Project,
    folder: Path,
    series: LeanSeries,
    strategy: str,
    parameters: Mapping[str, str],
    span: tuple[date | None, date | None] | None = None,
    slippage: float = 0.0,
) -> ParityCase:
    """A case on a series of a data folder.

    Args:
        parameters: over those of the project's config.json.
        span: first and last day; None: that of the data.

    Raises:
        UserError: the folder has no such series, or does not know its symbol.
    """
    start, end = span or (None, None)
    if start is None or end is None:
        day = read_bars(folder, series, start, end).day
        start, end = (EPOCH + timedelta(days=int(number)) for number in day[[0, -1]])
    kind = series.security_type
    terms = instrument(
        folder, series, leverage=LEVERAGE.get(kind, 1.0), fees=FEES.get(kind), slippage=slippage
    )
    return ParityCase(
        project, folder, series, terms, Capital(), start, end, {**parameters, "strategy": strategy}
    )
