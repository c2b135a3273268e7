"""The Python files that an algorithm consists of, and what importing a name from one of them means."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from utils.errors import UserError
from utils.nodes.analysis.values import Value
from utils.nodes.requirements import Source
from utils.workspace import Project


@dataclass(eq=False)
class Module:
    """One Python file. `names` fills as the interpreter runs its top level."""

    name: str
    path: Path
    tree: ast.Module
    names: dict[str, Value] = field(default_factory=dict)
    started: bool = False
    _sources: dict[int, tuple[ast.AST, Source]] = field(default_factory=dict)

    def source(self, node: ast.AST) -> Source:
        """The place of a node, with the beginning of its code as text."""
        known = self._sources.get(id(node))
        if known is None or known[0] is not node:
            known = (node, Source(_one_line(node), self.path, getattr(node, "lineno", None)))
            self._sources[id(node)] = known
        return known[1]


class Modules:
    """All modules of a project and its libraries, parsed when they are first needed.

    Raises:
        UserError: a file has a syntax error, or is nested too deep; names file and line.
    """

    def __init__(self, project: Project) -> None:
        self._workspace = project.workspace
        self._texts: dict[str, tuple[Path, str]] = {}
        for one in (*project.libraries, project):
            prefix = "" if one is project else one.folder.name
            for file in one.files:
                if file.name.endswith(".py"):
                    self._texts[_module_name(prefix, file.name)] = (file.path, file.content)
        self._parsed: dict[str, Module] = {}

    def find(self, name: str) -> Module | None:
        """The module of a dotted name, or None when it is not in the project or its libraries."""
        if name not in self._texts:
            return None
        if name not in self._parsed:
            path, text = self._texts[name]
            shown = path.relative_to(self._workspace)
            self._parsed[name] = Module(name, shown, parse(text, shown))
        return self._parsed[name]

    def is_package(self, name: str) -> bool:
        """Whether there are modules below a dotted name."""
        return name in self._packages

    @cached_property
    def _packages(self) -> frozenset[str]:
        parts = (name.split(".") for name in self._texts)
        return frozenset(".".join(one[:size]) for one in parts for size in range(1, len(one)))

    @cached_property
    def main(self) -> Module:
        """The algorithm's own file."""
        found = self.find("main")
        assert found is not None  # find_project has seen it
        return found

    def parsed(self) -> tuple[Module, ...]:
        """The modules that were needed so far."""
        return tuple(self._parsed.values())

    def used(self, dead: Collection[int] = ()) -> tuple[Module, ...]:
        """The algorithm's file and all modules it imports, directly or not, but for statements in `dead`."""
        seen: dict[str, Module] = {}
        waiting = [self.main]
        while waiting:
            module = waiting.pop()
            if module.name in seen:
                continue
            seen[module.name] = module
            waiting += [found for name in imported_names(module, dead) if (found := self.find(name))]
        return tuple(seen.values())


def parse(text: str, path: Path) -> ast.Module:
    """Parse a file's text.

    Raises:
        UserError: it is no Python, or nested too deep.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text.removeprefix("\ufeff"))
            compile(tree, str(path), "exec", dont_inherit=True)  # finds a `return` outside of a function
    except SyntaxError as error:
        raise UserError(f"{path}:{error.lineno or 1}: {error.msg}; mend it") from None
    except (RecursionError, MemoryError):
        raise UserError(f"{path}: nested too deep to be read; simplify it") from None
    except ValueError as error:
        raise UserError(f"{path}: {error}; mend it") from None
    return tree


def imported_names(module: Module, dead: Collection[int] = ()) -> list[str]:
    """Dotted names of all modules that are imported at run time, anywhere in the file."""
    names: list[str] = []
    for node in runtime_nodes(module.tree, dead):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = imported_from(node, module)
            names += [origin, *(f"{origin}.{alias.name}".lstrip(".") for alias in node.names)]
    return names


def imported_from(node: ast.ImportFrom, importer: Module) -> str:
    """The dotted name of the module that `from ... import` names, relative ones too; "" is the project."""
    if not node.level:
        return node.module or ""
    up = node.level - (importer.path.name == "__init__.py")
    parts = importer.name.split(".")
    return ".".join([*parts[: max(len(parts) - up, 0)], *filter(None, [node.module])])


def runtime_nodes(tree: ast.AST, dead: Collection[int] = ()) -> list[ast.AST]:
    """All nodes but those under `if TYPE_CHECKING:` and in statements whose identity is in `dead`."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if id(node) in dead:
            continue
        found.append(node)
        if isinstance(node, ast.If) and _is_type_checking(node.test):
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _module_name(prefix: str, file: str) -> str:
    parts = PurePosixPath(file).with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    return ".".join((prefix, *parts) if prefix else parts)


def _one_line(node: ast.AST) -> str:
    try:
        text = " ".join(ast.unparse(node).split())
    except (RecursionError, ValueError):  # nested too deep, or a number too long to be shown
        return type(node).__name__
    return text if len(text) <= 90 else f"{text[:87]}..."
