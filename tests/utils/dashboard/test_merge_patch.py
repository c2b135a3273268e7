"""A patch, merged as RFC 7396 says, turns one object into the other."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from utils.dashboard.merge_patch import merge_patch

NAMES = st.sampled_from("abc")
LEAVES = st.integers(0, 3) | st.booleans() | st.lists(st.none() | st.integers(0, 3), max_size=2)
INNER = st.dictionaries(NAMES, LEAVES | st.dictionaries(NAMES, LEAVES, max_size=2), max_size=3)
OBJECTS = st.dictionaries(NAMES, LEAVES | INNER, max_size=3)


def merged(target: Any, patch: Any) -> Any:
    """MergePatch of RFC 7396, section 2."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


@given(OBJECTS, OBJECTS)
def test_a_patch_leads_from_one_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert merged(before, merge_patch(before, after)) == after


@given(OBJECTS)
def test_alike_objects_have_an_empty_patch(value: dict[str, Any]) -> None:
    assert merge_patch(value, value) == {}


def test_only_what_changed_is_in_it() -> None:
    before = {"sweeps": {"a": {"done": 1, "combos": 9}, "b": {"done": 3}}, "status": "active"}
    after = {"sweeps": {"a": {"done": 2, "combos": 9}}, "status": "active"}
    assert merge_patch(before, after) == {"sweeps": {"a": {"done": 2}, "b": None}}
