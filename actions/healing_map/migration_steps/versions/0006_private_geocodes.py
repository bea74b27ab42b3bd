"""Forgets the texts that were looked up: only fingerprints and encrypted places are kept now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table anew; what was found before is asked again when somebody needs it."""
    op.drop_table("geocodes")
    op.create_table(
        "geocodes",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("private", sa.Text, nullable=False),
        sa.Column("found_at", sa.DateTime, nullable=False),
    )
