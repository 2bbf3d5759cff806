"""The gradebook's store: results with their outcomes, and marks by people. Rows are appended, none is ever changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from coteja.errors import UsageError
from coteja.gradebook.database import Database, database_url
from coteja.gradebook.rows import Comment, Given, Mark, NewMark, Stored, StoredOutcome, answer_digest_of
from coteja.gradebook.schema import comments, marks, outcomes, results, runs
from coteja.model.result import SubmissionResult


class Gradebook:
    """The store over one database. Each method is one transaction; it may be used from several threads."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def open(cls, named: str) -> Gradebook:
        """Open a gradebook by path or URL, ready to be written to; make it where there is none.

        Raises
        ------
        CotejaError
            It is of another schema, cannot be written to, or is no gradebook.
        """
        database = Database(database_url(named))
        database.require_current()
        database.require_writable()
        return cls(database)

    def __reduce__(self) -> tuple[type[Gradebook], tuple[Database]]:
        return Gradebook, (self.database,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Gradebook) and self.database.url == other.database.url

    def __hash__(self) -> int:
        return hash(self.database.url)

    def close(self) -> None:
        """Give back all connections."""
        self.database.close()

    def append(self, result: SubmissionResult, given: Given) -> int:
        """Append a result with its outcomes, and its run where that is new. All of it or nothing; returns its id."""
        with self.database.writing() as connection:
            number = _inserted(
                connection,
                results,
                run_id=_run_of(connection, result, given),
                assignment=result.assignment,
                student=result.student,
                name=given.name,
                status=result.status,
                points=result.points,
                max_points=result.max_points,
                pending_points=result.pending_points,
                settled=given.settled,
                assignment_digest=given.assignment_digest,
                check_digest=given.check_digest,
                content_digest=given.content_digest,
                engine=given.engine,
                given_by=given.given_by,
                given_at=result.marked_at,
                mark_count=given.mark_count,
                outline=given.outline,
                stamp=given.stamp,
            )
            rows = [
                {
                    "result_id": number,
                    "question": o.question,
                    "check": o.check,
                    "status": o.status,
                    "points": o.points,
                    "max_points": o.max_points,
                    "misconception": o.misconception.id if o.misconception else None,
                    "look": o.look,
                }
                for question in result.questions
                for o in question.outcomes
            ]
            if rows:
                connection.execute(insert(outcomes), rows)
        return number

    def current(self, assignment: str) -> dict[str, Stored]:
        """The result of each student that counts: the newest. One query, however many there are."""
        newest = (
            select(func.max(results.c.id))
            .where(results.c.assignment == assignment)
            .group_by(results.c.student)
        )
        with self.database.reading() as connection:
            rows = connection.execute(_STORED.where(results.c.id.in_(newest))).all()
            stored = [Stored(*tuple(row)) for row in rows]
        return {result.student: result for result in stored}

    def current_of(self, assignment: str, student: str) -> Stored | None:
        """The result of one student that counts, None where there is none."""
        history = self._history(assignment, student).order_by(results.c.id.desc()).limit(1)
        with self.database.reading() as connection:
            row = connection.execute(history).first()
        return Stored(*row) if row else None

    def history(self, assignment: str, student: str) -> list[Stored]:
        """All results of one student, oldest first."""
        with self.database.reading() as connection:
            rows = connection.execute(self._history(assignment, student).order_by(results.c.id))
            return [Stored(*row) for row in rows]

    def outcomes(self, result_id: int) -> list[StoredOutcome]:
        """What each check gave in one stored result, in the checks' order."""
        c = outcomes.c
        wanted = select(c.question, c.check, c.status, c.points, c.max_points, c.misconception, c.look)
        with self.database.reading() as connection:
            rows = connection.execute(wanted.where(c.result_id == result_id).order_by(c.id))
            return [StoredOutcome(*row) for row in rows]

    def give_mark(self, mark: NewMark) -> Mark:
        """Append a person's mark. It counts until a newer one is given, or it is undone."""
        fields = {name: getattr(mark, name) for name in NewMark.__dataclass_fields__}
        with self.database.writing() as connection:
            return Mark(id=_inserted(connection, marks, **fields), **fields)

    def undo_mark(self, mark_id: int, *, given_by: str, given_at: str) -> Mark:
        """Take back a mark; it is kept as undone, and the one before it counts again. Undoing twice changes nothing.

        Raises
        ------
        UsageError
            There is no such mark.
        """
        with self.database.writing() as connection:
            undone = [m for m in _marks(connection, marks.c.id == mark_id) if m.id == mark_id]
            if not undone:
                raise UsageError(f"{self.database.name}: there is no mark with number {mark_id}.")
            if not undone[0].undone:
                _inserted(
                    connection,
                    marks,
                    assignment=undone[0].assignment,
                    student=undone[0].student,
                    question=undone[0].question,
                    comment="",
                    answer_digest="",
                    undoes=mark_id,
                    given_by=given_by,
                    given_at=given_at,
                )
            return next(m for m in _marks(connection, marks.c.id == mark_id) if m.id == mark_id)

    def marks(self, assignment: str, student: str | None = None) -> list[Mark]:
        """All marks by people, oldest first, those that were taken back among them."""
        wanted = [marks.c.assignment == assignment]
        if student is not None:
            wanted.append(marks.c.student == student)
        with self.database.reading() as connection:
            return _marks(connection, *wanted)

    def standing_marks(self, assignment: str, student: str | None = None) -> dict[tuple[str, str], Mark]:
        """The mark that counts, by student and question: the newest that nobody took back."""
        standing = [mark for mark in self.marks(assignment, student) if not mark.undone]
        return {(mark.student, mark.question): mark for mark in standing}

    def mark_counts(self, assignment: str, student: str | None = None) -> dict[str, int]:
        """By student, how often a person marked or took a mark back: a result that knows it has all marks in it."""
        wanted = select(marks.c.student, func.count()).where(marks.c.assignment == assignment)
        if student is not None:
            wanted = wanted.where(marks.c.student == student)
        with self.database.reading() as connection:
            rows = connection.execute(wanted.group_by(marks.c.student))
            return {row[0]: row[1] for row in rows}

    def keep_comment(
        self, assignment: str, question: str, text: str, *, given_by: str, given_at: str
    ) -> Comment:
        """Put a comment into the bank; the same text for the same question is there once."""
        c = comments.c
        with self.database.writing() as connection:
            known = select(comments).where(c.assignment == assignment, c.question == question, c.text == text)
            if row := connection.execute(known).first():
                return Comment(*row)
            number = _inserted(
                connection,
                comments,
                assignment=assignment,
                question=question,
                text=text,
                given_by=given_by,
                given_at=given_at,
            )
        return Comment(number, assignment, question, text, given_by, given_at)

    def comments(self, assignment: str, question: str | None = None) -> list[Comment]:
        """The bank, oldest first."""
        wanted = select(comments).where(comments.c.assignment == assignment).order_by(comments.c.id)
        if question is not None:
            wanted = wanted.where(comments.c.question == question)
        with self.database.reading() as connection:
            return [Comment(*row) for row in connection.execute(wanted)]

    @staticmethod
    def _history(assignment: str, student: str) -> Select[Any]:
        return _STORED.where(results.c.assignment == assignment, results.c.student == student)


