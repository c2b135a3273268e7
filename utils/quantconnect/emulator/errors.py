"""How the emulator says no."""

from __future__ import annotations


class RefusalError(Exception):
    """A call that the API answers with `success: false` and this text; what it changed is undone."""
