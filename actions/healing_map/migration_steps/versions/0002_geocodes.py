"""What the network geocoder found before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "geocodes",
        sa.Column("query", sa.String(120), primary_key=True),
        sa.Column("name", sa.String(200)),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("found_at", sa.DateTime, nullable=False),
    )
