"""Both of LEAN's naming styles on one class.

LEAN's classes are .NET's, in PascalCase; its Python layer offers the same members in snake_case. Classes here
are written in snake_case; deriving from `DotNet` gives each public member its PascalCase twin at the time the
class is made, so that reading one costs what reading the other does. It works in both directions: a user's
subclass that defines `OnData` overrides `on_data`.
"""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, get_origin

from utils.engine.dotnet.refused_members import REFUSED_MEMBERS
from utils.engine.errors import NotSupportedByEngine

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ENGINE = "utils.engine."


@cache
def pascal_case(name: str) -> str:
    """`market_order` -> `MarketOrder`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


@cache
def snake_case(name: str) -> str:
    """`MarketOrder` -> `market_order`, `OnEndOfDay` -> `on_end_of_day`."""
    return _WORD_START.sub("_", name).lower()


class Refused:
    """A member that LEAN has and the engine has not; an attribute set on an instance goes before it.

    A `__getattr__` would do the same in less space, but CPython 3.11 reads every attribute of a class that
    has one the slow way.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> NoReturn:
        raise NotSupportedByEngine(f"{_lean_class(owner).__name__}.{self.name}")


class DotNet:
    """Base of the classes that algorithms see.

    Instance attributes get their twin when the class body annotates them. A member that only LEAN's class of
    the same name has raises `NotSupportedByEngine`, as `REFUSED_MEMBERS` tells.
    """

    __slots__: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = dict(vars(cls))
        for name, member in own.items():
            if name.startswith("_") or _is_nested_class(member):
                continue
            _give_twin(cls, own, name, member)
        for name, annotation in own.get("__annotations__", {}).items():
            if not name.startswith("_") and name not in own and not _is_class_variable(annotation):
                setattr(cls, pascal_case(name), _forward(name))
        if cls.__module__.startswith(_ENGINE):
            _refuse_missing(cls)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Twins are made with the class, where no checker sees them."""

    def to_string(self) -> str:
        """`str()` of it."""
        return str(self)


def _is_nested_class(member: object) -> bool:
    return inspect.isclass(member)


def _is_class_variable(annotation: object) -> bool:
    return get_origin(annotation) is ClassVar or str(annotation).startswith("ClassVar")


def _give_twin(cls: type, own: dict[str, Any], name: str, member: object) -> None:
    if name[0].isupper():
        twin = snake_case(name)
        # A user's PascalCase method overrides its snake_case twin; new names stay as they are.
        if twin not in own and callable(member) and any(twin in vars(base) for base in cls.__mro__[1:]):
            setattr(cls, twin, member)
    elif (twin := pascal_case(name)) not in own:
        slot = inspect.ismemberdescriptor(member)
        setattr(cls, twin, _forward(name) if slot else member)


def _forward(name: str) -> property:
    """A property under the PascalCase name of an instance attribute."""

    def read(self: object) -> Any:
        return getattr(self, name)

    def write(self: object, value: object) -> None:
        setattr(self, name, value)

    return property(read, write)


def _refuse_missing(cls: type) -> None:
    """Refuse what LEAN's class of the same name has and this has not."""
    missing = REFUSED_MEMBERS.get(cls.__name__)
    if missing is None:
        return
    there = {name for base in cls.__mro__ for name in (*vars(base), *vars(base).get("__annotations__", ()))}
    for name in missing.split():
        refused = Refused(name)
        for spelling in {name, pascal_case(name)} - there:
            setattr(cls, spelling, refused)


def _lean_class(cls: type) -> type:
    """The first class in the line of ancestors that is the engine's own."""
    return next((base for base in cls.__mro__ if base.__module__.startswith(_ENGINE)), cls)
