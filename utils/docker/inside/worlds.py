"""Two sets of modules in one process: the engine's, and those the container has.

The engine lives in `utils` and uses `trading`; the container has what is mounted, which may hold other
modules of these names, or none. An import statement is answered from the set that its own module is of.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

NAMES = ("utils", "trading", "scripts", "tests", "algorithms", "config")
_MARK = "__of_the_engine__"


class Worlds(importlib.abc.MetaPathFinder):
    """Splits the modules from the moment it is made; what is loaded by then is the engine's.

    Args:
        engine_paths: import path of the engine's own modules.
        packages: folders of the installed packages.
        roots: what is mounted: code below is the container's.
        importable: tells the top-level modules of the image's packages.
    """

    def __init__(
        self,
        engine_paths: Sequence[str],
        packages: Sequence[str],
        roots: Sequence[str],
        importable: Callable[[], frozenset[str]],
    ) -> None:
        self._engine_paths = list(engine_paths)
        self._packages = tuple(f"{folder}/" for folder in packages)
        self._roots = tuple(str(Path(root).resolve()) for root in roots)
        self._importable = cache(importable)
        self._lock = threading.RLock()
        self._in_engine = True
        self._away: dict[str, ModuleType] = {}
        self._import = builtins.__import__
        self._import_module = importlib.import_module
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] in NAMES:
                module.__dict__[_MARK] = True

    def install(self) -> None:
        """From here on the container's code sees the container's modules only."""
        sys.path[:] = [entry for entry in sys.path if entry not in self._engine_paths]
        sys.path_importer_cache.clear()
        sys.meta_path.insert(0, self)
        builtins.__import__ = self._answer
        importlib.import_module = self._answer_module
        self._swap()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> importlib.machinery.ModuleSpec | None:
        """Finds the engine's modules, for the engine."""
        if not self._in_engine or fullname.partition(".")[0] not in NAMES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path or self._engine_paths)
        if spec is not None and spec.loader is not None:
            spec.loader = _MarkingLoader(spec.loader)
        return spec

    def _answer(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - the builtin's names
        locals: Mapping[str, Any] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if level == 0 and not self._in_engine and globals and _MARK in globals:
            loaded = self._away.get(
                name
            )  # the engine imports within its functions: no need to swap for these
            if loaded is not None and fromlist and all(hasattr(loaded, one) for one in fromlist):
                return loaded
        with self._for(name, globals or {}, level):
            return self._import(name, globals, locals, fromlist or (), level)

    def _answer_module(self, name: str, package: str | None = None) -> ModuleType:
        variables = sys._getframe(1).f_globals
        level = 1 if name.startswith(".") else 0
        with self._for((package or name) if level else name, variables, 0):
            return self._import_module(name, package)

    @contextmanager
    def _for(self, name: str, variables: Mapping[str, Any], level: int) -> Iterator[None]:
        full = str(variables.get("__package__") or variables.get("__name__") or "") if level else name
        top = full.partition(".")[0]
        of_engine = _MARK in variables
        if top not in NAMES:
            if not of_engine and level == 0:
                self._check(top, variables)
            yield
            return
        with self._lock:
            switched = of_engine != self._in_engine
            if switched:
                self._swap()
            try:
                yield
            finally:
                if switched:
                    self._swap()

    def _swap(self) -> None:
        """Let the other world's modules be the ones that are loaded."""
        present = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in NAMES}
        for name in present:
            del sys.modules[name]
        sys.modules.update(self._away)
        self._away = present
        self._in_engine = not self._in_engine

    def _check(self, top: str, variables: Mapping[str, Any]) -> None:
        """Packages that are installed here but not in LEAN's image are not there for the container's code."""
        if top in sys.stdlib_module_names or not self._is_mounted(str(variables.get("__file__") or "")):
            return
        if self._installed_here_only(top):
            raise ModuleNotFoundError(f"No module named {top!r}", name=top)

    def _is_mounted(self, file: str) -> bool:
        return any(file.startswith(f"{root}/") for root in self._roots)

    def _installed_here_only(self, top: str) -> bool:
        if top in sys.modules:
            origin = str(getattr(sys.modules[top], "__file__", None) or "")
        else:
            spec = importlib.util.find_spec(top)
            places = [] if spec is None else [spec.origin or "", *(spec.submodule_search_locations or ())]
            origin = next((place for place in places if place and place != "namespace"), "")
        return origin.startswith(self._packages) and top not in self._importable()


class _MarkingLoader(importlib.abc.Loader):
    """Marks a module as the engine's before its code runs."""

    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__[_MARK] = True
        self._loader.exec_module(module)
