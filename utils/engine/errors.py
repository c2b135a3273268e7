"""Errors of the embedded engine."""

from __future__ import annotations

from utils.errors import UserError


class NotSupportedByEngine(UserError):  # noqa: N818 - the name users are told to look for
    """Something LEAN has and the embedded engine has not; the message is its name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"NotSupportedByEngine: {name}")
        self.name = name


class AlgorithmError(Exception):
    """LEAN's complaint to an algorithm about a wrong call; the algorithm may catch it."""
