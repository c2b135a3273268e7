"""What alembic runs: migrations on the connection that `PostgresStore` gives it."""

from __future__ import annotations

from alembic import context

from utils.features.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
