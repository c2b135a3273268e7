"""Frames arrive as they were sent, however the stream is cut; anything else is refused."""

from __future__ import annotations

import io
import os
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.sweep.ray.protocol import MAGIC, Frame, ProtocolError, read_frame, write_frame


class Dribble:
    """A stream that gives or takes at most `most` bytes at once."""

    def __init__(self, content: bytes = b"", most: int = 1) -> None:
        self.content = bytearray(content)
        self._most = most

    def write(self, data: memoryview) -> int:
        self.content += data[: self._most]
        return min(len(data), self._most)

    def readinto(self, buffer: memoryview) -> int:
        count = min(len(buffer), self._most, len(self.content))
        buffer[:count] = self.content[:count]
        del self.content[:count]
        return count


fields = st.dictionaries(
    st.text(max_size=8).filter(lambda name: name != "kind"),
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.text(), max_size=3),
    max_size=4,
)


@given(st.lists(st.builds(Frame, st.text(), fields, st.binary(max_size=300)), max_size=5), st.integers(1, 60))
def test_frames_arrive_as_they_were_sent(frames: list[Frame], most: int) -> None:
    stream = Dribble(most=most)
    for frame in frames:
        write_frame(stream, frame)
    assert [read_frame(stream) for _ in frames] == frames
    assert read_frame(stream) is None


@given(st.builds(Frame, st.text(), fields, st.binary(min_size=1, max_size=50)), st.data())
def test_a_stream_that_ends_within_a_frame_is_refused(frame: Frame, data: st.DataObject) -> None:
    stream = Dribble()
    write_frame(stream, frame)
    cut = data.draw(st.integers(1, len(stream.content) - 1))
    with pytest.raises(ProtocolError):
        read_frame(Dribble(bytes(stream.content[:cut])))


@given(st.binary(min_size=16, max_size=100).filter(lambda content: content[:4] != MAGIC))
def test_what_is_no_frame_is_refused(content: bytes) -> None:
    with pytest.raises(ProtocolError, match="no frame"):
        read_frame(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        MAGIC + b"\xff\xff\xff\xff" + bytes(8),  # a header of 4 GB
        MAGIC + b"\0\0\0\2" + b"\xff" * 8 + b"{}",  # a payload without end
        MAGIC + b"\0\0\0\2" + bytes(8) + b"[]",
        MAGIC + b"\0\0\0\2" + bytes(8) + b"{}",
        MAGIC + b"\0\0\0\3" + bytes(8) + b"\xff{}",
    ],
)
def test_headers_that_are_none_are_refused_before_memory_is_taken(content: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_frame(io.BytesIO(content))


def test_every_piece_of_a_long_frame_is_a_sign_of_life() -> None:
    receiving, sending = os.pipe()
    payload = os.urandom(3_000_000)
    written: list[int] = []
    read: list[int] = []

    def send() -> None:
        with open(sending, "wb", buffering=0) as sink:  # noqa: PTH123 - a descriptor
            write_frame(sink, Frame("rows", {}, payload), lambda: written.append(1))

    thread = threading.Thread(target=send)
    thread.start()
    with open(receiving, "rb", buffering=0) as source:  # noqa: PTH123
        frame: Any = read_frame(source, lambda: read.append(1))
    thread.join()
    assert frame.payload == payload
    assert len(written) > 10
    assert len(read) > 10
