"""Makes `from AlgorithmImports import *` and its kin work."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import typing
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from utils.engine.errors import NotSupportedByEngine
from utils.engine.imports import stubs
from utils.engine.imports.surface import lean_names, system_names

_NAMESPACES = ("QuantConnect", "System", "Newtonsoft")
# Folders of LEAN's own Python modules, which algorithms may import by name.
_FRAMEWORK = ("Alphas", "Execution", "Portfolio", "Risk", "Selection")
_LAZY = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot"}


class Namespace(ModuleType):
    """A .NET namespace: all names there are, whatever their namespace in LEAN."""

    def __init__(self, name: str, names: Mapping[str, Any]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__all__ = list(names)
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        names = self.__dict__.get("_names", {})
        if name in names:
            return names[name]
        if stubs.has_class(name) or self.__name__.startswith("Newtonsoft"):
            raise NotSupportedByEngine(name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


class NamespaceFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds .NET's namespaces and `AlgorithmImports`, before the path, where the stubs would be found."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a namespace."""
        top = fullname.partition(".")[0]
        if fullname in ("AlgorithmImports", "clr") or top in _NAMESPACES:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """The module of a namespace."""
        if spec.name == "clr":
            return _clr()
        if spec.name == "AlgorithmImports":
            return _algorithm_imports()
        if spec.name.startswith("System"):
            return Namespace(spec.name, {**lean_names(), **system_names()})
        return Namespace(spec.name, {**system_names(), **lean_names()})

    def exec_module(self, module: ModuleType) -> None:
        """Nothing more to do."""


class FrameworkFinder(importlib.abc.MetaPathFinder):
    """Refuses LEAN's framework modules by name; stands last, so that a user's own folders are found first."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> None:
        """Refuse."""
        if fullname.partition(".")[0] in (*_FRAMEWORK, "Orders"):
            raise NotSupportedByEngine(fullname)


def _clr() -> ModuleType:
    module = ModuleType("clr")
    module.AddReference = lambda *_names: None  # type: ignore[attr-defined]  # pythonnet's
    module.GetClrType = lambda kind: kind  # type: ignore[attr-defined]  # pythonnet's
    return module


def _algorithm_imports() -> ModuleType:
    import json
    import math
    from datetime import date, datetime, time, timedelta

    names: dict[str, Any] = {**system_names(), **lean_names()}
    names |= {name: getattr(typing, name) for name in typing.__all__}
    names |= {
        "date": date,
        "datetime": datetime,
        "time": time,
        "timedelta": timedelta,
        "math": math,
        "json": json,
    }
    names |= {short: module for short, name in _LAZY.items() if (module := _lazy(name)) is not None}
    names["Exception"] = Exception
    module = ModuleType("AlgorithmImports")
    module.__dict__.update(names)
    module.__dict__["__all__"] = list(names)
    return module


def _lazy(name: str) -> ModuleType | None:
    """A module that is imported when it is first used; None when it is not installed."""
    if name in sys.modules:
        return sys.modules[name]
    try:
        spec = importlib.util.find_spec(name.partition(".")[0])
    except ModuleNotFoundError:
        return None
    if spec is None or spec.loader is None:
        return None
    if "." in name:
        return _Deferred(name)
    loader = importlib.util.LazyLoader(spec.loader)
    spec.loader = loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


class _Deferred(ModuleType):
    """A submodule imported at the first look."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


def install() -> None:
    """Make LEAN's names importable in this process; twice is once."""
    if not any(isinstance(finder, NamespaceFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, NamespaceFinder())
        sys.meta_path.append(FrameworkFinder())
