"""Bytes of an object: whole, or known not to be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.state.envelope import Envelope, seal, unseal
from trading.state.errors import DamagedObjectError

SAVED = datetime(2026, 1, 5, 14, 30, 0, 123456, tzinfo=UTC)


@given(body=st.binary(max_size=300), kind=st.text(max_size=20), version=st.integers(1, 1000))
def test_what_was_sealed_comes_out(body: bytes, kind: str, version: int) -> None:
    envelope = Envelope(kind, version, SAVED, body)
    assert unseal(seal(envelope)) == envelope


@given(body=st.binary(max_size=60), data=st.data())
def test_any_change_and_any_cut_is_noticed(body: bytes, data: st.DataObject) -> None:
    blob = seal(Envelope("kind", 1, SAVED, body))
    position = data.draw(st.integers(0, len(blob) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = blob[:position] + bytes([blob[position] ^ flip]) + blob[position + 1 :]
    for damaged in (changed, blob[:position], blob + b"\0"):
        with pytest.raises(DamagedObjectError):
            unseal(damaged)


def test_a_body_is_compressed() -> None:
    assert len(seal(Envelope("greeks", 1, SAVED, b"0.50," * 20_000))) < 1_000
