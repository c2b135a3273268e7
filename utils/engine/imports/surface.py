"""The names algorithms know, by name; collected from the engine's packages."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

from utils.engine.dotnet.enums import LeanEnum
from utils.engine.dotnet.naming import DotNet

# Packages whose classes are LEAN's, under LEAN's names.
_LEAN = (
    "utils.engine.algorithm",
    "utils.engine.consolidators",
    "utils.engine.data",
    "utils.engine.exchange",
    "utils.engine.feed",
    "utils.engine.identity",
    "utils.engine.indicators",
    "utils.engine.models",
    "utils.engine.option_strategies",
    "utils.engine.orders",
    "utils.engine.positions",
    "utils.engine.results",
    "utils.engine.schedule",
    "utils.engine.securities",
    "utils.engine.statistics",
    "utils.engine.subscriptions",
    "utils.engine.transactions",
    "utils.engine.universes",
)
_DOTNET = ("utils.engine.dotnet",)

# Names that are not those of the class.
_ALIASES = {
    "QCAlgorithmFramework": "QCAlgorithm",
    "QCAlgorithmFrameworkBridge": "QCAlgorithm",
    "IBrokerageModel": "DefaultBrokerageModel",
    "ISecuritySeeder": "SecuritySeeder",
}
# Interfaces that an algorithm names in annotations, and asks objects for; their first class stands for them.
_INTERFACES = (
    *("AlgorithmSettings", "BuyingPowerModel", "FeeModel", "FillModel", "Indicator", "MarginCallModel"),
    *("MarginInterestRateModel", "ObjectStore", "OptionChainProvider", "OptionPriceModel", "OrderProperties"),
    *("PortfolioTarget", "Position", "PositionGroup", "PositionGroupBuyingPowerModel"),
    *("SecurityPortfolioModel", "SignalExportTarget", "TradeBuilder", "VolatilityModel"),
)
_ALIASES |= {f"I{name}": name for name in _INTERFACES} | {"IIndicator": "IndicatorBase"}


def _modules(packages: tuple[str, ...]) -> Iterator[ModuleType]:
    for name in packages:
        package = importlib.import_module(name)
        yield package
        for found in pkgutil.walk_packages(package.__path__, name + "."):
            if not found.ispkg:
                yield importlib.import_module(found.name)


def _is_lean(value: object, module: ModuleType) -> bool:
    if not inspect.isclass(value) or value.__module__ != module.__name__:
        return False
    return issubclass(value, (DotNet, LeanEnum, Exception))


def _public(modules: Iterator[ModuleType]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for module in modules:
        exported = getattr(module, "EXPORTS", None)
        if exported is not None:
            names.update(exported)
            continue
        public = ((name, value) for name, value in vars(module).items() if not name.startswith("_"))
        names.update((name, value) for name, value in public if _is_lean(value, module))
    return names


@cache
def lean_names() -> dict[str, Any]:
    """What LEAN's namespaces have."""
    from utils.engine import enums
    from utils.engine.run.security_changes import SecurityChanges

    names = _public(_modules(_LEAN)) | {"SecurityChanges": SecurityChanges}
    names |= {name: value for name, value in vars(enums).items() if _is_lean(value, enums)}
    names |= {alias: names[name] for alias, name in _ALIASES.items() if name in names}
    return names


@cache
def system_names() -> dict[str, Any]:
    """What .NET's namespaces have."""
    return _public(_modules(_DOTNET))
