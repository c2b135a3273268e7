"""A backtest by the LEAN CLI, in LEAN's Docker image."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from utils.backtest.answer import COMPLETED, RUNTIME_ERROR, Answer
from utils.backtest.report import write_report
from utils.errors import UserError
from utils.files import read_text
from utils.workspace import Project

SUMMARY = "-summary.json"


def lean_program() -> str:
    """The LEAN CLI: of this environment, else on the PATH.

    Raises:
        UserError: it is not installed.
    """
    beside = Path(sys.executable).with_name("lean")
    found = str(beside) if beside.is_file() else shutil.which("lean")
    if found is None:
        raise UserError("--engine docker: the LEAN CLI is not installed; pip install lean, and start Docker")
    return found


def lean_arguments(project: Project, parameters: Mapping[str, str], output: Path) -> list[str]:
    """What `lean` is called with."""
    given = [word for key, value in parameters.items() for word in ("--parameter", key, value)]
    return ["backtest", project.name, "--output", str(output.resolve()), *given]


def run_docker(project: Project, parameters: Mapping[str, str], output: Path) -> Answer:
    """Run a project with the CLI, what it says on standard error, and read the results it leaves.

    Raises:
        UserError: there is no CLI, it failed, or it left no results.
    """
    started = time.monotonic()
    command = [lean_program(), *lean_arguments(project, parameters, output)]
    code = _follow(command, project.workspace)
    if code:
        raise UserError(f"lean backtest {project.name}: exit code {code}; its last lines above say why")
    answer = read_results(output, time.monotonic() - started)
    report = answer.files["result"].with_suffix(".html")
    write_report(report, answer.files["result"], project.name)
    answer.files["report"] = report
    return answer


def _follow(command: Sequence[str], workspace: Path) -> int:
    process = subprocess.Popen(
        command, cwd=workspace, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    with process:
        for line in process.stdout:
            sys.stderr.write(line.decode(errors="replace"))
    return process.returncode


def read_results(output: Path, seconds: float) -> Answer:
    """The results that LEAN left in a folder.

    Raises:
        UserError: there are none, or they are damaged.
    """
    summaries = sorted(output.glob(f"*{SUMMARY}"), key=lambda path: path.stat().st_mtime)
    if not summaries:
        raise UserError(f"{output}: LEAN left no results there; its log above says why")
    summary = summaries[-1]
    stem = summary.name.removesuffix(SUMMARY)
    files = {"summary": summary, "result": output / f"{stem}.json"}
    for kind, name in {"order-events": f"{stem}-order-events.json", "log": f"{stem}-log.txt"}.items():
        if (output / name).is_file():
            files[kind] = output / name
    try:
        result = json.loads(read_text(files["result"]))
        state = result.get("state") or {}
        error = state.get("RuntimeError") or None
        return Answer(
            engine="docker",
            status=RUNTIME_ERROR if error else COMPLETED,
            error=" ".join(str(error).split()) if error else None,
            statistics=dict(result.get("statistics") or {}),
            runtime_statistics=dict(result.get("runtimeStatistics") or {}),
            files=files,
            seconds=seconds,
        )
    except (ValueError, AttributeError, TypeError) as problem:
        raise UserError(
            f"{files['result']}: is not LEAN's result: {problem}; run the backtest again"
        ) from None
