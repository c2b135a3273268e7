"""What is wrong with a strategy's parameters, in one line."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError


class ContradictoryParams(ValueError):  # noqa: N818 - says what they are
    """Parameters that are each in range but together make no sense: a fast average >= the slow one.

    A contradiction never involves entry fields and exit fields at once: a sweep, which looks at each kind
    apart, relies on it.
    """


def one_line(strategy: str, model: type[BaseModel], error: ValidationError) -> ValueError:
    """The gravest problem of `error` as a `ContradictoryParams` or a ValueError with a one-line message.

    Args:
        strategy: its name, which begins the message.
        model: the params model that refused the values.
    """
    first = min(error.errors(include_url=False), key=_rank)
    cause = _cause(first)
    kind = ContradictoryParams if isinstance(cause, ContradictoryParams) else ValueError
    return kind(f"{strategy}: {_described(model, first, cause)}".replace("\n", " "))


def _cause(problem: Mapping[str, Any]) -> Exception | None:
    cause: Exception | None = problem.get("ctx", {}).get("error")
    return cause


def _rank(problem: Mapping[str, Any]) -> int:
    """A wrong value before a contradiction; last a list too short only because its items were refused."""
    if problem["type"] == "too_short":
        return 2
    return 1 if isinstance(_cause(problem), ContradictoryParams) else 0


def _described(model: type[BaseModel], problem: Mapping[str, Any], cause: Exception | None) -> str:
    # Parts in angle brackets are tags that tell the kinds of an operand apart, not keys that anyone wrote.
    path = ".".join(part for part in map(str, problem["loc"]) if not part.startswith("<"))
    if problem["type"] == "extra_forbidden":
        known = f"; known: {', '.join(model.model_fields)}" if len(problem["loc"]) == 1 else ""
        return f"unknown parameter {path}{known}"
    if problem["type"] == "missing":
        return f"parameter {path} is missing"
    message = str(cause) if cause else problem["msg"][:1].lower() + problem["msg"][1:]
    if isinstance(cause, ContradictoryParams):
        return f"{path}: {message}" if path else message
    allowed = _allowed(model, problem["loc"])
    return f"{path} = {reprlib.repr(problem['input'])}: {message}" + (
        f" (allowed: {allowed})" if allowed else ""
    )


def _allowed(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    """The range of a field of `model` itself, such as ``2 to 1000``; "" for nested fields and no range."""
    field = model.model_fields.get(str(location[0])) if len(location) == 1 else None
    if field is None:
        return ""
    low = high = ""
    for rule in field.metadata:
        for name, text in (("ge", "{}"), ("gt", "above {}")):
            low = text.format(getattr(rule, name)) if hasattr(rule, name) else low
        for name, text in (("le", "{}"), ("lt", "below {}")):
            high = text.format(getattr(rule, name)) if hasattr(rule, name) else high
    return f"{low} to {high}" if low and high else low or high
