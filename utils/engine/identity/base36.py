"""Whole numbers in base 36, as security identifiers are written."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def encode_base36(number: int) -> str:
    """A number from 0 in capital letters and digits; `0` for zero."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def decode_base36(text: str) -> int:
    """The number a text stands for.

    Raises:
        ValueError: the text has other characters than capital letters and digits.
    """
    if not text or any(character not in _DIGITS for character in text):
        raise ValueError(f"{text!r} is not a number in base 36")
    return int(text, 36)
