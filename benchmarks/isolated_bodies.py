"""What the tests do whose isolation is measured: read, commit to three tables or many rows, alter a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import psycopg

MANY = 1_000
"""Rows that a test of the third kind commits."""


@dataclass(frozen=True)
class Tables:
    """The tables that a test works on.

    Args:
        read: is read.
        inserted: gets a row, or many; is altered.
        updated: has rows changed.
        deleted: loses a row; nothing refers to it.
    """

    read: str
    inserted: str
    updated: str
    deleted: str

    @classmethod
    def of(cls, names: Sequence[str]) -> Tables:
        """Four of a group of tables; nothing refers to the last one of an even number of them."""
        return cls(names[0], names[len(names) // 4], names[len(names) // 2], names[-1])


def read(connection: psycopg.Connection[Any], tables: Tables) -> None:
    """Count the rows of a table, and read one."""
    name = sql.Identifier(tables.read)
    connection.execute(sql.SQL("select count(*) from {}").format(name)).fetchone()
    connection.execute(sql.SQL("select * from {} where id = 7").format(name)).fetchone()
    connection.commit()


def commit_to_three(connection: psycopg.Connection[Any], tables: Tables) -> None:
    """Insert a row into one table, change one of another, delete one from a third."""
    inserted, updated, deleted = map(sql.Identifier, (tables.inserted, tables.updated, tables.deleted))
    connection.execute(sql.SQL("insert into {} (title, price, note) values ('new', 1, '')").format(inserted))
    connection.execute(sql.SQL("update {} set title = 'changed' where id = 7").format(updated))
    connection.execute(sql.SQL("delete from {} where id = 7").format(deleted))
    connection.commit()


def commit_many(connection: psycopg.Connection[Any], tables: Tables) -> None:
    """Insert a thousand rows into one table."""
    connection.execute(
        sql.SQL(
            "insert into {} (title, price, note)"
            " select 'new ' || n, 1, 'note' from generate_series(1, {}) as n"
        ).format(sql.Identifier(tables.inserted), sql.Literal(MANY))
    )
    connection.commit()


def change_all(connection: psycopg.Connection[Any], tables: Tables) -> None:
    """Change each row of a table."""
    connection.execute(sql.SQL("update {} set price = price + 1").format(sql.Identifier(tables.updated)))
    connection.commit()


def alter(connection: psycopg.Connection[Any], tables: Tables) -> None:
    """Add a column to a table."""
    connection.execute(sql.SQL("alter table {} add column extra int").format(sql.Identifier(tables.inserted)))
    connection.commit()


BODIES: Mapping[str, Callable[[psycopg.Connection[Any], Tables], None]] = {
    "read": read,
    "commit3": commit_to_three,
    "commit1000": commit_many,
    "change_all": change_all,
    "alter": alter,
}
"""By their names in the figures."""
