"""What every command line of `scripts/` has in common.

A script states its commands with `@group` and `@command` instead of click's own, and ends with a call:

    @group()
    def main() -> None:
        '''What it is for.'''

    @main.command()
    @json_option
    def info(as_json: bool) -> None:
        ...

    if __name__ == "__main__":
        main()

Exit codes: 0 done; 1 failed, with one `error: ...` line; 2 bad usage; 130 interrupted; 141 when the reader
of the output has gone (`| head`), as a shell counts SIGPIPE. Results go to standard output, all else to
standard error.
"""

from __future__ import annotations

import errno
import inspect
import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TypeVar

import click
import numpy as np
from rich.console import Console

from utils.errors import UserError

PACKAGE = "lean-trading-workspace"
INTERRUPTED = 130
READER_GONE = 141
PIPED_WIDTH = 1_000

F = TypeVar("F", bound=Callable[..., object])


class _Failure(click.ClickException):
    """A UserError on its way through click: printed as one line, exit code 1."""

    def show(self, file: object = None) -> None:  # noqa: ARG002
        click.echo(f"error: {' '.join(self.message.split())}", err=True)


class _Conventions(click.Command):
    """Turns the ways a command may end into the exit codes above."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()  # a reader that has gone shows here, not as a traceback at exit
        except UserError as error:
            raise _Failure(str(error)) from error
        except KeyboardInterrupt as interrupt:
            hint = f": {interrupt}" if str(interrupt) else ""
            click.echo(f"interrupted{hint}", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The interpreter flushes standard output once more when it ends: give it somewhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(READER_GONE) from None
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise _Failure("standard output: no space left on device; free some") from error
        return result


class _Command(_Conventions):
    pass


class _Group(_Conventions, click.Group):
    pass


def command(name: str | None = None) -> Callable[[Callable[..., object]], click.Command]:
    """A command line without subcommands, to the conventions above, with `--version`."""
    return lambda function: _version(click.command(name, cls=_Command)(function))


def group(name: str | None = None) -> Callable[[Callable[..., object]], click.Group]:
    """A command line of subcommands, to the conventions above, with `--version`."""
    return lambda function: _version(click.group(name, cls=_Group)(function))


def _version(function: F) -> F:
    return click.version_option(package_name=PACKAGE, message="%(prog)s %(version)s")(function)


def examples(*lines: str) -> Callable[[F], F]:
    """Show command lines as they would be typed at the end of a command's `--help`.

    Stands below `@command` in the source, so that it meets the docstring first.
    """

    def add(function: F) -> F:
        shown = "\n".join(f"  $ {line}" for line in lines)
        function.__doc__ = f"{inspect.cleandoc(function.__doc__ or '')}\n\n\b\nExamples:\n{shown}\n"
        return function

    return add


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
"""Adds the argument `as_json`."""


def print_json(value: object) -> None:
    """Print a value as one JSON document on standard output.

    Numpy scalars and arrays, paths, dates and enums are converted; NaN and infinities become null.
    """
    click.echo(json.dumps(_plain(value), indent=2, allow_nan=False))


def _plain(value: object) -> object:
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case np.ndarray() | np.generic():
            return _plain(value.tolist())
        case list() | tuple():
            return [_plain(item) for item in value]
        case float():
            return value if math.isfinite(value) else None
        case Enum():
            return _plain(value.value)
        case Path():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            return value


def output() -> Console:
    """Console for results, on standard output. A pipe gets lines as long as they need be."""
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def progress_output() -> Console:
    """Console for progress bars and remarks, on standard error."""
    return Console(stderr=True, highlight=False)


@contextmanager
def resumable(hint: str) -> Iterator[None]:
    """Around work that Ctrl-C leaves in a state to go on from: `hint` tells the user how.

    with resumable("what is done is kept in build/btc.db; the same command goes on from there"):
    """
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(hint) from None
