"""The bank of comments; what the checks had given when a person marked; results in outline, and the marks in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a table and four columns. Older marks have no automatic points, older results no outline: nobody noted them."""
    op.add_column("marks", sa.Column("automatic_points", sa.Float))
    op.add_column("results", sa.Column("mark_count", sa.Integer, nullable=False, server_default="0"))
    op.add_column("results", sa.Column("outline", sa.Text, nullable=False, server_default=""))
    op.add_column("results", sa.Column("stamp", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("assignment", sa.String(200), nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("given_at", sa.String(40), nullable=False),
    )
    op.create_index("comments_by_question", "comments", ["assignment", "question"])
