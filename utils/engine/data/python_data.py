"""Custom data types written in Python."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any, ClassVar, Self

from utils.engine.data.base_data import BaseData, empty_symbol
from utils.engine.data.symbol_key import symbol_of
from utils.engine.data.wall_time import NO_TIME
from utils.engine.dotnet.exceptions import KeyNotFoundException
from utils.engine.enums import MarketDataType

_BASE_NAMES = {
    "time": "time",
    "endtime": "end_time",
    "end_time": "end_time",
    "value": "value",
    "price": "price",
}


class DynamicData(BaseData):
    """Data with fields by name: `data["open"] = 1.0`, `data["Open"]`, `data.open`."""

    _data_type: ClassVar[MarketDataType] = MarketDataType.BASE  # type: ignore[misc]  # a constant here
    _end: datetime
    _fields: dict[str, Any]

    def __new__(cls, *_arguments: Any, **_named: Any) -> Self:
        """Set everything here: a user's class may have an `__init__` that does not call ours."""
        data = super().__new__(cls)
        data.symbol = empty_symbol()
        data.value = 0.0
        data.is_fill_forward = False
        data._time = NO_TIME
        data._end = NO_TIME
        data._fields = {}
        return data

    def __init__(self) -> None:
        """Everything is set by `__new__`."""

    def set_property(self, name: str, value: Any) -> Any:
        """Set a field; the names of the base's attributes set those too."""
        key = name.lower()
        if key in _BASE_NAMES and key != "price":
            setattr(self, _BASE_NAMES[key], value)
        elif key == "symbol":
            symbol = symbol_of(value)
            if symbol is None:
                raise KeyNotFoundException(f"{type(self).__name__}: no security was added under {value}")
            self.symbol = symbol
        self._fields[key] = value
        return value

    def get_property(self, name: str) -> Any:
        """A field, in any case and either naming style.

        Raises:
            KeyNotFoundException: there is none of that name.
        """
        key = name.lower()
        if key == "symbol":
            return self.symbol
        if key in _BASE_NAMES:
            return getattr(self, _BASE_NAMES[key])
        if key in self._fields:
            return self._fields[key]
        for known, value in self._fields.items():
            if known.replace("_", "") == key.replace("_", ""):
                return value
        raise KeyNotFoundException(
            f"{type(self).__name__}: no field {key!r} among time, symbol, value, {', '.join(self._fields)}"
        )

    def has_property(self, name: str) -> bool:
        """Whether a field was set."""
        return name.lower() in self._fields

    def get_storage_dictionary(self) -> dict[str, Any]:
        """The fields that were set."""
        return self._fields

    def __getitem__(self, name: str) -> Any:
        return self.get_property(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.set_property(name, value)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and "_fields" in self.__dict__:
            try:
                return self.get_property(name)
            except KeyNotFoundException:
                pass
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        """Set what the class has; anything else is a field."""
        if name.startswith("_") or hasattr(type(self), name):
            object.__setattr__(self, name, value)
        else:
            self.set_property(name, value)

    def clone(self, fill_forward: bool | None = None) -> Self:
        """A copy with its own fields."""
        twin = copy(self)
        twin._fields = dict(self._fields)
        if fill_forward is not None:
            twin.is_fill_forward = fill_forward
        return twin


class PythonData(DynamicData):
    """Base of an algorithm's own data types, which override `get_source` and `reader` in either style."""

    @property
    def end_time(self) -> datetime:
        """When the data is known; the time, until it is set."""
        return self.time if self._end == NO_TIME else self._end

    @end_time.setter
    def end_time(self, value: datetime) -> None:
        self._end = value
        if self.time == NO_TIME:
            self.time = value
