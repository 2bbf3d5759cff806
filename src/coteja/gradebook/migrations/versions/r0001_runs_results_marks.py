"""Runs, results, their outcomes, and marks by people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("assignment", sa.String(200), nullable=False),
        sa.Column("student", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("recording", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("work_digest", sa.String(64), nullable=False),
        sa.Column("run_digest", sa.String(64), nullable=False),
        sa.Column("engine", sa.String(60), nullable=False),
        sa.Column("rung", sa.String(20), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
    )
    op.create_index("runs_by_student", "runs", ["assignment", "student", "id"])
    op.create_table(
        "results",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("assignment", sa.String(200), nullable=False),
        sa.Column("student", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("points", sa.Float),
        sa.Column("max_points", sa.Float, nullable=False),
        sa.Column("pending_points", sa.Float, nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.Column("assignment_digest", sa.String(64), nullable=False),
        sa.Column("check_digest", sa.String(64), nullable=False),
        sa.Column("content_digest", sa.String(64), nullable=False),
        sa.Column("engine", sa.String(60), nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("given_at", sa.String(40), nullable=False),
    )
    op.create_index("results_by_student", "results", ["assignment", "student", "id"])
    op.create_index("results_by_run", "results", ["run_id"])
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("result_id", sa.Integer, sa.ForeignKey("results.id"), nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("check", sa.String(200), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("points", sa.Float, nullable=False),
        sa.Column("max_points", sa.Float, nullable=False),
        sa.Column("misconception", sa.String(200)),
        sa.Column("look", sa.Boolean, nullable=False),
    )
    op.create_index("outcomes_by_result", "outcomes", ["result_id"])
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("result_id", sa.Integer, sa.ForeignKey("results.id")),
        sa.Column("assignment", sa.String(200), nullable=False),
        sa.Column("student", sa.Text, nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("points", sa.Float),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("answer_digest", sa.String(64), nullable=False),
        sa.Column("undoes", sa.Integer, sa.ForeignKey("marks.id")),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("given_at", sa.String(40), nullable=False),
    )
    op.create_index("marks_by_student", "marks", ["assignment", "student", "id"])
