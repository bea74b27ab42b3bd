"""What is handled already, and the answers that are still to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "handled_updates",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("handled_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_handled_updates_old", "handled_updates", ["handled_at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("private", sa.Text, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("holder", sa.String(36), nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_outbox_conversation", "outbox", ["conversation", "id"])
