"""From a project to its requirements, with the evidence of each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import ValidationError

from utils.errors import UserError
from utils.nodes.analysis.chains import count_contracts
from utils.nodes.analysis.expressions import STEPS, OutOfStepsError
from utils.nodes.analysis.interpreter import Interpreter
from utils.nodes.analysis.lean_calls import UNKNOWN_UNIVERSE, Asked, LeanCalls
from utils.nodes.analysis.machine_learning import Learning, find_learning
from utils.nodes.analysis.modules import Modules
from utils.nodes.analysis.stored import leaves
from utils.nodes.analysis.values import Class, Instance, Opaque, Value
from utils.nodes.requirements import AlgorithmRequirements, Analysis, Evidence, Resolution, Source
from utils.workspace import Project

POSITION_LIMITS = ("max_concurrent_positions", "max_positions", "max_open_positions")
LATENCY_LIMITS = ("max_broker_latency_ms", "max_latency_ms")
LLM_SWITCHES = ("llm.enabled", "llm_enabled", "use_llm", "use_llm_analysis")
LISTED = 12
"""Tickers shown at most."""
LONGEST_TICKER = 40
"""Letters of each that are shown at most."""
FEATURES = ("use_greeks", "use_scanners", "use_risk_management", "use_two_part_spreads")
_BARS_A_DAY = {
    Resolution.TICK: 390 * 60,
    Resolution.SECOND: 390 * 60,
    Resolution.MINUTE: 390,
    Resolution.HOUR: 7,
    Resolution.DAILY: 1,
}


@dataclass
class _Findings:
    """Figures with their places, as they are put together."""

    values: dict[str, object] = field(default_factory=dict)
    sources: dict[str, tuple[Source, ...]] = field(default_factory=dict)

    def note(self, name: str, value: object, *sources: Source) -> None:
        self.values[name] = value
        self.sources[name] = tuple(dict.fromkeys(sources))


def analyze(project: Project, overrides: Mapping[str, str] | None = None) -> Analysis:
    """Read the algorithm's code, its libraries' and its settings.

    Args:
        project: a project with a main.py.
        overrides: fields of `AlgorithmRequirements` to set instead of finding them.

    Raises:
        UserError: the code cannot be read, has no algorithm, or an override is not valid.
    """
    modules = Modules(project)
    lean = LeanCalls(project)
    interpreter = Interpreter(modules, lean)
    lean.interpreter = interpreter
    findings = _Findings()
    algorithm: Instance | None = None
    note: Source | None = None
    try:
        algorithm = _follow(modules, interpreter, lean.asked)
    except OutOfStepsError:
        note = Source(f"the analysis followed {STEPS:,} steps and left out the rest")
    except RecursionError:
        raise UserError(f"{modules.main.path}: nested too deep to be followed; simplify it") from None
    _subscriptions(lean.asked, findings)
    _chains(lean.asked, findings)
    _times(lean.asked, findings)
    _limits(lean.asked, algorithm, findings)
    _learning(lean.asked, find_learning(modules.used()), findings)
    _features(lean.asked, findings)
    return _assembled(findings, overrides or {}, note)


def _follow(modules: Modules, interpreter: Interpreter, asked: Asked) -> Instance:
    """Run `initialize`, then what it gave to LEAN and the methods that nothing has called.

    Returns:
        The algorithm.
    """
    main = modules.main
    names = interpreter.names_of(main)
    classes = [value.content for value in names.values() if isinstance(value.content, Class)]
    own = [one for one in classes if one.module is main and _is_algorithm(one, interpreter)]
    bases = [base for one in own for base in interpreter.lineage(one)[1:]]
    definition = next((one for one in own if one not in bases), None)
    if definition is None:
        raise UserError(f"{main.path}: no class derived from QCAlgorithm; LEAN needs one")
    self_ = Value(made := Instance(definition, {}))
    for base in reversed(interpreter.lineage(definition)):
        interpreter.class_attributes(base, made)
    for entry in ("__init__", "initialize", "Initialize"):
        method = interpreter.method(self_, entry)
        if method is not None:
            interpreter.call(method, [])
    for function in asked.callbacks:  # grows as they ask for more
        if id(function.node) not in interpreter.followed:
            interpreter.call(function, [])
    for name in interpreter.method_names(definition):
        method = interpreter.method(self_, name)
        if method is not None and id(method.node) not in interpreter.followed:
            interpreter.call(method, [])
    return made


def _is_algorithm(definition: Class, interpreter: Interpreter) -> bool:
    for one in interpreter.lineage(definition):
        for base in one.node.bases:
            value = interpreter.evaluate(base, one.module, interpreter.names_of(one.module))
            if isinstance(value.content, Opaque) and value.content.path.endswith("QCAlgorithm"):
                return True
    return False


def _subscriptions(asked: Asked, findings: _Findings) -> None:
    by_place: dict[Source, list[str]] = {}
    for (_, ticker), place in asked.securities.items():
        by_place.setdefault(place, []).append(ticker)
    sources = []
    for place, tickers in by_place.items():
        sources.append(Source(f"{place.text}: {_listed(tickers)}", place.file, place.line))
        sources += asked.reasons.get(place, ())
    for place, count in asked.assumed_securities.items():
        why = "a universe" if count == UNKNOWN_UNIVERSE else "a loop of unknown length"
        text = f"{place.text}: assumed {count} for {why}" if count > 1 else f"{place.text}: ticker not known"
        sources.append(Source(text, place.file, place.line))
    total = len(asked.securities) + sum(asked.assumed_securities.values())
    findings.note("num_securities", total, *(sources or [Source("no subscription was found")]))
    _resolution(asked, findings)


def _resolution(asked: Asked, findings: _Findings) -> None:
    """The finest that a subscription names; the universe settings' or LEAN's own for those that name none."""
    named = list(asked.resolutions)
    if asked.unnamed_resolutions or not named:
        named += asked.default_resolutions or [
            (Resolution.MINUTE, Source("minute, LEAN's default where no other is named"))
        ]
    finest = min((resolution for resolution, _ in named), key=list(Resolution).index)
    findings.note("resolution", finest, *(place for resolution, place in named if resolution is finest))


def _listed(tickers: list[str]) -> str:
    more = f" and {len(tickers) - LISTED} more" if len(tickers) > LISTED else ""
    shown = [ticker if ticker.isprintable() else ascii(ticker)[1:-1] for ticker in tickers[:LISTED]]
    return ", ".join(ticker[:LONGEST_TICKER] for ticker in shown) + more


def _chains(asked: Asked, findings: _Findings) -> None:
    chain_sources: list[Source] = []
    contract_sources: list[Source] = []
    total = 0
    counts: dict[int, tuple[int, tuple[Source, ...]]] = {}
    for ticker, chain in asked.chains.items():
        count, how = counts.setdefault(id(chain), count_contracts(chain))
        total += count
        chain_sources += chain.sources[:1]
        contract_sources += how
        if count != counts[id(next(iter(asked.chains.values())))][0]:
            contract_sources.append(Source(f"{ticker}: {count} contracts"))
    single = len(asked.contracts) + sum(asked.assumed_contracts.values())
    number = len(asked.chains)
    if single:
        contract_sources += [*asked.contracts.values(), *asked.assumed_contracts]
        contract_sources.append(
            Source(f"{single} contracts added one by one, counted as a chain of their own")
        )
        chain_sources += list(asked.contracts.values()) + list(asked.assumed_contracts)
        number, total = number + 1, total + single
    none = Source("no option is subscribed")
    if names := [ticker for ticker in asked.chains if not ticker.startswith("?")]:
        first = asked.chains[names[0]].sources[0]
        shown = Source(f"{first.text}: {_listed(names)}", first.file, first.line)
        others = [one for one in chain_sources if one != first]
        chain_sources = [shown, *asked.reasons.get(first, ()), *others]
    findings.note("num_option_chains", number, *(chain_sources or [none]))
    per_chain = math.ceil(total / number) if number else 0
    findings.note("contracts_per_chain", per_chain, *(contract_sources or [none]))


def _times(asked: Asked, findings: _Findings) -> None:
    if asked.start and asked.end:
        days = max((asked.end[0] - asked.start[0]).days, 0)
        findings.note("backtest_days", days, asked.start[1], asked.end[1])
    elif asked.start:
        open_end = Source("no end date: the backtest runs up to yesterday")
        findings.note("backtest_days", 0, asked.start[1], open_end)
    else:
        findings.note("backtest_days", 0, Source("no start date was found"))
    finest = findings.values["resolution"]
    assert isinstance(finest, Resolution)
    bars, places = 0, []
    for length, unit, place in asked.warm_ups:
        if isinstance(length, timedelta):
            days_ = length / timedelta(days=1)
            bars = max(bars, math.ceil(days_ * _BARS_A_DAY[unit or finest]))
        else:
            bars = max(bars, length)
        places.append(place)
    findings.note("warm_up_bars", bars, *(places or [Source("no warm-up is set")]))
    scheduled = sum(asked.scheduled.values()) + len(asked.trainings)
    events = [*asked.scheduled, *asked.trainings]
    findings.note("scheduled_events", scheduled, *(events or [Source("nothing is scheduled")]))


def _limits(asked: Asked, algorithm: Instance | None, findings: _Findings) -> None:
    known: dict[str, Value] = {}
    for settings in asked.settings:
        known |= {path.rsplit(".", 1)[-1]: value for path, value in leaves(settings)}
    if algorithm is not None:
        known |= {name.lstrip("_").lower(): value for name, value in algorithm.attributes.items()}
    for name, names, default in (
        ("max_concurrent_positions", POSITION_LIMITS, 0),
        ("max_latency_ms", LATENCY_LIMITS, None),
    ):
        found = [known[one] for one in names if one in known and _is_number(known[one])]
        if found:
            limit = found[0].content
            whole = int(limit) if default == 0 and isinstance(limit, float) else limit
            findings.note(name, whole, *(found[0].sources or (Source("the code"),)))
        else:
            findings.note(name, default, Source("no limit was found"))


def _is_number(value: Value) -> bool:
    content = value.content
    return isinstance(content, int | float) and not isinstance(content, bool) and 0 <= content < 1e9


def _learning(asked: Asked, learning: Learning, findings: _Findings) -> None:
    llm = list(learning.llm)
    for path, value in asked.settings_read.items():
        if path in LLM_SWITCHES and value.content is True:
            llm += value.sources
    none = "nothing of the kind was found"
    findings.note("use_llm_analysis", bool(llm), *(llm or [Source(none)]))
    training = [*learning.training, *asked.trainings]
    findings.note("use_ml_training", bool(training), *(training or [Source(none)]))
    findings.note("use_local_inference", bool(learning.inference), *(learning.inference or [Source(none)]))


def _features(asked: Asked, findings: _Findings) -> None:
    options = bool(findings.values["num_option_chains"])
    usual = Source("as option strategies have it" if options else "no option is subscribed")
    for name in FEATURES:
        findings.note(name, None, usual)
    switches = [(path, value) for path, value in asked.settings_read.items() if "scanner" in path]
    enabled = [(path, value) for path, value in switches if path.endswith(".enabled")]
    if options and enabled:
        on = any(value.content is not False for _, value in enabled)
        findings.note("use_scanners", on, *(source for _, value in enabled for source in value.sources))


def _assembled(findings: _Findings, overrides: Mapping[str, str], note: Source | None) -> Analysis:
    unknown = sorted(overrides.keys() - set(AlgorithmRequirements.model_fields))
    if unknown:
        fields = ", ".join(AlgorithmRequirements.model_fields)
        raise UserError(f"--set {unknown[0]}: no such field; there are {fields}")
    for name, text in overrides.items():
        findings.note(name, text, Source("set on the command line"))
    try:
        requirements = AlgorithmRequirements.model_validate(findings.values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        given = f"--set {name}={overrides[name]}" if name in overrides else name
        raise UserError(f"{given}: {first['msg']}; correct it") from None
    evidence = [
        Evidence(
            name,
            requirements.has(name) if name in FEATURES else getattr(requirements, name),
            findings.sources[name] + ((note,) if note else ()),
        )
        for name in AlgorithmRequirements.model_fields
    ]
    return Analysis(requirements, tuple(evidence))
