"""From a project to its requirements, with the evidence of each."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from utils.errors import UserError
from utils.nodes.analysis import figures
from utils.nodes.analysis.entry_points import follow
from utils.nodes.analysis.figures import FEATURES, Findings
from utils.nodes.analysis.interpreter import Interpreter
from utils.nodes.analysis.lean_calls import LeanCalls
from utils.nodes.analysis.limits import limits
from utils.nodes.analysis.machine_learning import find_learning
from utils.nodes.analysis.modules import Modules
from utils.nodes.analysis.state import STEPS
from utils.nodes.requirements import AlgorithmRequirements, Analysis, Evidence, Source
from utils.workspace import Project

_SUBSCRIBED = ("num_securities", "num_option_chains", "contracts_per_chain", "scheduled_events")
"""Figures that what was not followed may have changed."""


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
    findings = Findings()
    try:
        followed = follow(modules, interpreter, lean.asked)
        dead = interpreter.dead
        used = modules.used(dead)
    except RecursionError:
        raise UserError(f"{modules.main.path}: nested too deep to be followed; simplify it") from None
    figures.subscriptions(lean.asked, lean.subscriptions, findings)
    figures.chains(lean.asked, findings)
    figures.times(lean.asked, findings)
    limits(lean.asked, followed.algorithm, used, dead, findings)
    figures.learning(lean.asked, find_learning(used, dead), findings)
    figures.features(lean.asked, findings)
    for name in _SUBSCRIBED:
        findings.add(name, *interpreter.doubts)
    for name in AlgorithmRequirements.model_fields:
        if followed.cut_short:
            findings.add(name, Source(f"the analysis followed {STEPS:,} steps and left out the rest"))
        if any(source.file is not None for source in findings.sources[name]):
            findings.add(name, *_assumptions_of(findings, name, lean))
    return _assembled(findings, overrides or {})


def _assumptions_of(findings: Findings, name: str, lean: LeanCalls) -> tuple[Source, ...]:
    """Assumptions about settings, for the figures that rest on their defaults."""
    files = {source.file for source in findings.sources[name]}
    models = {one.definition.module.path for one in lean.asked.settings if one.definition}
    return tuple(lean.asked.assumed) if files & models else ()


def _assembled(findings: Findings, overrides: Mapping[str, str]) -> Analysis:
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
    evidence = (
        Evidence(
            name,
            requirements.has(name) if name in FEATURES else getattr(requirements, name),
            findings.sources[name],
        )
        for name in AlgorithmRequirements.model_fields
    )
    return Analysis(requirements, tuple(evidence))
