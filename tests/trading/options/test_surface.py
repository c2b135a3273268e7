from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from trading.bars import Float64Array
from trading.options import VolatilitySurface, fit_surface

X = np.linspace(-0.3, 0.3, 7)
YEARS = np.array([0.1, 0.5, 1.0])


def smile(x: Float64Array, t: float) -> Float64Array:
    return np.asarray(0.2 + 0.02 * t - 0.15 * x + 0.3 * x * x)


@pytest.fixture
def surface() -> VolatilitySurface:
    t, x = np.meshgrid(YEARS, X, indexing="ij")
    return fit_surface(t, x, np.array([smile(X, years) for years in YEARS]))


def test_it_goes_through_its_points(surface: VolatilitySurface) -> None:
    for years in YEARS:
        np.testing.assert_allclose(surface.volatility(X, years), smile(X, years), rtol=1e-14)


def test_between_strikes_it_is_scipys_monotone_cubic_in_total_variance(surface: VolatilitySurface) -> None:
    x = np.linspace(-0.3, 0.3, 101)
    curve = PchipInterpolator(X, smile(X, 0.5) ** 2 * 0.5)
    np.testing.assert_allclose(surface.volatility(x, 0.5), np.sqrt(curve(x) / 0.5), rtol=1e-12)


@settings(deadline=None)
@given(st.floats(-0.3, 0.3), st.floats(0.1, 1.0))
def test_total_variance_is_linear_in_time(x: float, years: float) -> None:
    t, places = np.meshgrid(YEARS, X, indexing="ij")
    surface = fit_surface(t, places, np.array([smile(X, expiry) for expiry in YEARS]))
    variance = surface.volatility(x, YEARS) ** 2 * YEARS
    found = float(surface.volatility(x, years)) ** 2 * years
    assert found == pytest.approx(float(np.interp(years, YEARS, variance)), rel=1e-12)


def test_outside_the_nearest_volatility_holds(surface: VolatilitySurface) -> None:
    assert surface.volatility(-5.0, 0.5) == pytest.approx(float(smile(X[:1], 0.5)[0]))
    assert surface.volatility(5.0, 0.5) == pytest.approx(float(smile(X[-1:], 0.5)[0]))
    np.testing.assert_allclose(surface.volatility(X, 0.01), smile(X, 0.1))
    np.testing.assert_allclose(surface.volatility(X, 9.0), smile(X, 1.0))
    assert np.isnan(surface.volatility(0.0, [0.0, -1.0, np.nan])).all()
    assert np.isnan(surface.volatility(np.nan, 0.5))


def test_term_structure_and_skew(surface: VolatilitySurface) -> None:
    np.testing.assert_allclose(surface.term_structure(YEARS), 0.2 + 0.02 * YEARS)
    np.testing.assert_allclose(surface.skew(YEARS, width=0.1), -0.15)


def test_points_without_a_volatility_are_left_out_and_twins_averaged() -> None:
    surface = fit_surface([0.5, 0.5, 0.5, 0.5, 0.0], [0.0, 0.0, 0.1, 0.2, 0.0], [0.1, 0.2, np.nan, 0.3, 0.9])
    assert surface.volatility(0.0, 0.5) == pytest.approx(np.sqrt((0.01 + 0.04) / 2))
    assert len(surface.variance) == 2
    with pytest.raises(ValueError, match="volatility: no point of a surface has one"):
        fit_surface([0.5], [0.0], [np.nan])
