"""What the algorithm says, and what it is told: log, parameters, Object Store."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.base import AlgorithmBase
from utils.engine.imports.refusals import refusal_of


class Messages(AlgorithmBase):
    """Log lines and parameters."""

    def _init_messages(self) -> None:
        self.log_lines: list[str] = []
        self.error_messages: list[str] = []

    def _say(self, text: str) -> None:
        line = f"{self.time:%Y-%m-%d %H:%M:%S} {text}"
        self.log_lines.append(line)
        self._environment.log(line)

    def log(self, message: Any) -> None:
        """Write a line to the log."""
        self._say(str(message))

    def debug(self, message: Any) -> None:
        """Write a line to the log and the console."""
        self._say(str(message))

    def error(self, message: Any) -> None:
        """Report an error."""
        self.error_messages.append(str(message))
        self._say(f"ERROR: {message}")

    def report_model_error(self, problem: Exception) -> None:
        """Keep an exception of a user's model, which LEAN reports without stopping.

        Raises:
            NotSupportedByEngine: the model uses what the engine does not have; that does stop the run.
        """
        refusal = refusal_of(problem)
        if refusal is not None:
            raise refusal from problem
        self.error_messages.append(f"{type(problem).__name__}: {problem}")

    def quit(self, message: str = "") -> None:
        """Stop after this step."""
        self.debug(f"Quit(): {message}")
        self._stop(message or "quit")

    def set_quit(self, quit: bool) -> None:  # noqa: A002 - LEAN's name
        """Stop after this step, or do not."""
        self._stop("quit" if quit else None)

    # Parameters

    def get_parameter(self, name: str, default_value: Any = None) -> Any:
        """A parameter of the run, of the default's type; the default when there is none."""
        value = self._environment.parameters.get(name)
        if value is None:
            return default_value
        if isinstance(default_value, bool) or default_value is None or isinstance(default_value, str):
            return value
        try:
            return type(default_value)(float(value)) if isinstance(default_value, int) else float(value)
        except ValueError:
            return default_value

    def get_parameters(self) -> dict[str, str]:
        """All parameters of the run."""
        return dict(self._environment.parameters)

    def set_parameters(self, parameters: dict[str, str]) -> None:
        """Replace the parameters of the run."""
        self._environment.parameters = dict(parameters)

    @property
    def algorithm_id(self) -> str:
        """Name of the run's files."""
        return self._environment.algorithm_id

    @property
    def project_id(self) -> int:
        """Number of the project in the cloud: none here."""
        return 0

    def set_name(self, name: str) -> None:
        """Name the run."""
        self._environment.name = name

    @property
    def name(self) -> str:
        """Name of the run."""
        return self._environment.name

    @name.setter
    def name(self, value: str) -> None:
        self._environment.name = value
