""".NET's exceptions, as Python exceptions of the kind a Python programmer would catch."""

# ruff: noqa: N818 - the names are .NET's

from __future__ import annotations

import builtins

from utils.engine.errors import AlgorithmError

Exception = builtins.Exception  # noqa: A001 - .NET's name


class SystemException(AlgorithmError):
    """Root of the exceptions that .NET itself raises."""

    @property
    def message(self) -> str:
        """The text."""
        return str(self)

    Message = message


class ArgumentException(SystemException, ValueError):
    """A wrong argument."""


class ArgumentNullException(ArgumentException):
    """None where a value is needed."""


class ArgumentOutOfRangeException(ArgumentException):
    """A value beyond its limits."""


class InvalidOperationException(SystemException, RuntimeError):
    """A call the object cannot answer in its state."""


class NotImplementedException(SystemException, NotImplementedError):
    """Something that is not written."""


class NotSupportedException(SystemException, TypeError):
    """Something that the object never does."""


class KeyNotFoundException(SystemException, KeyError):
    """A key that a dictionary has not."""

    # KeyError would show the text in quotes.
    __str__ = builtins.Exception.__str__


class IndexOutOfRangeException(SystemException, IndexError):
    """An index beyond a collection."""


class FormatException(SystemException, ValueError):
    """A text of the wrong form."""


class DivideByZeroException(SystemException, ZeroDivisionError):
    """Division by zero."""


class OverflowException(SystemException, OverflowError):
    """A number beyond its type."""


class TimeoutException(SystemException, TimeoutError):
    """Something took too long."""


class RegressionTestException(SystemException):
    """Raised by LEAN's regression algorithms when what they see is not what they expect."""
