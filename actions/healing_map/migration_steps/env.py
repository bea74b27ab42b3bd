"""Alembic runs this for each of its commands; the connection comes from `migrate`."""

from __future__ import annotations

from alembic import context

from actions.healing_map.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
