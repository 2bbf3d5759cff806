"""The gradebook's tables as they are now; `migrations/` says how older files become this."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

#: The newest migration. A gradebook of another revision is not written to.
REVISION = "0002"

metadata = MetaData()

#: One row each time a notebook was run (or could not be read). `work_digest`: of all the attempts that were looked at;
#: `run_digest`: of all else that a run rests on. Both are empty where nobody noted them: then it is run again.
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("assignment", String(200), nullable=False),
    Column("student", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recording", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("work_digest", String(64), nullable=False),
    Column("run_digest", String(64), nullable=False),
    Column("engine", String(60), nullable=False),
    Column("rung", String(20), nullable=False),
    Column("recorded_at", String(40), nullable=False),
    Index("runs_by_student", "assignment", "student", "id"),
)

#: One row each time a submission's marks came out: from which run, by which checks, on whose order. The newest counts.
#: `content_digest` is the result file's, `stamp` says how that file and the pages lay there, `outline` is the result
#: without what only they need.
results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("assignment", String(200), nullable=False),
    Column("student", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("points", Float),
    Column("max_points", Float, nullable=False),
    Column("pending_points", Float, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("assignment_digest", String(64), nullable=False),
    Column("check_digest", String(64), nullable=False),
    Column("content_digest", String(64), nullable=False),
    Column("engine", String(60), nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", String(40), nullable=False),
    Column("mark_count", Integer, nullable=False, server_default="0"),
    Column("outline", Text, nullable=False, server_default=""),
    Column("stamp", Text, nullable=False, server_default=""),
    Index("results_by_student", "assignment", "student", "id"),
    Index("results_by_run", "run_id"),
)

#: One row a check of a result.
outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("result_id", ForeignKey("results.id"), nullable=False),
    Column("question", String(200), nullable=False),
    Column("check", String(200), nullable=False),
    Column("status", String(20), nullable=False),
    Column("points", Float, nullable=False),
    Column("max_points", Float, nullable=False),
    Column("misconception", String(200)),
    Column("look", Boolean, nullable=False),
    Index("outcomes_by_result", "result_id"),
)

#: One row each time a person marked a written answer, or took back a mark (`undoes`; `points` is null then).
#: `answer_digest` is the answer's that was read; `automatic_points` what the checks gave the question then.
marks = Table(
    "marks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("result_id", ForeignKey("results.id")),
    Column("assignment", String(200), nullable=False),
    Column("student", Text, nullable=False),
    Column("question", String(200), nullable=False),
    Column("points", Float),
    Column("comment", Text, nullable=False),
    Column("answer_digest", String(64), nullable=False),
    Column("undoes", ForeignKey("marks.id")),
    Column("given_by", Text, nullable=False),
    Column("given_at", String(40), nullable=False),
    Column("automatic_points", Float),
    Index("marks_by_student", "assignment", "student", "id"),
)

#: The bank: comments that people wrote, to be used again.
comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("assignment", String(200), nullable=False),
    Column("question", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", String(40), nullable=False),
    Index("comments_by_question", "assignment", "question"),
)
