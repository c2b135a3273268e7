"""What arrives at a worker is what was sent, or is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.utils.sweep.search.conftest import BARS, DECLARED, MINED, search_of
from utils.errors import UserError
from utils.sweep.config import SweepConfig
from utils.sweep.definition import Sweep
from utils.sweep.ray.definition import packed, rebuilt, unpacked_columns
from utils.sweep.ray.protocol import Frame, ProtocolError
from utils.sweep.search.definition import Search

SWEPT = {**DECLARED, "space": None, "grid": {"atr_period": [5, 10], "stop_atr": [0, 2]}}


def swept() -> Sweep:
    content = {name: value for name, value in SWEPT.items() if value is not None}
    return Sweep(SweepConfig.model_validate(content), "", BARS, len(BARS) - 100)


def sent(asked: Sweep | Search) -> Frame:
    """The message as it arrives."""
    frame = packed(asked)
    return Frame(frame.kind, json.loads(json.dumps(frame.fields)), bytearray(frame.payload))


@pytest.mark.parametrize("make", [swept, lambda: search_of(DECLARED), lambda: search_of(MINED)])
def test_it_arrives_as_it_was_sent(make: Callable[[], Sweep | Search]) -> None:
    asked = make()
    frame = sent(asked)
    arrived = rebuilt(frame.fields, unpacked_columns(frame), "there")
    assert type(arrived) is type(asked)
    assert arrived.record() == asked.record()


def test_damaged_bars_are_refused() -> None:
    frame = sent(search_of(DECLARED))
    columns = unpacked_columns(frame)
    columns["close"][700] = np.nextafter(columns["close"][700], 0)
    with pytest.raises(UserError, match="there: its data is not the same as here"):
        rebuilt(frame.fields, columns, "there")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"fixed": {**DECLARED["fixed"], "ma_slow": 21}}, "space"),
        ({"instrument": {**DECLARED["instrument"], "lot_size": 0.01}}, "settings"),
    ],
)
def test_other_parameters_or_terms_are_refused(change: dict[str, Any], part: str) -> None:
    frame = sent(search_of(DECLARED))
    header = {**frame.fields, "config": {**frame.fields["config"], **change}}
    with pytest.raises(UserError, match=f"there: its {part} is not the same"):
        rebuilt(header, unpacked_columns(frame), "there")


def test_other_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = sent(search_of(DECLARED))
    monkeypatch.setattr("utils.sweep.identity.source_digest", lambda *_: "edited")
    with pytest.raises(UserError, match="there: its code is not the same"):
        rebuilt(frame.fields, unpacked_columns(frame), "there")


def test_who_evaluates_needs_no_optuna(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = sent(search_of(DECLARED))
    monkeypatch.setattr("utils.sweep.search.definition._optuna_versions", dict)
    rebuilt(frame.fields, unpacked_columns(frame), "there")


def test_bars_that_are_cut_short_are_refused() -> None:
    frame = sent(search_of(DECLARED))
    frame = Frame(frame.kind, frame.fields, frame.payload + b"more")
    with pytest.raises(ProtocolError, match="bytes of bars"):
        unpacked_columns(frame)
