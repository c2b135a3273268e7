"""The difference of two JSON objects as another one: RFC 7396, JSON Merge Patch."""

from __future__ import annotations

from typing import Any


def merge_patch(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What turns `before` into `after`: null removes a key, objects are merged, all else replaces.

    A null of `after` and a key that is not there are the same to a reader of the patched object.
    """
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        known = before.get(key)
        if isinstance(value, dict) and isinstance(known, dict):
            inner = merge_patch(known, value)
            if inner:
                patch[key] = inner
        elif key not in before or known != value:
            patch[key] = value
    return patch
