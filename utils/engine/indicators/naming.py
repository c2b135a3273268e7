"""LEAN's pairs of constructors: with a name in front, or with the name that follows from the settings."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any

from utils.engine.dotnet.money import exact, text

Constructor = Callable[..., None]


def setting_text(value: object) -> str:
    """A setting as .NET puts it into a text."""
    if value is None:
        return ""
    # An enumeration is an int, but shows its name.
    if type(value) in (int, float, Decimal):
        return text(exact(value))  # type: ignore[arg-type]  # checked by the line above
    return str(value)


def named(name: str | Callable[..., str]) -> Callable[[Constructor], Constructor]:
    """Decorator of `__init__(self, name, settings...)`: the name may be left out.

    Args:
        name: what it is then: a text with the settings in braces, or a function of the settings.

    Example:
        >>> class Average:
        ...     @named("SMA({period})")
        ...     def __init__(self, name, period): self.name = name
        >>> Average(5).name, Average("slow", 20).name
        ('SMA(5)', 'slow')
    """

    def decorate(constructor: Constructor) -> Constructor:
        parameters = list(inspect.signature(constructor).parameters.values())[1:]
        with_name, settings = inspect.Signature(parameters), inspect.Signature(parameters[1:])

        @wraps(constructor)
        def construct(self: object, *arguments: Any, **keywords: Any) -> None:
            if _is_named(with_name, arguments, keywords):
                constructor(self, *arguments, **keywords)
                return
            bound = settings.bind(*arguments, **keywords)
            bound.apply_defaults()
            if callable(name):
                own = name(*bound.args, **bound.kwargs)
            else:
                own = name.format_map({key: setting_text(value) for key, value in bound.arguments.items()})
            constructor(self, own, *bound.args, **bound.kwargs)

        return construct

    return decorate


def _is_named(signature: inspect.Signature, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    """Whether a name is among the arguments: a text may also be the ticker that stands for a symbol."""
    if "name" in keywords:
        return True
    if not arguments or not isinstance(arguments[0], str):
        return False
    try:
        signature.bind(*arguments, **keywords)
    except TypeError:
        return False
    return True
