"""The indicators by name, as algorithms get them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import utils.engine.indicators
from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.naming import DotNet

_MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.iter_modules(utils.engine.indicators.__path__, "utils.engine.indicators.")
]

INDICATOR_NAMES: dict[str, Any] = {
    name: member
    for module in _MODULES
    for name, member in vars(module).items()
    if isinstance(member, type)
    and issubclass(member, (DotNet, LeanEnum))
    and member.__module__ == module.__name__
}
