"""Methods with a type argument: `slice.get[TradeBar]()` besides `slice.get(TradeBar)`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class BoundGenericMethod:
    """A method of one object; subscripting gives it its type arguments."""

    __slots__ = ("_method", "_owner")

    def __init__(self, method: Callable[..., Any], owner: object) -> None:
        self._method = method
        self._owner = owner

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the method as it is."""
        return self._method(self._owner, *args, **kwargs)

    def __getitem__(self, types: Any) -> Callable[..., Any]:
        leading = types if isinstance(types, tuple) else (types,)
        return partial(self._method, self._owner, *leading)


class generic_method(Generic[T]):  # noqa: N801 - a decorator
    """Decorator: `obj.method[T](x)` calls the function with `T` in front, as `obj.method(T, x)` does."""

    def __init__(self, function: Callable[..., T]) -> None:
        self._function = function
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, owner: None, cls: type) -> generic_method[T]: ...
    @overload
    def __get__(self, owner: object, cls: type) -> BoundGenericMethod: ...
    def __get__(self, owner: object | None, cls: type) -> Any:
        return self if owner is None else BoundGenericMethod(self._function, owner)
