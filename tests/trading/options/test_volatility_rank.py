from __future__ import annotations

import numpy as np

from trading.options import iv_percentile, iv_rank

HISTORY = np.array([[0.20, 0.5], [0.30, np.nan], [0.40, 0.5], [0.25, 0.5]])


def test_rank_and_percentile() -> None:
    np.testing.assert_allclose(iv_rank([0.35, 0.5], HISTORY), [0.75, np.nan])
    np.testing.assert_allclose(iv_percentile([0.35, 0.5], HISTORY), [0.75, 0.0])
    np.testing.assert_allclose(iv_rank(0.5, HISTORY[:, 0]), 1.5)


def test_nothing_known_is_nan() -> None:
    empty = np.full((3, 1), np.nan)
    assert np.isnan(iv_rank(0.3, empty)).all()
    assert np.isnan(iv_percentile(0.3, empty)).all()
    assert np.isnan(iv_percentile(np.nan, HISTORY[:, 0]))
