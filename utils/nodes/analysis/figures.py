"""The figures of the requirements, and the evidence of each, from what an algorithm asks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from utils.nodes.analysis.asked import Asked, Subscription
from utils.nodes.analysis.chains import count_contracts
from utils.nodes.analysis.machine_learning import Learning
from utils.nodes.analysis.subscriptions import Subscriptions
from utils.nodes.requirements import Resolution, Source

LLM_SWITCHES = frozenset({"llm.enabled", "llm_enabled", "use_llm", "use_llm_analysis"})
LISTED = 12
"""Tickers shown at most."""
LONGEST_TICKER = 40
"""Letters of each that are shown at most."""
FEATURES = ("use_greeks", "use_scanners", "use_risk_management", "use_two_part_spreads")
_FEATURE_WORDS = {
    "use_greeks": ("greek",),
    "use_scanners": ("scanner",),
    "use_risk_management": ("circuit_breaker", "risk"),
    "use_two_part_spreads": ("two_part", "spreads"),
}
"""Sections of settings whose `enabled` switches a feature."""
_BARS_A_DAY = {
    Resolution.TICK: 390 * 60,
    Resolution.SECOND: 390 * 60,
    Resolution.MINUTE: 390,
    Resolution.HOUR: 7,
    Resolution.DAILY: 1,
}
"""Of a US equity's regular session; a tick a second."""
_NOT_KNOWN = "not known before it runs"


@dataclass
class Findings:
    """Figures with their places, as they are put together."""

    values: dict[str, object] = field(default_factory=dict)
    sources: dict[str, tuple[Source, ...]] = field(default_factory=dict)

    def note(self, name: str, value: object, *sources: Source) -> None:
        """Set a figure and its reasons."""
        self.values[name] = value
        self.sources[name] = tuple(dict.fromkeys(sources))

    def add(self, name: str, *sources: Source) -> None:
        """Add reasons to a figure."""
        self.sources[name] = tuple(dict.fromkeys((*self.sources[name], *sources)))


def subscriptions(asked: Asked, calls: Subscriptions, findings: Findings) -> None:
    """Securities and the finest resolution."""
    total, sources = _counted(list(asked.securities.values()))
    for one in asked.securities.values():
        if one.security.kind == "future":
            number, how = calls.future_contracts(one.security)
            total += number * one.times
            sources += [how] if how else []
    findings.note("num_securities", total, *(sources or [Source("no subscription was found")]))
    named = list(asked.resolutions)
    if asked.unnamed_resolutions or not named:
        named += asked.default_resolutions or [
            (Resolution.MINUTE, Source("minute, LEAN's default where no other is named"))
        ]
    finest = min((resolution for resolution, _ in named), key=list(Resolution).index)
    places = [place for resolution, place in named if resolution is finest]
    findings.note("resolution", finest, *places, *asked.unknown.get("resolution", ()))


def _counted(found: Sequence[Subscription]) -> tuple[int, list[Source]]:
    """How many securities there are, and a reason for each place that subscribes."""
    by_place: dict[Source, list[Subscription]] = {}
    for one in found:
        by_place.setdefault(one.place, []).append(one)
    sources: list[Source] = []
    for place, group in by_place.items():
        tickers = [one.security.ticker for one in group if one.security.ticker]
        if tickers:
            sources.append(Source(f"{place.text}: {listed(tickers)}", place.file, place.line))
        for one in group:
            sources += one.reasons if one.security.ticker else ()
        for text, times in _unknown_ones(group).items():
            sources.append(Source(f"{place.text}: {text.format(times)}", place.file, place.line))
        for one in group:
            sources += one.reasons if not one.security.ticker else ()
    return sum(one.times for one in found), sources


def _unknown_ones(group: Sequence[Subscription]) -> dict[str, int]:
    texts: dict[str, int] = {}
    for one in group:
        if one.security.ticker:
            continue
        why = one.why.replace("{", "(").replace("}", ")")
        text = f"assumed {{}} for {why}" if why else "ticker not known"
        texts[text] = texts.get(text, 0) + one.times
    return {
        text if times == 1 or "{}" in text else "{} tickers not known": times for text, times in texts.items()
    }


def listed(tickers: Sequence[str]) -> str:
    """Tickers in one line."""
    more = f" and {len(tickers) - LISTED} more" if len(tickers) > LISTED else ""
    shown = [ticker if ticker.isprintable() else ascii(ticker)[1:-1] for ticker in tickers[:LISTED]]
    return ", ".join(ticker[:LONGEST_TICKER] for ticker in shown) + more


