"""JSON to the character."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.enums import OrderStatus
from utils.engine.results.json_text import OnOneLine, indented_json, json_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (OrderStatus.FILLED, "3"),
        (Decimal(100), "100.0"),
        (Decimal(-5) * Decimal(0), "0.0"),
        (Decimal("1E+3"), "1000.0"),
        (Decimal("144.77307790400"), "144.77307790400"),
        (0.1, "0.1"),
        (5.0, "5.0"),
        (1e15, "1E+15"),
        (1.5e300, "1.5E+300"),
        (0.00001, "1E-05"),
        (float("nan"), '"NaN"'),
        (datetime(2013, 10, 7, 13, 31), '"2013-10-07T13:31:00Z"'),
        (datetime(2013, 10, 7, 13, 31, 0, 120000), '"2013-10-07T13:31:00.12Z"'),
        (datetime(1, 1, 1), '"0001-01-01T00:00:00Z"'),
        (timedelta(minutes=10), '"00:10:00"'),
        (timedelta(days=1, hours=2, microseconds=5), '"1.02:00:00.0000050"'),
        (timedelta(seconds=-1), '"-00:00:01"'),
        ('a"b\\c\n\x01é\u2028', '"a\\"b\\\\c\\n\\u0001é\\u2028"'),
        ({"a": [1, {}], "b": {}}, '{"a":[1,{}],"b":{}}'),
    ],
)
def test_text(value: object, text: str) -> None:
    assert json_text(value) == text


def test_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        json_text(object())


def test_indented_text_keeps_what_is_marked_on_one_line() -> None:
    assert indented_json({"a": [1, 2], "b": OnOneLine([1, 2]), "c": []}) == (
        '{\n  "a": [\n    1,\n    2\n  ],\n  "b": [1,2],\n  "c": []\n}'
    )


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(trees)
def test_any_json_reads_it_back(value: Any) -> None:
    assert json.loads(json_text(value)) == value
    assert json.loads(indented_json(value)) == value
