"""Tables of the feature store, the same in PostgreSQL and in the embedded database.

`units` says what is done: a unit is one series over one window (of targets, over one horizon) in one table.
Its rows and its mark are written in one transaction, so that a table never holds half a unit.

Tables of features have no B-tree: an entry a row would cost a third of the time of loading. The rows of a
unit are written together and lie together, so ranges of blocks (BRIN in PostgreSQL, row groups in DuckDB)
find them. That no row is there twice follows from two things: times of a unit increase, and a unit is written
by whoever holds its mark, in place of all its rows.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)

from utils.features.regression_track import RegressionTrack
from utils.features.statistics_track import StatisticsTrack, TechnicalTrack
from utils.features.target_track import TargetTrack
from utils.features.track import Track

TRACKS: Final[tuple[Track, ...]] = (TechnicalTrack(), StatisticsTrack(), RegressionTrack(), TargetTrack())
"""All tracks, each with a table of its own, in the order they are computed."""

METADATA: Final = MetaData()

SERIES: Final = Table(
    "series",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False, unique=True),
)

UNITS: Final = Table(
    "units",
    METADATA,
    Column("table_name", String, nullable=False),
    Column("series", ForeignKey("series.id"), nullable=False),
    Column("window", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("completed_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("table_name", "series", "window"),
)

KEY: Final = ("series", "window", "time")
"""Columns that a row of features is found by; the time is the end of its bar."""


def _feature_table(track: Track) -> Table:
    return Table(
        track.name,
        METADATA,
        Column("series", Integer, nullable=False),
        Column("window", Integer, nullable=False),
        Column("time", DateTime(timezone=True), nullable=False),
        *(Column(name, Double) for name in track.columns),
        Index(
            f"{track.name}_key",
            *KEY,
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 32, "autosummarize": "on"},
        ),
    )


FEATURE_TABLES: Final = {track.name: _feature_table(track) for track in TRACKS}
"""Tables of features by name."""

TRAINING_VIEW: Final = """
CREATE VIEW training AS
SELECT track1.*, {track2}, targets."window" AS horizon, targets.log_return, targets.span_seconds
FROM track1
JOIN track2 ON track2.series = track1.series AND track2."window" = track1."window"
    AND track2.time = track1.time
JOIN targets ON targets.series = track1.series AND targets.time = track1.time
""".format(track2=", ".join(f'track2."{name}"' for name in RegressionTrack.columns))
"""Features known at a time beside the returns that follow it: a row a series, window, horizon and time."""