def chains(asked: Asked, findings: Findings) -> None:
    """Option chains and the contracts of each."""
    chain_sources: list[Source] = []
    contract_sources: list[Source] = []
    number = total = 0
    by_place: dict[Source, list[str]] = {}
    sizes: list[tuple[str, int]] = []
    for key, chain in asked.chains.items():
        count, how = count_contracts(chain)
        number += chain.times
        total += count * chain.times
        by_place.setdefault(chain.place, []).extend([chain.ticker] if chain.ticker != "?" else [])
        chain_sources += [*asked.chain_reasons.get(key, ())]
        if chain.times > 1 or chain.ticker == "?":
            text = f"assumed: {chain.times} chains" if chain.times > 1 else "ticker not known"
            chain_sources.append(Source(f"{chain.place.text}; {text}", chain.place.file, chain.place.line))
        contract_sources += how
        sizes.append((chain.ticker, count))
    named = [
        Source(f"{place.text}: {listed(tickers)}", place.file, place.line)
        for place, tickers in by_place.items()
        if tickers
    ]
    if len({count for _, count in sizes}) > 1:
        each = ", ".join(f"{ticker} {count}" for ticker, count in sizes[:LISTED])
        more = f" and {len(sizes) - LISTED} more" if len(sizes) > LISTED else ""
        contract_sources.append(Source(f"contracts of each chain: {each}{more}; their mean, rounded up"))
    single, single_sources = _counted(list(asked.contracts.values()))
    if single:
        contract_sources += single_sources
        contract_sources.append(
            Source(f"{single} contracts added one by one, counted as a chain of their own")
        )
        chain_sources += single_sources
        number, total = number + 1, total + single
    none = Source("no option is subscribed")
    findings.note("num_option_chains", number, *named, *chain_sources, *([] if number else [none]))
    per_chain = math.ceil(total / number) if number else 0
    findings.note("contracts_per_chain", per_chain, *(contract_sources if number else [none]))


def times(asked: Asked, findings: Findings) -> None:
    """Days of backtest, bars of warm-up, scheduled events."""
    unknown_start = list(asked.unknown.get("set_start_date", ()))
    unknown_end = list(asked.unknown.get("set_end_date", ()))
    ends = [one[1] for one in (asked.start, asked.end) if one]
    if unknown_start or unknown_end:
        findings.note("backtest_days", 0, *ends, *unknown_start, *unknown_end)
    elif asked.start and asked.end:
        days = max((asked.end[0] - asked.start[0]).days, 0)
        findings.note("backtest_days", days, *ends)
    elif asked.start:
        open_end = Source("no end date: the backtest runs up to yesterday")
        findings.note("backtest_days", 0, asked.start[1], open_end)
    else:
        findings.note("backtest_days", 0, *ends, Source("no start date was found"))
    _warm_up(asked, findings)
    events = [
        Source(f"{place.text}: {count} times", place.file, place.line) if count > 1 else place
        for place, count in asked.scheduled.items()
    ]
    number = sum(asked.scheduled.values()) + len(asked.trainings)
    findings.note(
        "scheduled_events", number, *([*events, *asked.trainings] or [Source("nothing is scheduled")])
    )


def _warm_up(asked: Asked, findings: Findings) -> None:
    finest = findings.values["resolution"]
    assert isinstance(finest, Resolution)
    bars = 0
    places: list[Source] = []
    for length, unit, place in asked.warm_ups:
        places.append(place)
        if isinstance(length, timedelta):
            number = math.ceil(max(length / timedelta(days=1), 0) * _BARS_A_DAY[unit or finest])
            text = f"{length / timedelta(days=1):g} days of {_BARS_A_DAY[unit or finest]} bars, at most"
            places.append(Source(text))
        else:
            number = max(int(length), 0) if math.isfinite(length) else 0
        bars = max(bars, number)
    automatic = asked.automatic_warm_up
    if automatic is not None and asked.indicators:
        period, unit, place = max(asked.indicators, key=lambda one: one[0] * _bars(one[1], finest))
        number = math.ceil(period * _bars(unit, finest))
        if number > bars:
            bars = number
            places += [automatic, place, Source("the longest warm-up that LEAN gives an indicator itself")]
    places += asked.unknown.get("warm_up", ())
    findings.note("warm_up_bars", bars, *(places or [Source("no warm-up is set")]))


def _bars(unit: Resolution | None, finest: Resolution) -> float:
    return _BARS_A_DAY[finest] / _BARS_A_DAY[unit] if unit else 1.0


def learning(asked: Asked, found: Learning, findings: Findings) -> None:
    """Language models, training and inference."""
    llm = [*found.llm, *asked.language_models]
    off: list[Source] = []
    for path, value in asked.settings_read.items():
        if path in LLM_SWITCHES:
            if value.content is True:
                llm += value.sources
            elif value.content is False:
                off += value.sources
    none = Source("nothing of the kind was found")
    findings.note("use_llm_analysis", bool(llm), *(_by_line(llm) or off or [none]))
    training = [*found.training, *asked.trainings]
    findings.note("use_ml_training", bool(training), *(_by_line(training) or [none]))
    findings.note("use_local_inference", bool(found.inference), *(_by_line(found.inference) or [none]))


def _by_line(sources: Sequence[Source]) -> list[Source]:
    """Each line once."""
    return list({(source.file, source.line): source for source in reversed(sources)}.values())[::-1]


def features(asked: Asked, findings: Findings) -> None:
    """Features of option strategies: as usual, unless settings that are read switch them."""
    options = bool(findings.values["num_option_chains"])
    usual = Source("as option strategies have it" if options else "no option is subscribed")
    for name in FEATURES:
        switches = [
            value
            for path, value in asked.settings_read.items()
            if path.endswith(("enabled", name))
            and any(word in path for word in (*_FEATURE_WORDS[name], name))
        ]
        if options and switches:
            on = any(value.content is not False for value in switches)
            findings.note(name, on, *(source for value in switches for source in value.sources))
        else:
            findings.note(name, None, usual)
