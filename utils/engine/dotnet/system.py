"""What `from System import *` gives: Python's own types wherever LEAN's Python layer does."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final

from utils.engine.dotnet import exceptions
from utils.engine.dotnet.date_time import DateTime
from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.math import Math, MidpointRounding
from utils.engine.dotnet.random import Random
from utils.engine.dotnet.timespan import TimeSpan
from utils.engine.enums import DayOfWeek


class _GenericType(type):
    def __getitem__(cls, _types: Any) -> Any:
        return cls


class Delegate(metaclass=_GenericType):
    """`Action[…](function)` and `Func[…](function)`: the function."""

    def __new__(cls, function: Callable[..., Any]) -> Any:
        """The function."""
        return function


class Nullable(metaclass=_GenericType):
    """`Nullable[…](value)`: the value."""

    def __new__(cls, value: Any = None) -> Any:
        """The value."""
        return value


class Array(metaclass=_GenericType):
    """`Array[…](items)`: a list."""

    def __new__(cls, items: Iterable[Any] = ()) -> Any:
        """A list."""
        return list(items)


class String(str):
    """A text, with .NET's static members."""

    __slots__ = ()

    EMPTY = Empty = ""

    @staticmethod
    def is_null_or_empty(value: str | None) -> bool:
        """Whether there is no text."""
        return not value

    @staticmethod
    def is_null_or_white_space(value: str | None) -> bool:
        """Whether there is nothing to read."""
        return value is None or not value.strip()

    @staticmethod
    def concat(*values: Any) -> str:
        """All texts one after another."""
        return "".join(str(value) for value in values)

    IsNullOrEmpty = is_null_or_empty
    IsNullOrWhiteSpace = is_null_or_white_space
    Concat = concat

    @staticmethod
    def Format(form: str, *values: Any) -> str:  # noqa: N802 - `str.format` is another function
        """`String.Format("{0} {1}", a, b)`."""
        return form.format(*values)

    @staticmethod
    def Join(separator: str, values: Iterable[Any]) -> str:  # noqa: N802 - `str.join` is another function
        """Texts with a separator between them."""
        return separator.join(str(value) for value in values)


class Guid:
    """Unique texts."""

    @staticmethod
    def new_guid() -> str:
        """A new one."""
        return str(uuid.uuid4())

    NewGuid = new_guid


class Console:
    """The standard output."""

    @staticmethod
    def write_line(value: Any = "", *values: Any) -> None:
        """Print a line; further values fill `{0}`, `{1}`…"""
        print(str(value).format(*values) if values else value)  # noqa: T201 - its purpose

    WriteLine = write_line


class StringComparison(LeanEnum):
    """How texts are compared."""

    CURRENT_CULTURE = 0
    CURRENT_CULTURE_IGNORE_CASE = 1
    INVARIANT_CULTURE = 2
    INVARIANT_CULTURE_IGNORE_CASE = 3
    ORDINAL = 4
    ORDINAL_IGNORE_CASE = 5


EXPORTS: Final[dict[str, Any]] = {
    "Action": Delegate,
    "Array": Array,
    "Boolean": bool,
    "Console": Console,
    "DateTime": DateTime,
    "DayOfWeek": DayOfWeek,
    "Decimal": float,
    "Double": float,
    "Func": Delegate,
    "Guid": Guid,
    "Int16": int,
    "Int32": int,
    "Int64": int,
    "Math": Math,
    "MidpointRounding": MidpointRounding,
    "Nullable": Nullable,
    "Object": object,
    "Random": Random,
    "Single": float,
    "String": String,
    "StringComparison": StringComparison,
    "TimeSpan": TimeSpan,
    **{
        name: value
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and name.endswith("Exception")
        if name not in ("KeyNotFoundException", "RegressionTestException", "Exception")
    },
    "Exception": Exception,
}
