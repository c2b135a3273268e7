"""Gives a new security its last known price."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from utils.engine.algorithm.environment import present
from utils.engine.data.base_data import BaseData
from utils.engine.dotnet.naming import DotNet
from utils.engine.errors import NotSupportedByEngine


class SecuritySeeder(DotNet):
    """Base of seeders: has nothing to seed."""

    NULL: ClassVar[SecuritySeeder]

    def seed_security(self, security: Any) -> bool:
        """Set the price of a security; whether that went well."""
        return True


class FuncSecuritySeeder(SecuritySeeder):
    """Takes the price from a function of the security: a data point, or several."""

    def __init__(self, seed_function: Callable[[Any], Any]) -> None:
        self._function = seed_function

    def seed_security(self, security: Any) -> bool:
        """Set the price of a security; whether there was any.

        What the function raises is reported as missing data, as in LEAN.
        """
        try:
            found = self._function(security)
            points = [found] if isinstance(found, BaseData) else list(found or ())
        except NotSupportedByEngine:
            raise
        except Exception as error:  # noqa: BLE001 - a user's function may do anything; LEAN logs and goes on
            present().log(f"Could not seed price for security {security.symbol}: {error}")
            return False
        for point in points:
            security.set_market_price(point)
        return bool(points)


SecuritySeeder.NULL = SecuritySeeder()
