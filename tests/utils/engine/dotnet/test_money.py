"""Decimals as .NET has them, and floats over them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.engine.dotnet.money import (
    DecimalFloat,
    double_of,
    exact,
    normalize,
    product,
    round_half_even,
    text,
)
from utils.engine.dotnet.surface import engines_own, exact_answer
from utils.engine.models.slippage.constant_slippage_model import ConstantSlippageModel

DIGITS = Decimal("0.3030303030303030303030303030")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=8))
def test_a_float_that_knows_its_decimal(value: Decimal) -> None:
    number = DecimalFloat(value)
    assert number == float(value) and exact(number) == value
    assert type(number * 0.5) is float
    assert exact(number + 0.0) == exact(float(value))


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0.1 + 0.2, "0.3"), (1 / 3, "0.333333333333333"), (1e-7, "0.0000001"), (2.0, "2")],
)
def test_fifteen_digits_of_a_float_are_kept(number: float, expected: str) -> None:
    assert exact(number) == Decimal(expected)


DECIMALS = st.builds(
    lambda digits, scale: Decimal(digits).scaleb(-scale),
    st.integers(-(10**28) + 1, 10**28 - 1) | st.integers(-(10**6), 10**6),
    st.integers(0, 28),
)


@given(DECIMALS, st.integers(0, 12))
def test_rounding_never_adds_digits(value: Decimal, places: int) -> None:
    rounded, scale = round_half_even(value, places), places_of(value)
    assert places_of(rounded) == min(scale, places)
    assert abs(rounded - value) <= Decimal(5).scaleb(-places - 1)


@given(DECIMALS)
def test_normal_form_has_no_trailing_zeros(value: Decimal) -> None:
    normal = normalize(value)
    assert normal == value and places_of(normal) >= 0
    assert normal == int(normal) or text(normal)[-1] != "0"


@pytest.mark.parametrize(
    ("given_", "shown"), [("1500", "1500"), ("1E+2", "100"), ("0.0", "0"), ("1.50", "1.5")]
)
def test_normal_forms(given_: str, shown: str) -> None:
    assert str(normalize(Decimal(given_))) == shown


def places_of(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


class Thirds(ConstantSlippageModel):
    """A model of the engine's kind that answers with many digits; a user's."""

    def get_slippage_approximation(self, asset: Any, order: Any) -> float:  # noqa: ARG002 - LEAN's
        return DecimalFloat(DIGITS)


def test_answers_of_users_go_through_a_float() -> None:
    model = Thirds(0)
    assert exact_answer(model.get_slippage_approximation, None, None) == Decimal("0.303030303030303")

    def engine(_asset: Any, _order: Any) -> float:
        return DecimalFloat(DIGITS)

    engine.__module__ = "utils.engine.models.slippage"
    assert exact_answer(engine, None, None) == DIGITS


def test_the_engines_method_under_a_users() -> None:
    method: Any = engines_own(Thirds(0), "get_slippage_approximation")
    assert method.__func__ is ConstantSlippageModel.get_slippage_approximation


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("0", "0.5", "0.0"),
        ("0", "0.9230769230769230769230769231", "0"),
        ("0.00", "4294967295", "0.00"),
        ("0.00", "4294967296", "0"),
        ("1.50", "2.0", "3.000"),
    ],
)
def test_products_have_the_places_of_dotnets(one: str, other: str, shown: str) -> None:
    assert text(product(Decimal(one), Decimal(other))) == shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", 0.0),
        ("1E+2", 100.0),
        ("-12.5", -12.5),
        ("0.0000000000000000000000000000001", 0.0),  # beyond the 28 places there are
        ("0.1000000000000000055511151231", 0.1),
        ("0.0054794520547945205479452055", 0.0054794520547945215),  # the nearest is ...521
    ],
)
def test_casts_to_double(value: str, expected: float) -> None:
    assert double_of(Decimal(value)) == expected


@given(DECIMALS)
def test_a_cast_to_double_is_near(value: Decimal) -> None:
    assert double_of(value) == pytest.approx(float(value), rel=4e-16)
