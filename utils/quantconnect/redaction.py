"""Keeps secrets out of everything that is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "***"
SHORTEST = 4
"""Shorter values are not masked in texts: they would blot out words that merely contain them."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # a server's text must not steer the terminal


class Redaction:
    """Masks known secret values in texts. Shared by everything that talks for one user.

    >>> secrets = Redaction(["hunter22"])
    >>> secrets.clean("wrong password hunter22")
    'wrong password ***'
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Mask these from now on too."""
        self._secrets |= {secret for secret in secrets if len(secret) >= SHORTEST}

    def clean(self, text: str) -> str:
        """The text without secrets and control characters."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return _CONTROL.sub("", text)

    def __repr__(self) -> str:
        return f"Redaction({len(self._secrets)} secrets)"
