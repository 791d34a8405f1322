"""The databases that factories write to: set by fixtures for the length of a test, never at import."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from pytest_supaseed.rows.declarations import Parent
    from pytest_supaseed.rows.row import Row

MAIN_DATABASE = "supaseed_db"
"""The name of the database that the fixture of that name gives: of factories that name none."""


@dataclass(frozen=True)
class FieldReference:
    """What a factory's field refers to.

    Args:
        columns: the parent's columns that its foreign key refers to; None where it stands in no key.
        is_column: whether the field is itself the key's only column.
        is_unique: whether no two rows may have one parent.
    """

    columns: tuple[str, ...] | None
    is_column: bool
    is_unique: bool


class RowWriter(Protocol):
    """What factories need of a database in use."""

    def create_from(self, factory: type, count: int, values: Mapping[str, object]) -> list[Row]:
        """Make `count` rows by a factory class, with `values` in place of its declarations."""
        ...

    def create_evaluated(self, factory: type, values: Mapping[str, object]) -> Row:
        """Write the row of values that factory_boy has evaluated; what they leave out is derived."""
        ...

    def as_declared(self, factory: type, values: Mapping[str, object]) -> dict[str, object]:
        """Return what a caller passed under the names by which the factory declares the same columns."""
        ...

    def reread(self, factory: type, row: Row) -> Row:
        """Return a row as it is now, after hooks have written."""
        ...

    def row_call(self, factory: type) -> AbstractContextManager[None]:
        """The context in which factory_boy evaluates rows one by one."""
        ...

    def reference(self, factory: type, field: str, parent: Parent) -> FieldReference:
        """What a factory's `Parent` refers to in this database."""
        ...

    def next_sequence(self, factory: type) -> int:
        """The next number of a factory's sequence."""
        ...

    def reset_sequence(self, counter: object, value: int) -> None:
        """Let the sequence of a counter go on from `value`."""
        ...


_databases: ContextVar[Mapping[str, Callable[[], RowWriter]]] = ContextVar(
    "supaseed_databases", default=MappingProxyType({})
)


@contextmanager
def database_named(name: str, database: Callable[[], RowWriter]) -> Iterator[None]:
    """Let factories write to a database, under a name that `Meta.database` may say.

    Args:
        name: the name.
        database: gives the writer, when the first factory asks for it.
    """
    token = _databases.set({**_databases.get(), name: database})
    try:
        yield
    finally:
        _databases.reset(token)


def databases_in_use() -> tuple[RowWriter, ...]:
    """The databases that factories can write to here."""
    return tuple(database() for database in _databases.get().values())


def database_in_use(factory: type) -> RowWriter:
    """Return the database that a factory writes to: that of its `Meta.database`, else the test's own.

    Raises:
        UsageError: there is none of that name, or no test has asked for a database here.
    """
    databases = _databases.get()
    meta: Any = getattr(factory, "_meta", None)
    name = getattr(meta, "database", None)
    if not databases:
        raise _no_database(factory)
    if name is None:
        name = MAIN_DATABASE if MAIN_DATABASE in databases or len(databases) > 1 else next(iter(databases))
    found = databases.get(name)
    if found is None:
        raise UsageError(
            f"{factory.__name__} writes to the database {name!r}, and none of that name is in use here.",
            looked_at=[f"the databases in use: {', '.join(databases)}"],
            remedies=[
                f'ask for the fixture that opens it: supaseed_run.clone(dataset, test=..., name="{name}")',
                "say another one in class Meta: database = ..., or leave it out for that of supaseed_db",
            ],
        )
    return found()


def _no_database(factory: type) -> UsageError:
    thread = threading.current_thread()
    other = thread is not threading.main_thread()
    return UsageError(
        f"{factory.__name__} was asked to create a row, and no test database is in use here.",
        looked_at=[
            "the database that the fixture supaseed_db sets for the length of a test",
            *(
                [f"this is the thread {thread.name}, which does not inherit it from the test's"]
                if other
                else []
            ),
        ],
        remedies=[
            *(
                ["start the thread's function in the test's context: contextvars.copy_context().run"]
                if other
                else []
            ),
            "ask for the fixture in the test: def test_x(supaseed_db): ...",
            f"use {factory.__name__}.build() where no database is needed",
        ],
    )
