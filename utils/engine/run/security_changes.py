"""Which securities came and went."""

from __future__ import annotations

from typing import Any

from utils.engine.dotnet.key_value_pair import CallableList
from utils.engine.dotnet.naming import DotNet


class SecurityChanges(DotNet):
    """What `on_securities_changed` is told."""

    def __init__(self, added: list[Any], removed: list[Any]) -> None:
        self._added, self._removed = (
            sorted(dict.fromkeys(part), key=lambda security: security.symbol.value)
            for part in (added, removed)
        )

    @property
    def added_securities(self) -> CallableList[Any]:
        """Securities followed from now on."""
        return CallableList(self._added)

    @property
    def removed_securities(self) -> CallableList[Any]:
        """Securities followed no longer."""
        return CallableList(self._removed)

    @property
    def count(self) -> int:
        """How many came and went."""
        return len(self._added) + len(self._removed)

    def __str__(self) -> str:
        if not self.count:
            return "SecurityChanges: None"
        text = "SecurityChanges: "
        for name, part in (("Added", self._added), ("Removed", self._removed)):
            if part:
                text += f" {name}: " + ",".join(str(security.symbol.id) for security in part)
        return text
