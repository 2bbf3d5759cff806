"""Opens a gradebook's database, SQLite or PostgreSQL; its faults become sentences, its schema is checked or upgraded."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select
from sqlalchemy import text as sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from coteja.errors import CotejaError, MachineError, UsageError
from coteja.gradebook.schema import REVISION, marks, results, runs

#: How long to wait for others who write. `?timeout=5` after a SQLite URL changes it.
TIMEOUT_S = 30.0
#: The lock that makes two upgrades of one PostgreSQL database follow each other: any number, always the same.
_UPGRADE_LOCK = 7_264_001
_BEGIN_AT_ONCE = "coteja_begin_at_once"


def database_url(named: str) -> URL:
    """A URL as people write it, for SQLAlchemy. A path is a SQLite file.

    >>> database_url("marked/gradebook.db").render_as_string()
    'sqlite:///marked/gradebook.db'
    """
    if "://" not in named:
        return URL.create("sqlite", database=named)
    try:
        url = make_url(named)
    except (ArgumentError, ValueError):
        raise UsageError(
            "The gradebook's URL cannot be read. Expected sqlite:///path or postgresql://user@host/database."
        ) from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UsageError(f"{shown(url)}: expected a SQLite or PostgreSQL database.")
    return url


def shown(url: URL) -> str:
    """The database's name for people: a path, or a URL without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return url.render_as_string(hide_password=True)


class Database:
    """One engine and what is always done with it."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.name = shown(url)
        self._engine: Engine | None = None

    def __reduce__(self) -> tuple[type[Database], tuple[URL]]:
        return Database, (self.url,)  # another process has its own connections

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A short transaction that takes its place in the queue of writers at once."""
        with (
            self._said(),
            self._connected().connect().execution_options(**{_BEGIN_AT_ONCE: True}) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of everything."""
        with self._said(), self._connected().connect() as connection, connection.begin():
            yield connection

    def revision(self) -> str | None:
        """The schema's revision; None where there are no tables yet."""
        if self.url.get_backend_name() == "sqlite" and not Path(self.url.database or "").is_file():
            return None
        with self.reading() as connection:
            return _revision(connection)

    def contents(self) -> dict[str, dict[str, int]]:
        """How much is there, by assignment."""
        counted = {
            "students": select(results.c.assignment, func.count(results.c.student.distinct())),
            "runs": select(runs.c.assignment, func.count()),
            "results": select(results.c.assignment, func.count()),
            "marks by people": select(marks.c.assignment, func.count()).where(marks.c.undoes.is_(None)),
        }
        out: dict[str, dict[str, int]] = {}
        with self.reading() as connection:
            for what, query in counted.items():
                for assignment, count in connection.execute(query.group_by(query.selected_columns[0])):
                    out.setdefault(assignment, dict.fromkeys(counted, 0))[what] = count
        return dict(sorted(out.items()))

    def require_current(self) -> None:
        """Make the tables where there are none; refuse those of another revision.

        Raises
        ------
        CotejaError
            It is older (`coteja db upgrade` mends that) or newer than this program.
        """
        found = self.revision()
        if found is None:
            self.upgrade()
        elif found < REVISION:
            raise CotejaError(
                f"{self.name}: this gradebook has schema {found}; this version of coteja needs {REVISION}. "
                "Make a copy of it, then run `coteja db upgrade`."
            )
        elif found > REVISION:
            raise _newer(self.name, found)

    def require_writable(self) -> None:
        """Whoever may not write learns it now, not after an hour's work. Raises MachineError."""
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sql("LOCK TABLE results IN ROW EXCLUSIVE MODE"))

    def upgrade(self, to: str = "head") -> str | None:
        """Bring the schema up to date, all of it or nothing. Returns the revision that it had, None where it is new."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option(
            "script_location", str(Path(__file__).parent / "migrations").replace("%", "%%")
        )
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sql("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
            found = _revision(connection)
            if found is not None and found > REVISION:
                raise _newer(self.name, found)
            config.attributes["connection"] = connection
            command.upgrade(config, to)
        return found

    def close(self) -> None:
        """Give back all connections."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _connected(self) -> Engine:
        if self._engine is None:
            sqlite = self.url.get_backend_name() == "sqlite"
            if sqlite and self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            waits = sqlite and "timeout" not in self.url.query
            try:
                self._engine = create_engine(self.url, connect_args={"timeout": TIMEOUT_S} if waits else {})
            except (ModuleNotFoundError, NoSuchModuleError) as fault:
                raise MachineError(
                    f"{self.name}: this database needs a driver that is not installed here ({fault}). "
                    'Install it: pip install "coteja[postgresql]".'
                ) from None
            if sqlite:
                event.listen(self._engine, "connect", _prepare_sqlite)
                event.listen(self._engine, "begin", _begin_sqlite)
        return self._engine

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as fault:
            raise self._sentence(fault.orig if fault.orig is not None else fault) from fault
        except sqlite3.Error as fault:
            raise self._sentence(fault) from fault

    def _sentence(self, fault: BaseException) -> CotejaError:
        said = " ".join(str(fault).split()).rstrip(".")
        for sign, sentence in _FAULTS.items():
            if sign in said.casefold():
                return MachineError(f"{self.name}: {sentence} ({said}).")
        return MachineError(f"{self.name}: the gradebook cannot be used: {said}.")


_FAULTS = {
    "database is locked": "another program has been writing to the gradebook for too long. Nothing of what is "
    "written already is lost; wait for it to end, then run the same command again",
    "readonly": "the gradebook may not be written to. Mend the permissions of the file and its folder, or "
    "name another with --gradebook",
    "read-only": "the gradebook may not be written to. Name another with --gradebook",
    "permission denied": "this user may not write to the gradebook. Grant it, or name another with --gradebook",
    "connection refused": "the gradebook's server does not answer. Start it, or mend the URL",
    "unable to open database file": "the gradebook cannot be opened or made here. Mend the permissions of the "
    "folder, or name another place with --gradebook",
    "is full": "the disk is full. Make room, then run the same command again",
    "disk i/o error": "the disk does not take any more, or fails. Make room, then run the same command again",
    "not a database": "this file is no gradebook, or it is damaged. Put your copy of it back, or name another "
    "with --gradebook",
    "malformed": "the gradebook is damaged. Put your copy of it back",
    "no such table": "this is a database, but no gradebook. Name another with --gradebook",
}


def _newer(name: str, found: str) -> CotejaError:
    return CotejaError(
        f"{name}: this gradebook has schema {found}, which a newer coteja made; this one knows {REVISION}. "
        "Upgrade coteja; nothing was changed."
    )


def _revision(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables and connection.dialect.name == "sqlite":
            raise CotejaError(
                f"{connection.engine.url.database}: this is a database of something else. "
                "Name another file with --gradebook."
            )
        return None
    found: str | None = connection.execute(sql("SELECT version_num FROM alembic_version")).scalar()
    return found


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = (
        None  # transactions begin where `_begin_sqlite` says, not where sqlite3 guesses
    )
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA foreign_keys = ON")
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous = FULL")  # a mark that a person gave must outlive a power cut
    finally:
        cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Let readers and a writer go on side by side. Two who make one file at once do not wait for one another by themselves."""
    for delay_s in (0.01, 0.05, 0.2, 0.5, 1.0, 2.0, 0.0):
        try:
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault) or not delay_s:
                raise
            time.sleep(delay_s)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    at_once = connection.get_execution_options().get(_BEGIN_AT_ONCE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if at_once else "BEGIN")
