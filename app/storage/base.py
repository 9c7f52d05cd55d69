"""What all tables share: named constraints, times in UTC, and one way to begin a writing transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import CursorResult, DateTime, Engine, Executable, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from .prepared import Lane, lane

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# How long a transaction on SQLite waits for another writer's: who sees a page is told after that. A command or a job
# waits until even a long roll-up beside it lets it in.
_WAIT = {"milliseconds": 10_000}
_PATIENT_MILLISECONDS = 120_000
# How a transaction begins on SQLite. Each says how it is synced, for the connection may have been a draft's before.
_BEGIN_WRITING = ("PRAGMA synchronous = FULL", "BEGIN IMMEDIATE")
_BEGIN_DRAFT = ("PRAGMA synchronous = NORMAL", "BEGIN IMMEDIATE")


class Base(DeclarativeBase):
    """Every table. Constraints are named, so that a migration can speak of them on every engine."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """A point in time: aware in Python, UTC in storage (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@contextmanager
def writing() -> Iterator[Session]:
    """One writing transaction: committed at the end, rolled back whole on any error.

    SQLite takes its writer's lock at the beginning: a transaction that reads first and writes later fails
    under concurrent writers instead of waiting for them.
    """
    from app.extensions import db

    session = db.session()
    session.rollback()
    session.connection(execution_options={"begin": _BEGIN_WRITING})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def reading() -> Session:
    """The session of this request or job, for reading."""
    from app.extensions import db

    return db.session()


def looking() -> AbstractContextManager[Lane]:
    """Short reads by key, without the session's bookkeeping: each statement sees one state by itself."""
    from app.extensions import db

    return lane(db.engine)


def touching(is_draft: bool = False) -> AbstractContextManager[Lane]:
    """A short writing transaction on a few rows by key, as `writing` but without the session's bookkeeping.

    A draft is what nobody was told is safe: on SQLite it survives the death of any process, but not always a power
    cut, for it waits for no disk. The next transaction that is no draft takes it along to the disk.
    """
    from app.extensions import db

    if db.engine.dialect.name != "sqlite":
        return lane(db.engine)
    return lane(db.engine, _BEGIN_DRAFT if is_draft else _BEGIN_WRITING)


def rows_changed(session: Session, statement: Executable, values: dict[str, Any] | None = None) -> int:
    """Executes an INSERT, UPDATE or DELETE; how many rows it really touched."""
    # Without the option, drivers report -1 for an INSERT, which looks like a row.
    options = {"preserve_rowcount": True} if statement.is_insert else {}
    result = session.execute(statement, values or {}, execution_options=options)
    return cast("CursorResult[Any]", result).rowcount


def insert(table: Any) -> Any:
    """An INSERT of the session's engine, for it has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    dialect = reading().get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def be_patient() -> None:
    """Lets this process wait long for other writers; called before its first connection."""
    _WAIT["milliseconds"] = _PATIENT_MILLISECONDS


def tune(engine: Engine) -> None:
    """SQLite as a durable store for several processes: a write-ahead log, synced at every commit but drafts'."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # The driver must not begin transactions by itself.
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {_WAIT['milliseconds']}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            cursor.execute("PRAGMA " + pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        for statement in connection.get_execution_options().get("begin", ("BEGIN",)):
            connection.connection.execute(statement)
