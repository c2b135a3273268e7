"""Gives a new security its last known price."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from utils.engine.dotnet.naming import DotNet


class SecuritySeeder(DotNet):
    """Base of seeders: seeds nothing."""

    NULL: ClassVar[SecuritySeeder]

    def seed_security(self, security: Any) -> bool:
        """Set the price of a security; whether it was."""
        return False


class FuncSecuritySeeder(SecuritySeeder):
    """Takes the price from a function of the security: a data point, or several."""

    def __init__(self, seed_function: Callable[[Any], Any]) -> None:
        self._function = seed_function

    def seed_security(self, security: Any) -> bool:
        """Set the price of a security; whether it was."""
        found = self._function(security)
        if found is None:
            return False
        points = found if isinstance(found, (list, tuple)) else [found]
        for point in points:
            security.cache.take_point(point)
        return bool(points)


SecuritySeeder.NULL = SecuritySeeder()
