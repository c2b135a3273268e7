"""The benchmark's bars: the same bytes everywhere, and like a market."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from trading.bars import Bars
from utils.data.synthetic import reference_bars

COLUMNS = ("time", "open", "high", "low", "close", "volume")
PINNED = "239bf73ed964a97ec790e863171efbf5b5a63f2e66ebb0f0bdfa1b92b0126ccc"


@pytest.fixture(scope="module")
def bars() -> Bars:
    return reference_bars()


def test_the_bytes_are_pinned(bars: Bars) -> None:
    digest = hashlib.sha256()
    for name in COLUMNS:
        digest.update(getattr(bars, name).astype(getattr(bars, name).dtype.newbyteorder("<")).tobytes())
    assert digest.hexdigest() == PINNED


def test_it_is_139678_five_minute_bars_that_never_pause(bars: Bars) -> None:
    assert len(bars) == 139_678
    assert (np.diff(bars.time) == bars.period).all()
    assert bars.period == 300_000_000_000
    assert not bars.fills_next_open.any()


def test_bars_are_possible_and_on_the_cent(bars: Bars) -> None:
    assert (bars.high >= np.maximum(bars.open, bars.close)).all()
    assert (bars.low <= np.minimum(bars.open, bars.close)).all()
    assert (bars.volume > 0).all()
    for column in (bars.open, bars.high, bars.low, bars.close):
        assert (np.rint(column * 100) / 100 == column).all()
        assert column.min() > 20_000
        assert column.max() < 100_000
    assert (bars.open[1:] == bars.close[:-1]).all()


def test_fewer_bars_are_the_first_of_more_and_seeds_differ(bars: Bars) -> None:
    for name in COLUMNS:
        assert (getattr(reference_bars(1_000), name) == getattr(bars, name)[:1_000]).all()
    assert (reference_bars(1_000, seed=1).close != bars.close[:1_000]).mean() > 0.99


def test_returns_have_fat_tails_and_clusters_but_no_memory_of_direction(bars: Bars) -> None:
    returns = pd.Series(np.diff(np.log(bars.close)))
    assert float(np.mean((returns / returns.std()) ** 4)) > 6
    assert (returns**2).autocorr(1) > 0.1
    assert (returns**2).autocorr(50) > 0.02
    assert abs(returns.autocorr(1)) < 0.02
    assert 0.001 < returns.std() < 0.002


def test_volume_follows_the_hour_and_the_move(bars: Bars) -> None:
    by_hour = pd.Series(bars.volume).groupby(bars.time // 3_600_000_000_000 % 24).mean()
    assert by_hour.idxmax() in (14, 15)
    assert by_hour.max() > 2 * by_hour.min()
    move = np.abs(bars.close - bars.open)
    assert np.corrcoef(move, bars.volume)[0, 1] > 0.2
