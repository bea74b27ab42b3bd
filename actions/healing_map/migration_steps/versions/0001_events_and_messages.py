"""Events and messages of healing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("address_visibility", sa.String(20), nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("host_name", sa.String(100), nullable=False),
        sa.Column("host_type", sa.String(20), nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("join_url", sa.String(500), nullable=False),
        sa.Column("accessibility", sa.String(20), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("submitted_at", sa.DateTime, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("shown_latitude", sa.Float),
        sa.Column("shown_longitude", sa.Float),
        sa.Column("shown_cell", sa.Integer),
        sa.UniqueConstraint("code", name="uq_events_code"),
        _check("kind_known", "kind IN ('dialogue', 'collaboration', 'learning', 'connections')"),
        _check("format_known", "format IN ('in_person', 'virtual', 'hybrid')"),
        _check("address_visibility_known", "address_visibility IN ('public', 'area_only')"),
        _check("host_type_known", "host_type IN ('organization', 'individual')"),
        _check(
            "accessibility_known", "accessibility IN ('accessible', 'not_accessible', 'unknown')"
        ),
        *_language_and_status(),
        _check("code_length", "length(code) BETWEEN 6 AND 6"),
        _check("title_length", "length(title) BETWEEN 1 AND 120"),
        _check("description_length", "length(description) BETWEEN 0 AND 2000"),
        _check("area_length", "length(area) BETWEEN 0 AND 40"),
        _check("host_name_length", "length(host_name) BETWEEN 1 AND 100"),
        _check("join_url_length", "length(join_url) BETWEEN 0 AND 500"),
        _check("ends_after_start", "starts_at < ends_at"),
        _check("has_place", "format = 'virtual' OR latitude IS NOT NULL"),
        *_points(),
    )
    op.create_index(
        "ix_events_near",
        "events",
        [
            *("status", "kind", "shown_cell", "ends_at"),
            *("starts_at", "format", "shown_latitude", "shown_longitude", "id"),
        ],
    )
    op.create_index(
        "ix_events_area", "events", ["status", "kind", "area", "ends_at", "starts_at", "format"]
    )
    op.create_index(
        "ix_events_soon", "events", ["status", "kind", "ends_at", "starts_at", "format"]
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author_name", sa.String(60), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("submitted_at", sa.DateTime, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("shown_latitude", sa.Float),
        sa.Column("shown_longitude", sa.Float),
        sa.Column("shown_cell", sa.Integer),
        sa.UniqueConstraint("code", name="uq_messages_code"),
        *_language_and_status(),
        _check("code_length", "length(code) BETWEEN 6 AND 6"),
        _check("text_length", "length(text) BETWEEN 1 AND 1000"),
        _check("author_name_length", "length(author_name) BETWEEN 0 AND 60"),
        _check("area_length", "length(area) BETWEEN 0 AND 40"),
        *_points(),
    )
    op.create_index(
        "ix_messages_near",
        "messages",
        ["status", "shown_cell", "submitted_at", "shown_latitude", "shown_longitude"],
    )
    op.create_index("ix_messages_area", "messages", ["status", "area", "submitted_at"])
    op.create_index("ix_messages_new", "messages", ["status", "submitted_at"])


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)


def _language_and_status() -> list[sa.CheckConstraint]:
    return [
        _check("language_known", "language IN ('en', 'es')"),
        _check("status_known", "status IN ('pending', 'approved', 'rejected', 'withdrawn')"),
    ]


def _points() -> list[sa.CheckConstraint]:
    return [
        _check("latitude_on_globe", "latitude BETWEEN -90 AND 90"),
        _check("longitude_on_globe", "longitude BETWEEN -180 AND 180"),
        _check("point_whole", "(latitude IS NULL) = (longitude IS NULL)"),
        _check("shown_latitude_on_globe", "shown_latitude BETWEEN -90 AND 90"),
        _check("shown_longitude_on_globe", "shown_longitude BETWEEN -180 AND 180"),
        _check("shown_point_whole", "(shown_latitude IS NULL) = (shown_longitude IS NULL)"),
    ]
