"""Encrypts what is private, and adds owners, revisions and what there is to tell people."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from actions.healing_map.encryption import cipher

revision = "0003"
down_revision = "0002"

_TABLES = ("events", "messages")
_PLACE = ("address", "latitude", "longitude")


def upgrade() -> None:
    """Add the columns and tables, and move what is private into its encrypted column."""
    for table in _TABLES:
        _add_columns(table)
    is_encrypted = [_encrypt_events(), _encrypt_messages()]
    for table in _TABLES:
        _finish(table)
    _make_notices()
    check = op.create_table(
        "encryption_check",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    if any(is_encrypted):
        op.get_bind().execute(check.insert().values(id=1, value=cipher().encrypt(revision)))


def _add_columns(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        for name, kind, default in (
            ("owner", sa.String(64), ""),
            ("revision", sa.Integer, "1"),
            ("review_note", sa.Text, ""),
            ("private", sa.Text, ""),
        ):
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        batch.add_column(sa.Column("submission", sa.String(36)))
        if table == "events":
            batch.drop_constraint("has_place", type_="check")


def _encrypt_events() -> bool:
    events = sa.table(
        "events", *map(sa.column, ("id", "private", "contact", "address_visibility", *_PLACE))
    )
    is_hidden = events.c.address_visibility == "area_only"
    rows = op.get_bind().execute(sa.select(events).where(is_hidden | (events.c.contact != "")))
    changes = [
        {
            "row": row.id,
            "hidden": _encrypted(row, ("contact", *(_PLACE if hides_place else ()))),
            "shown_address": "" if hides_place else row.address,
            "shown_latitude": None if hides_place else row.latitude,
            "shown_longitude": None if hides_place else row.longitude,
        }
        for row in rows.all()
        for hides_place in [row.address_visibility == "area_only"]
    ]
    _update(events, changes, address=sa.bindparam("shown_address"))
    return bool(changes)


def _encrypt_messages() -> bool:
    messages = sa.table("messages", *map(sa.column, ("id", "private", "latitude", "longitude")))
    rows = op.get_bind().execute(sa.select(messages).where(messages.c.latitude.is_not(None)))
    changes = [
        {
            "row": row.id,
            "hidden": _encrypted(row, ("latitude", "longitude")),
            "shown_latitude": None,
            "shown_longitude": None,
        }
        for row in rows.all()
    ]
    _update(messages, changes)
    return bool(changes)


def _encrypted(row: Any, names: tuple[str, ...]) -> str:
    values = {name: getattr(row, name) for name in names}
    values = {name: value for name, value in values.items() if value not in ("", None)}
    return cipher().encrypt(json.dumps(values, ensure_ascii=False)) if values else ""


def _update(table: sa.sql.TableClause, changes: list[dict[str, Any]], **more: Any) -> None:
    if changes:
        statement = sa.update(table).where(table.c.id == sa.bindparam("row"))
        values = {
            "private": sa.bindparam("hidden"),
            "latitude": sa.bindparam("shown_latitude", type_=sa.Float),
            "longitude": sa.bindparam("shown_longitude", type_=sa.Float),
        }
        op.get_bind().execute(statement.values(**values, **more), changes)


def _finish(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        for name in ("owner", "revision", "review_note", "private"):
            batch.alter_column(name, server_default=None)
        batch.create_unique_constraint(f"uq_{table}_submission", ["submission"])
        batch.create_index(f"ix_{table}_owner", ["owner", "submitted_at"])
        if table == "events":
            batch.drop_column("contact")
            batch.create_check_constraint(
                "has_place", sa.text("format = 'virtual' OR shown_latitude IS NOT NULL")
            )


def _make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("entry_table", sa.String(10), nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.CheckConstraint("audience IN ('staff', 'submitter')", name="audience_known"),
    )
    op.create_index("ix_notices_due", "notices", ["due_at"])
