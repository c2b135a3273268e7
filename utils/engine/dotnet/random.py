"""System.Random: with a seed, .NET's exact sequence."""

from __future__ import annotations

import random as python_random
import struct
from collections.abc import MutableSequence
from typing import Final

from utils.engine.dotnet.exceptions import ArgumentOutOfRangeException
from utils.engine.dotnet.naming import DotNet

_INT_MAX: Final = 2**31 - 1
_INT_MIN: Final = -(2**31)
_STATE: Final = 55
_LAG: Final = 21
_GOLDEN: Final = 161803398


class Random(DotNet):
    """Knuth's subtractive generator, as .NET seeds it; without a seed, any sequence."""

    def __init__(self, seed: int | None = None) -> None:
        value = python_random.SystemRandom().randrange(_INT_MIN, _INT_MAX) if seed is None else int(seed)
        self._state = _seeded(_INT_MAX if value == _INT_MIN else abs(value))
        self._first = 0
        self._second = _LAG

    def _sample(self) -> int:
        self._first = self._first % _STATE + 1
        self._second = self._second % _STATE + 1
        sample = self._state[self._first] - self._state[self._second]
        if sample == _INT_MAX:
            sample -= 1
        if sample < 0:
            sample += _INT_MAX
        self._state[self._first] = sample
        return sample

    def next(self, min_value: int | None = None, max_value: int | None = None) -> int:
        """`next()` below 2^31 - 1, `next(max)` below `max`, `next(min, max)` from `min` to below `max`.

        Raises:
            ArgumentOutOfRangeException: limits that leave no number.
        """
        if min_value is None and max_value is None:
            return self._sample()
        if min_value is None or max_value is None:
            low, high = 0, int(max_value if min_value is None else min_value)  # type: ignore[arg-type]  # one is set
        else:
            low, high = int(min_value), int(max_value)
        if low > high:
            raise ArgumentOutOfRangeException(f"Random.Next: {low} is above {high}")
        span = high - low
        if span <= _INT_MAX:
            return int(self.next_double() * span) + low
        return int(self._wide_sample() * span) + low

    def _wide_sample(self) -> float:
        sample = self._sample()
        if self._sample() % 2 == 0:
            sample = -sample
        return (sample + (_INT_MAX - 1.0)) / (2.0 * _INT_MAX - 1.0)

    def next_double(self) -> float:
        """From 0 to below 1."""
        return self._sample() * (1.0 / _INT_MAX)

    def next_single(self) -> float:
        """From 0 to below 1, of single precision."""
        while True:
            value: float = struct.unpack("f", struct.pack("f", self.next_double()))[0]
            if value < 1.0:
                return value

    def next_int_64(self, min_value: int | None = None, max_value: int | None = None) -> int:
        """As `next`, of 64 bits."""
        if min_value is None and max_value is None:
            return self._below(2**63 - 1, 63)
        if max_value is None:
            min_value, max_value = 0, min_value
        assert min_value is not None
        assert max_value is not None
        if min_value > max_value:
            raise ArgumentOutOfRangeException(f"Random.NextInt64: {min_value} is above {max_value}")
        span = max_value - min_value
        return min_value if span <= 1 else self._below(span, (span - 1).bit_length()) + min_value

    def _below(self, limit: int, bits: int) -> int:
        while True:
            wide = self.next(1 << 22) | self.next(1 << 22) << 22 | self.next(1 << 20) << 44
            if (value := wide >> (64 - bits)) < limit:
                return value

    def next_bytes(self, buffer: MutableSequence[int]) -> None:
        """Fill a bytearray or list with numbers below 256."""
        for place in range(len(buffer)):
            buffer[place] = self._sample() & 0xFF


def _seeded(seed: int) -> list[int]:
    state = [0] * (_STATE + 1)
    last = _GOLDEN - seed
    state[_STATE] = last
    value = 1
    for step in range(1, _STATE):
        place = _LAG * step % _STATE
        state[place] = value
        value = last - value
        if value < 0:
            value += _INT_MAX
        last = state[place]
    for _ in range(4):
        for place in range(1, _STATE + 1):
            value = _as_int32(state[place] - state[1 + (place + 30) % _STATE])
            state[place] = value + _INT_MAX if value < 0 else value
    return state


def _as_int32(value: int) -> int:
    """What is left of a number after 32-bit overflow."""
    return (value - _INT_MIN) % 2**32 + _INT_MIN
