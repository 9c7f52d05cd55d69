"""Statements of every respondent's page: SQLAlchemy makes them once, the driver executes them.

Going through a SQLAlchemy connection costs several times what the database takes for one row by its key, and so does
its pool. The SQL, the conversions of values and the way to connect are SQLAlchemy's all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase

Statement = Select[*tuple[Any, ...]] | UpdateBase
Values = dict[str, Any]
_Convert = Callable[[Any], Any]


class Compiled:
    """A statement as an engine's driver takes it."""

    def __init__(self, statement: Statement, engine: Engine, names: tuple[str, ...]) -> None:
        dialect = engine.dialect
        compiled = statement.compile(dialect=dialect, column_keys=names)
        self.sql = str(compiled)
        self._order = compiled.positiontup if compiled.positional else None
        self._constant = {name: value for name, value in compiled.params.items() if name not in names}
        to_driver = {name: compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names}
        self._to_driver = {name: convert for name, convert in to_driver.items() if convert}
        columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        of_driver = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._of_driver = [(place, convert) for place, convert in enumerate(of_driver) if convert]

    def parameters(self, values: Values) -> Any:
        """The values as the driver takes them."""
        converted = {**self._constant, **values}
        for name, convert in self._to_driver.items():
            converted[name] = convert(converted[name])
        return converted if self._order is None else [converted[name] for name in self._order]

    def row(self, raw: Any) -> list[Any]:
        """A row of the driver as Python values."""
        row = list(raw)
        for place, convert in self._of_driver:
            row[place] = convert(row[place])
        return row


@lru_cache(maxsize=256)
def _compiled(statement: Statement, engine: Engine, names: tuple[str, ...]) -> Compiled:
    return Compiled(statement, engine, names)


class Lane:
    """A driver's connection for a few statements by key."""

    def __init__(self, engine: Engine, driver: Any) -> None:
        self._engine = engine
        self._driver = driver

    @property
    def dialect(self) -> str:
        """The engine's name."""
        return str(self._engine.dialect.name)

    def one(self, statement: Select[*tuple[Any, ...]], values: Values) -> list[Any] | None:
        """The only row, or None."""
        compiled = _compiled(statement, self._engine, tuple(values))
        raw = self._driver.execute(compiled.sql, compiled.parameters(values)).fetchone()
        return None if raw is None else compiled.row(raw)

    def change(self, statement: UpdateBase, values: Values) -> int:
        """Executes an INSERT, UPDATE or DELETE; how many rows it really touched."""
        compiled = _compiled(statement, self._engine, tuple(values))
        return int(self._driver.execute(compiled.sql, compiled.parameters(values)).rowcount)

    def undo(self) -> None:
        """Takes back what this transaction changed; what follows in it is not kept."""
        self._driver.rollback()


@contextmanager
def lane(engine: Engine, begin: tuple[str, ...] = ()) -> Iterator[Lane]:
    """A transaction: committed at the end; on any error its connection is closed, which rolls it back.

    `begin` are the statements that open it where the driver does not. Raises SQLAlchemy's errors, as every other way
    to the database does.
    """
    idle = _idle.get(engine) or _keep(engine)
    driver = idle.take() or _connect(engine)
    try:
        for statement in begin:
            driver.execute(statement)
        yield Lane(engine, driver)
        driver.commit()
    except engine.dialect.loaded_dbapi.Error as error:
        driver.close()
        idle.close()  # What ended this connection may have ended the others.
        raise _as_sqlalchemys(engine, error) from error
    except BaseException:
        driver.close()
        raise
    idle.connections.append(driver)


class Idle:
    """A driver's connections that no lane uses now: at most as many as there are threads."""

    def __init__(self) -> None:
        self.connections: list[Any] = []

    def take(self) -> Any:
        """One of them; None if there is none."""
        try:
            return self.connections.pop()
        except IndexError:
            return None

    def close(self, _engine: Engine | None = None) -> None:
        while driver := self.take():
            driver.close()


_idle: WeakKeyDictionary[Engine, Idle] = WeakKeyDictionary()


def _keep(engine: Engine) -> Idle:
    idle = _idle.setdefault(engine, Idle())
    event.listen(engine, "engine_disposed", idle.close)
    return idle


def _connect(engine: Engine) -> Any:
    """A connection made as the pool makes them, and ours from now on."""
    try:
        pooled = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemys(engine, error) from error
    driver = pooled.driver_connection
    pooled.detach()
    return driver


def _as_sqlalchemys(engine: Engine, error: Exception) -> BaseException:
    return DBAPIError.instance(None, None, error, engine.dialect.loaded_dbapi.Error, dialect=engine.dialect)
