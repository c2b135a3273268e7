"""Several initializers after one another."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet


class CompositeSecurityInitializer(DotNet):
    """Runs initializers, objects or functions, in order."""

    def __init__(self, *initializers: Any) -> None:
        self._initializers = list(initializers)

    def initialize(self, security: Any) -> None:
        """Run them."""
        for one in self._initializers:
            call = getattr(one, "initialize", None) or getattr(one, "Initialize", None) or one
            call(security)


class FuncSecurityInitializer(CompositeSecurityInitializer):
    """A function as initializer."""
