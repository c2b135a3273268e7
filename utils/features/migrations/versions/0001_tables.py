"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# As they were in this version: later changes of the tracks are later versions of the tables.
_STUDIED = (
    *("mean", "deviation", "skewness", "kurtosis", "minimum", "maximum"),
    *("upper", "lower", "width", "percent"),
)
_TECHNICAL = ("rsi", "macd", "macd_signal", "stochastic_k", "stochastic_d", "adx", "cci")
_LINEAR = ("slope", "fit", "r2", "residual")
_QUADRATIC = ("curvature", "slope", "fit", "r2", "residual")
_REGRESSION = (*(f"linear_{name}" for name in _LINEAR), *(f"quadratic_{name}" for name in _QUADRATIC))
_TABLES = {
    "technical": _TECHNICAL,
    "track1": (
        *(f"rate_{name}" for name in _STUDIED),
        "bqx",
        *(f"bqx_{name}" for name in (*_STUDIED, *_TECHNICAL)),
    ),
    "targets": ("log_return", "span_seconds"),
    "track2": (*(f"rate_{name}" for name in _REGRESSION), *(f"bqx_{name}" for name in _REGRESSION)),
}


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "series",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "units",
        sa.Column("table_name", sa.String, nullable=False),
        sa.Column("series", sa.Integer, sa.ForeignKey("series.id"), nullable=False),
        sa.Column("window", sa.Integer, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "series", "window"),
    )
    for name, columns in _TABLES.items():
        op.create_table(
            name,
            *_key(),
            *(sa.Column(column, sa.Double) for column in columns),
            sa.PrimaryKeyConstraint("series", "window", "time"),
        )
    op.execute(
        "CREATE VIEW training AS SELECT track1.*, "
        + ", ".join(f'track2."{name}"' for name in _TABLES["track2"])
        + ', targets."window" AS horizon, targets.log_return, targets.span_seconds FROM track1 '
        'JOIN track2 ON track2.series = track1.series AND track2."window" = track1."window" '
        "AND track2.time = track1.time "
        "JOIN targets ON targets.series = track1.series AND targets.time = track1.time"
    )


def downgrade() -> None:
    """Drop the tables."""
    op.execute("DROP VIEW training")
    for name in (*_TABLES, "units", "series"):
        op.drop_table(name)


def _key() -> list[sa.Column[object]]:
    return [
        sa.Column("series", sa.Integer, nullable=False),
        sa.Column("window", sa.Integer, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
    ]
