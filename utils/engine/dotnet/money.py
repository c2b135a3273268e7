"""Money: .NET's decimal as Python's, 28 digits, rounding half to even.

The engine's accounts are kept in `Decimal`; algorithms see floats. The context is set once for a run
(`use_money_context`), so that plain operators on decimals round as .NET's do.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation, setcontext
from functools import cache
from typing import Final

MONEY: Final = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
_TEN: Final = Decimal(10)
# Room for the digits that rounding to more places than there are adds, and takes away again.
_ROOM: Final = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])

# .NET's decimal ends at 96 bits.
MAXIMUM: Final = Decimal("79228162514264337593543950335")
_PLACES: Final = 28
_WORD: Final = 2**32
_TWO_WORDS: Final = 2**64


class DecimalFloat(float):
    """A float that an algorithm may calculate with, and `exact` knows the decimal of."""

    __slots__ = ("exact_value",)

    exact_value: Decimal

    def __new__(cls, value: Decimal) -> DecimalFloat:
        """The float of a decimal."""
        number = super().__new__(cls, value)
        number.exact_value = value
        return number


def use_money_context() -> None:
    """Make `MONEY` the context of this thread."""
    setcontext(MONEY.copy())


def exact(value: int | float | Decimal | str) -> Decimal:
    """Cast to decimal as .NET does: of a float 15 significant digits are kept, of a `DecimalFloat` all.

    Raises:
        OverflowError: not a number, infinite, or beyond .NET's range.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, float):
        if type(value) is DecimalFloat:
            return value.exact_value
        if not math.isfinite(value):
            raise OverflowError(f"{value} is not a decimal number")
        if value.is_integer() and abs(value) < 1e15:
            return Decimal(int(value))  # a float has no scale of its own
        short = float.__repr__(value)
        # Most floats print in few digits; only the long ones need rounding.
        return normalize(Decimal(short if len(short) <= 15 and "e" not in short else f"{value:.15g}"))
    return Decimal(value) if isinstance(value, (int, str)) else Decimal(str(value))


def whole_exponent(value: Decimal) -> Decimal:
    """The same number with a scale of at least zero, as .NET's: 1E+2 -> 100."""
    if value % _TEN:
        return value  # only a multiple of ten can have a negative scale
    whole = value.quantize(ONE, context=_ROOM)
    return whole if _has_more_digits(whole, value) else value


def normalize(value: Decimal) -> Decimal:
    """Without trailing zeros, as LEAN's Normalize: 1.500 -> 1.5, 100.00 -> 100."""
    return whole_exponent(value.normalize(MONEY))


def round_half_even(value: Decimal, places: int = 0) -> Decimal:
    """.NET's `Math.Round(value, places)`: never adds digits."""
    return _rounded(value, places, ROUND_HALF_EVEN)


def round_half_up(value: Decimal, places: int = 0) -> Decimal:
    """.NET's `Math.Round(value, places, MidpointRounding.AwayFromZero)`."""
    return _rounded(value, places, ROUND_HALF_UP)


@cache
def _step(places: int) -> Decimal:
    return ONE.scaleb(-places)


def _rounded(value: Decimal, places: int, rounding: str) -> Decimal:
    rounded = value.quantize(_step(places), rounding, _ROOM)
    return rounded if rounded != value or _has_more_digits(value, rounded) else value


def _has_more_digits(one: Decimal, other: Decimal) -> bool:
    """Whether one of two equal numbers has the larger scale; much faster than asking both for theirs."""
    return one.compare_total_mag(other) < 0


def product(one: Decimal, other: Decimal) -> Decimal:
    """.NET's `one * other`: zero times a number of more than 32 bits is zero without places.

    Where a product cannot be zero, or its places are not shown, the operator does.
    """
    found = one * other
    return found if found or max(_unscaled(one), _unscaled(other)) < _WORD else ZERO


def double_of(value: Decimal) -> float:
    """.NET's cast to double: two roundings and a division, so not always the nearest float."""
    value = whole_exponent(value)
    if _places(value) > _PLACES:
        value = value.quantize(_step(_PLACES), context=_ROOM)
    upper, lower = divmod(_unscaled(value), _TWO_WORDS)
    nearly = (float(lower) + float(upper) * _TWO_WORDS) / 10.0 ** _places(value)
    return -nearly if value.is_signed() else nearly


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _unscaled(value: Decimal) -> int:
    return int("".join(map(str, value.as_tuple().digits)))


def truncate(value: Decimal, step: Decimal) -> Decimal:
    """Toward zero to a multiple of `step`: `value - value % step` as .NET's remainder."""
    return value - value % step


def text(value: Decimal) -> str:
    """.NET's invariant `decimal.ToString()`: no exponent, trailing zeros kept."""
    return f"{whole_exponent(value):f}"
