"""Parameters mean the same in every encoding, and nothing that is sent breaks the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.quantconnect.emulator.errors import RefusalError
from utils.quantconnect.emulator.parameters import Parameters, parse_json, parse_query

NAMES = st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1)
VALUES = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(NAMES, VALUES))
def test_a_flat_form_comes_back_as_it_was(values: dict[str, str]) -> None:
    assert parse_query(urlencode(values)) == values


@given(st.lists(st.fixed_dictionaries({"name": VALUES, "content": VALUES}), max_size=12))
def test_a_list_of_structures_keeps_its_order(records: list[dict[str, str]]) -> None:
    form = {f"files[{n}][{key}]": value for n, one in enumerate(records) for key, value in one.items()}
    found = Parameters(parse_query(urlencode(form))).records("files") or []
    assert [one.values for one in found] == records


def test_arrays_as_php_writes_them() -> None:
    assert Parameters(parse_query("a[]=1&a[]=2")).items("a") == ["1", "2"]
    assert Parameters(parse_query("a=")).items("a") == []
    assert Parameters(parse_query("b=1")).items("a") is None
    assert parse_query("a=1&a[b]=2") == {"a": {"b": "2"}}
    assert parse_query("a[b=1&[c]=2") == {"a[b": "1", "[c]": "2"}


@given(st.text(alphabet="a[]=&1%é"))
def test_any_query_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(parse_query(text), dict)
    except RefusalError as refusal:
        assert "UTF-8" in str(refusal)


BROKEN_BODIES = (
    *(b"{", b"1", b"[1]", b"null", b"\xff", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}'),
    *(b'{"a": "\\ud800"}', b'{"\\ud800": 1}', b'{"a":' * 100_000, b'{"a": ' + b"9" * 5_000 + b"}"),
)


@pytest.mark.parametrize("body", BROKEN_BODIES, ids=range(len(BROKEN_BODIES)))
def test_a_body_that_no_answer_could_repeat_is_refused(body: bytes) -> None:
    with pytest.raises(RefusalError, match="JSON"):
        parse_json(body)


@pytest.mark.parametrize("body", [b"", b" ", b"{}", b"[]"])
def test_nothing_is_an_empty_object(body: bytes) -> None:
    assert parse_json(body) == {}


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (Parameters.integer, "12", 12),
        (Parameters.integer, -1, -1),
        (Parameters.integer, "", "a is required"),
        (Parameters.integer, None, "a is required"),
        (Parameters.integer, 1.5, "not a whole number"),
        (Parameters.integer, True, "not a whole number"),
        (Parameters.integer, "1e3", "not a whole number"),
        (Parameters.integer, 2**63, "not a whole number"),
        (Parameters.text, 3, "3"),
        (Parameters.text, {}, "not a text"),
        (Parameters.flag, "false", False),
        (Parameters.flag, True, True),
        (Parameters.flag, "perhaps", "not true or false"),
        (Parameters.items, "x", "not a list"),
        (Parameters.records, ["x"], "not a list of objects"),
        (Parameters.record, ["x"], "not an object"),
    ],
)
def test_values_of_the_wrong_form_are_named(
    read: Callable[[Parameters, str], Any], value: object, expected: object
) -> None:
    parameters = Parameters({"a": value})
    if isinstance(expected, str) and " " in expected:
        with pytest.raises(RefusalError, match=f"^a .*{expected.removeprefix('a ')}"):
            read(parameters, "a")
    else:
        assert read(parameters, "a") == expected
