"""Compiling in the cloud, and what is wrong where when it fails."""

from __future__ import annotations

import re
from dataclasses import dataclass

from utils.errors import UserError
from utils.quantconnect.client import QuantConnect
from utils.quantconnect.deploy.waiting import Clock, wait_until
from utils.quantconnect.records import Compile, CompileState
from utils.workspace import Project

LIMIT = 300.0
"""Seconds a compilation may take."""

_PLACES = (
    re.compile(r"File:?\s*[\"']?(?P<file>[\w./\- ]+?\.(?:py|cs|ipynb))[\"']?,?\s*[Ll]ine:?\s*(?P<line>\d+)"),
    re.compile(r"(?P<file>[\w./\-]+\.(?:py|cs|ipynb)):(?P<line>\d+)"),
)


@dataclass(frozen=True)
class CompilerMessage:
    """A line of the compiler's log, with the place in the workspace that it names, if any."""

    text: str
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.file else self.text


class CompilationFailedError(UserError):
    """The cloud's compiler refused the project. `messages` has every line it said."""

    def __init__(self, project: Project, messages: tuple[CompilerMessage, ...]) -> None:
        said = "; ".join(str(message) for message in messages) or "without a reason"
        super().__init__(f"{project.name} does not compile: {said}")
        self.messages = messages


def compile_project(api: QuantConnect, project: Project, project_id: int, clock: Clock) -> Compile:
    """Compile what the cloud holds, and wait for it.

    Raises:
        CompilationFailedError: the code has errors.
        UserError: it takes longer than five minutes.
    """
    started = api.compiles.create(project_id)
    done = wait_until(
        lambda: api.compiles.read(project_id, started.compile_id),
        lambda current: current.state is not CompileState.IN_QUEUE,
        clock,
        limit=LIMIT,
        what=f"compilation of {project.name}",
    )
    if done.state is CompileState.ERROR:
        clean = api.transport.redaction.clean
        raise CompilationFailedError(
            project, tuple(_locate(clean(line), project) for line in done.logs if line)
        )
    return done


def _locate(line: str, project: Project) -> CompilerMessage:
    text = " ".join(line.split())
    for pattern in _PLACES:
        if match := pattern.search(text):
            return CompilerMessage(text, _local(match["file"], project), int(match["line"]))
    return CompilerMessage(text)


def _local(name: str, project: Project) -> str:
    """The file in the workspace that the cloud calls `name`: of the project, or of a library."""
    for one in (project, *project.libraries):
        # The cloud shows a library's file under the library's own name, as Python imports it.
        for candidate in (one.folder / name, one.folder.parent / name, project.workspace / name):
            if candidate.is_file():
                return candidate.relative_to(project.workspace).as_posix()
    return name
