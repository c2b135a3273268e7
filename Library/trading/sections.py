"""Sections of settings: frozen models of JSON objects, and errors about them in one line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Percent = Annotated[float, Field(gt=0, le=100)]
Milliseconds = Annotated[float, Field(gt=0, le=60_000)]
Count = Annotated[int, Field(ge=1, le=10_000)]


class Section(BaseModel):
    """Frozen; unknown keys, wrong types, NaN and infinity are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


S = TypeVar("S", bound=Section)


def validated(model: type[S], values: Mapping[str, Any], source: str) -> S:
    """The section that `values`, as read from JSON, spell. Every field of it must have a default.

    Raises:
        ValueError: an unknown or wrong setting; one line with `source`, the setting and a remedy.
    """
    try:
        # By way of JSON: strict validation takes JSON's lists for tuples, and nothing else.
        return model.model_validate_json(json.dumps(values))
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
    where = ".".join((f"{source}: ", *(str(part) for part in problem["loc"]))).replace(": .", ": ", 1)
    raise ValueError(f"{where.rstrip(': ')}: {_said(model, problem)}".replace("\n", " "))


def _said(model: type[Section], problem: Mapping[str, Any]) -> str:
    """What is wrong and what would be right."""
    if problem["type"] == "extra_forbidden":
        section: Any = model()
        for part in problem["loc"][:-1]:
            section = getattr(section, part)
        return f"no such setting; known: {', '.join(type(section).model_fields)}"
    cause = problem.get("ctx", {}).get("error")
    if cause is not None:
        return f"{cause}; change one of them"
    value = problem["input"]
    shown = "NaN or infinity" if isinstance(value, float) and not math.isfinite(value) else repr(value)[:60]
    message = str(problem["msg"])
    return (
        f"{shown} is refused: {message[:1].lower()}{message[1:]}; correct it or leave it out for the default"
    )
