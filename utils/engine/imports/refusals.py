"""Tells a name that LEAN has and the engine has not from a user's mistake."""

from __future__ import annotations

import re

from utils.engine.errors import NotSupportedByEngine
from utils.engine.imports import stubs

_UNDEFINED = re.compile(r"name '(\w+)' is not defined")
_NO_MEMBER = re.compile(r"type object '(\w+)' has no attribute '(\w+)'")


def refusal_of(error: BaseException) -> NotSupportedByEngine | None:
    """What an unknown name of LEAN's is: a refusal by name."""
    found = _UNDEFINED.search(str(error)) if isinstance(error, NameError) else None
    if found and stubs.has_class(found.group(1)):
        return NotSupportedByEngine(found.group(1)).with_traceback(error.__traceback__)
    found = _NO_MEMBER.search(str(error)) if isinstance(error, AttributeError) else None
    if found and stubs.has_member(found.group(1), found.group(2)):
        name = ".".join(found.groups())
        return NotSupportedByEngine(name).with_traceback(error.__traceback__)
    return error if isinstance(error, NotSupportedByEngine) else None