_STORED = select(
    *(results.c[name] for name in list(Stored.__dataclass_fields__)[:18]),
    runs.c.source,
    runs.c.recording,
    runs.c.sha256,
    runs.c.work_digest,
    runs.c.run_digest,
    runs.c.engine.label("ran_by"),
    runs.c.recorded_at,
).join_from(results, runs)


def _inserted(connection: Connection, table: Any, **values: Any) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None  # noqa: S101 (each table has a key of its own)
    return int(key[0])


def _run_of(connection: Connection, result: SubmissionResult, given: Given) -> int:
    """The run that a result rests on: a new one, the one known by its recording, or one of which little is known."""
    if not given.run_digest:
        c = runs.c
        known = select(func.max(c.id)).where(
            c.assignment == result.assignment,
            c.student == result.student,
            c.recording == result.recording,
            c.recorded_at == result.recorded_at,
        )
        if (number := connection.execute(known).scalar()) is not None:
            return int(number)
    return _inserted(
        connection,
        runs,
        assignment=result.assignment,
        student=result.student,
        source=result.source,
        recording=result.recording,
        sha256=result.sha256,
        work_digest=given.work_digest,
        run_digest=given.run_digest,
        engine=given.engine if given.run_digest else "",
        rung=result.isolation.rung,
        recorded_at=result.recorded_at,
    )


def _marks(connection: Connection, *wanted: Any) -> list[Mark]:
    undo = marks.alias("undo")
    fields = [marks.c[name] for name in NewMark.__dataclass_fields__]
    query = (
        select(marks.c.id, *fields, undo.c.given_by.label("undone_by"), undo.c.given_at.label("undone_at"))
        .join_from(marks, undo, undo.c.undoes == marks.c.id, isouter=True)
        .where(marks.c.undoes.is_(None), *wanted)
        .order_by(marks.c.id)
    )
    return [_mark(row) for row in connection.execute(query)]


def _mark(row: Any) -> Mark:
    fields = dict(row._mapping)  # noqa: SLF001 (the public name for a row as a mapping)
    return Mark(**{**fields, "undone_by": fields["undone_by"] or "", "undone_at": fields["undone_at"] or ""})


__all__ = [
    "Comment",
    "Given",
    "Gradebook",
    "Mark",
    "NewMark",
    "Stored",
    "StoredOutcome",
    "answer_digest_of",
]
