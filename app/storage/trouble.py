"""What is the matter with the database, in a line for whoever runs the platform."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

OTHER_TABLES = "The database has no tables yet (or is of an older or newer version): run `flask prepare`."
# PostgreSQL's undefined_table and undefined_column, and SQLite's words for them.
_UNDEFINED = ("42P01", "42703")
_NOT_THERE = ("no such table", "no such column", "has no column named")


def trouble_of(error: Exception) -> str:
    """One line, without a password, for an error that is the database's state and not our mistake; else ""."""
    if not isinstance(error, DBAPIError):
        return ""
    import psycopg  # Not before there is trouble: it is a tenth of what a command loads.

    cause = error.orig
    reason = str(cause).partition("\n")[0]
    if isinstance(cause, sqlite3.OperationalError) and any(words in reason for words in _NOT_THERE):
        return OTHER_TABLES
    if isinstance(cause, psycopg.Error) and cause.sqlstate in _UNDEFINED:
        return OTHER_TABLES
    if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:  # The server was never heard.
        return f"The database at {_place()} cannot be reached: {reason}"
    if type(cause) in (sqlite3.DatabaseError, sqlite3.OperationalError) or isinstance(cause, psycopg.OperationalError):
        return f"The database at {_place()} cannot be used: {reason}"
    return ""


def _place() -> str:
    """The server or the file, without what may be secret in the address."""
    from app.extensions import db

    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    # Without a host, libpq looks for a socket of this machine.
    host = url.host or str(url.query.get("host", "localhost"))
    return f"{host}:{url.port}" if url.port else host
