"""How this package compiles its kernels.

`kernel` is numba's `njit(cache=True, nogil=True)` with a cache that follows the sources. Numba notices
a change in the file a kernel stands in, but not in the files of the kernels it calls, and would go on
running stale machine code. Here the cache folder's name is a digest of the kernel's own file and of every
file of this package that it imports, so that an edit anywhere below compiles anew.
"""

from __future__ import annotations

import ast
import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import numba

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE.name

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile `function` for the calling thread, without the GIL and with a cache on disk.

    No fast-math: a kernel gives the same bits on every thread and host.
    """
    previous = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_cache_folder(Path(function.__code__.co_filename)))
    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    finally:
        numba.config.CACHE_DIR = previous


def source_digest(*modules: str) -> str:
    """SHA-256 (hex) of the named modules' sources and of all they import from this package."""
    files: set[Path] = set()
    for module in modules:
        path = _module_file(module)
        if path is None:
            raise ModuleNotFoundError(f"{module} is not a module of {_ROOT}")
        files |= _with_imports(path)
    return _digest(frozenset(files))


def _cache_folder(source: Path) -> Path:
    base = os.environ.get("NUMBA_CACHE_DIR") or str(_PACKAGE / "__pycache__")
    return Path(base) / f"kernels-{_digest(_with_imports(source))[:16]}"


@cache
def _digest(files: frozenset[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _with_imports(source: Path) -> frozenset[Path]:
    found = {source}
    waiting = [source]
    while waiting:
        for module in _imported_modules(waiting.pop()):
            path = _module_file(module)
            if path is not None and path not in found:
                found.add(path)
                waiting.append(path)
    return frozenset(found)


@cache
def _imported_modules(source: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(name for name in names if name.split(".")[0] == _ROOT)


def _module_file(module: str) -> Path | None:
    parts = module.split(".")[1:]
    for path in (_PACKAGE.joinpath(*parts, "__init__.py"), _PACKAGE.joinpath(*parts).with_suffix(".py")):
        if path.is_file():
            return path
    return None
