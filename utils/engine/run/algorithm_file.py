"""Imports an algorithm's file and finds its class."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from utils.engine.algorithm.qc_algorithm import QCAlgorithm
from utils.engine.imports.finder import install
from utils.errors import UserError

_ENGINES = "utils"  # the package the engine is part of


@contextmanager
def import_paths(paths: Sequence[Path]) -> Iterator[None]:
    """Folders in front of the import path; what was imported from them is forgotten afterwards.

    Raises:
        UserError: a folder has a module of the engine's name, which would not be found.
    """
    before, known = list(sys.path), set(sys.modules)
    roots = [str(path.resolve()) for path in paths]
    _refuse_name_of_the_engine(roots)
    sys.path[:0] = roots
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = before
        for name in set(sys.modules) - known:
            # `getattr` would load `pd`, which waits until somebody needs it.
            file = object.__getattribute__(sys.modules[name], "__dict__").get("__file__")
            if file and any(str(Path(file).resolve()).startswith(root + "/") for root in roots):
                del sys.modules[name]


def _refuse_name_of_the_engine(roots: Sequence[str]) -> None:
    engine = sys.modules.get(_ENGINES)
    if engine is None:  # out of sight, as in a container
        return
    own = {str(Path(folder).resolve()) for folder in engine.__path__}
    for root in roots:
        package = Path(root) / _ENGINES
        for found in (package.with_suffix(".py"), package):
            is_module = found.is_file() or any(found.glob("*.py"))
            if is_module and str(found.resolve()) not in own:
                raise UserError(
                    f"{found}: the engine's own package has this name and would be imported instead; rename "
                    "it, or run `lean backtest` with scripts/lean_docker.py"
                )


def load_class(file: Path, class_name: str | None = None) -> type[QCAlgorithm]:
    """The algorithm's class of a file.

    Args:
        class_name: None takes the one the file defines, the last when there are several.

    Raises:
        UserError: no file, or no such class.
        Exception: what the file raises.
    """
    install()
    if not file.is_file():
        raise UserError(f"{file}: no such algorithm file")
    name = file.stem
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise UserError(f"{file}: not a Python file; give the algorithm's main.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    found: list[type[QCAlgorithm]] = [
        value
        for value in vars(module).values()
        # `isinstance` would look into `pd` and import pandas, which waits until somebody needs it.
        if issubclass(type(value), type) and issubclass(value, QCAlgorithm) and value.__module__ == name
    ]
    if class_name is not None:
        found = [value for value in found if value.__name__ == class_name]
    if not found:
        wanted = f"class {class_name}" if class_name else "class that derives from QCAlgorithm"
        raise UserError(f"{file}: has no {wanted}")
    named = [value for value in found if value.__name__.lower() == name.lower()]
    return named[-1] if named else found[-1]
