"""The one exception that a command line shows as a single line."""

from __future__ import annotations


class UserError(Exception):
    """A mistake the user can mend: its text names the file, the field and the remedy, on one line."""
