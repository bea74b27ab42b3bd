"""What was not understood, to learn from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "unanswered",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("private", sa.Text, nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name="language_known"),
        sa.CheckConstraint("decision IN ('offer', 'out_of_scope')", name="decision_known"),
    )
