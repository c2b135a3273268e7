"""Several initializers after one another."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.naming import DotNet


class CompositeSecurityInitializer(DotNet):
    """Runs initializers, objects or functions, in order."""

    initializers: list[Any]

    def __init__(self, *initializers: Any) -> None:
        self.initializers = list(initializers)

    def add_security_initializer(self, initializer: Any) -> None:
        """Run another one after those there are."""
        self.initializers.append(initializer)

    def initialize(self, security: Any) -> None:
        """Run them."""
        for one in self.initializers:
            call = getattr(one, "initialize", None) or getattr(one, "Initialize", None) or one
            call(security)


class FuncSecurityInitializer(CompositeSecurityInitializer):
    """A function as initializer."""
