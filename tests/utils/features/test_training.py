"""The training set: features of the past beside targets of the future; and what selection finds in it."""

from __future__ import annotations

import logging
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.utils.features.test_kernels import rates
from tests.utils.features.test_tracks import bars_of
from trading.bars import Bars, Float64Array
from utils.errors import UserError
from utils.features.embedded_store import EmbeddedStore
from utils.features.leakage import columns_that_see_ahead
from utils.features.pipeline import Pipeline, Series, tasks_of
from utils.features.plan import FeaturePlan
from utils.features.schema import TRACKS
from utils.features.selection import SelectionTerms, judge_features, purged_folds
from utils.features.track import Spans, Track
from utils.features.training import TrainingSet, training_set

PLAN = FeaturePlan(windows=(15, 30), horizons=(10,))
BARS = bars_of(rates(9, 1_500))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tracks of one series."""
    path = tmp_path_factory.mktemp("training") / "features.duckdb"
    store = EmbeddedStore(path)
    store.prepare()
    pipeline = Pipeline(store, PLAN, lambda number: logging.getLogger(f"track{number}"))
    pipeline.run(tasks_of([Series("eurusd", BARS)], TRACKS, PLAN, {}))
    store.close()
    return path


@pytest.mark.parametrize("lag", [0, 3])
def test_features_are_older_than_their_target(path: Path, lag: int) -> None:
    store = EmbeddedStore(path)
    training = training_set(store, "eurusd", PLAN.windows, 10, lag)
    store.close()
    assert (training.target_end > training.time).all()
    known_at = BARS.time + BARS.period
    row = int(np.searchsorted(known_at, training.time[100]))
    close = training.features[100, training.names.index("track1_15_rate_mean")]
    assert close == pytest.approx(BARS.close[row - 14 : row + 1].mean())
    begin = row + lag
    assert training.target[100] == pytest.approx(np.log(BARS.close[begin + 10] / BARS.close[begin]))
    assert training.target_end[100] == known_at[begin + 10]
    assert training.features.shape == (len(training), len(training.names))


def test_a_window_that_was_not_computed_is_named(path: Path) -> None:
    store = EmbeddedStore(path)
    with pytest.raises(UserError, match="eurusd has no track1 of 99 rows"):
        training_set(store, "eurusd", (99,), 10)
    store.close()


def test_the_view_has_features_beside_returns(path: Path) -> None:
    connection = duckdb.connect(str(path), read_only=True)
    query = (
        'SELECT count(*), count(DISTINCT "window"), min(horizon), '
        "bool_and(rate_mean IS NOT NULL OR bqx IS NULL) FROM training"
    )
    found = connection.execute(query).fetchone()
    connection.close()
    assert found is not None
    assert found[0] > 2_000
    assert found[1:3] == (2, 10)


def test_no_track_of_features_sees_ahead() -> None:
    for track in TRACKS:
        expected = ("log_return",) if track.spans is Spans.HORIZONS else ()
        assert columns_that_see_ahead(track, BARS, 20, (300, 800)) == expected, track.name


class Planted(Track):
    """One honest feature, and one that is the next row's close."""

    number, name, columns, kernels = 1, "planted", ("honest", "leak"), 1

    def compute(self, bars: Bars, _window: int, out: Float64Array) -> None:
        out[0] = bars.close
        out[1] = np.append(bars.close[1:], np.nan)


def test_a_planted_leak_is_found() -> None:
    assert columns_that_see_ahead(Planted(), BARS, 1, (500,)) == ("leak",)


def made_up(rows: int) -> TrainingSet:
    """A target that follows one feature, among twelve that are noise."""
    chance = np.random.default_rng(3)
    features = chance.normal(size=(rows, 13))
    time = np.arange(rows, dtype=np.int64) * 60
    target = 0.8 * features[:, 4] + 0.3 * chance.normal(size=rows)
    names = tuple(f"feature{i}" for i in range(13))
    return TrainingSet("eurusd", 5, time, time + 300, names, features, target)


def test_selection_finds_the_feature_that_tells() -> None:
    judged = judge_features(made_up(1_500), SelectionTerms(folds=3, best=3, trees=30))
    assert judged[0].name == "feature4"
    assert judged[0].stability == 1.0
    assert judged[0].permutation > 5 * abs(judged[1].permutation)
    assert sum(one.importance for one in judged) == pytest.approx(1.0)
    again = judge_features(made_up(1_500), SelectionTerms(folds=3, best=3, trees=30))
    assert again == judged


def test_folds_are_purged() -> None:
    training = made_up(1_000)
    for learn, judge in purged_folds(training, 4):
        assert training.target_end[learn].max() <= training.time[judge].min()
        assert len(judge) == 200


def test_too_few_rows_say_how_many_are_needed() -> None:
    with pytest.raises(UserError, match="at least 600 are needed"):
        purged_folds(made_up(300), 5)
