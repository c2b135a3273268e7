"""How the feature kernels are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile for any thread, without the GIL, with a cache on disk.

    Divisions by zero give infinities and NaN as numpy's do: without a check at each of them the kernels are
    half as fast again. No fast-math.
    """
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
