"""What to say of a row that a test wanted and Postgres refused: why, and whose field it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.refusals import refused_columns
from pytest_supaseed.rows.columns import meta_of
from pytest_supaseed.rows.value_text import wire_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import Table


class RowsRefused(Exception):  # noqa: N818  # a signal inside this layer: it becomes a LoadError
    """An INSERT that failed, with what it was to write."""

    def __init__(
        self, error: psycopg.Error, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.columns = columns
        self.rows = rows


def refusal(
    connection: psycopg.Connection,
    table: Table,
    found: RowsRefused,
    *,
    factory: type | None,
    values: Mapping[str, object],
) -> LoadError:
    """Return the error to raise.

    Args:
        connection: where single values are tried, once the failed statement is rolled back.
        table: the table.
        found: what failed.
        factory: the factory that made the rows.
        values: what the caller passed.
    """
    error, diag = found.error, found.error.diag
    wrong = _wrong_value(connection, table, found)
    columns = (wrong[0],) if wrong else refused_columns(table, error)
    looked_at = [
        f"{label}: {text}"
        for label, text in (
            ("constraint", diag.constraint_name),
            ("column", diag.column_name or (wrong[0] if wrong else None)),
            ("value", f"{wrong[1]!r}, for a {wrong[2]}" if wrong else None),
            ("detail", diag.message_detail),
            ("hint", diag.message_hint),
            ("raised in", (diag.context or "").split("\n")[0]),
        )
        if text
    ]
    looked_at += [_whose(name, factory, values) for name in columns if name in table.by_name]
    return LoadError(
        f"Postgres refused a new row of {table.qualified}: {diag.message_primary or error}",
        looked_at=looked_at,
        remedies=["pass values that the constraint or trigger allows"],
    )


def _whose(column: str, factory: type | None, values: Mapping[str, object]) -> str:
    if column in values:
        return f"{column} is what the caller passed"
    if factory is not None and column in meta_of(factory).base_declarations:
        return f"{column} is what {factory.__module__}:{factory.__qualname__} declares"
    return f"{column} is derived from the catalog"


def _wrong_value(
    connection: psycopg.Connection, table: Table, found: RowsRefused
) -> tuple[str, object, str] | None:
    """The first value that its column's type does not take; None where the types are in order."""
    if isinstance(found.error, psycopg.IntegrityError) or found.error.diag.constraint_name:
        return None
    for place, name in enumerate(found.columns):
        kind = table.by_name[name]
        for value in dict.fromkeys(map(_Same, (row[place] for row in found.rows))):
            if not _is_taken(connection, kind.formatted_type, wire_value(kind.type, value.value)):
                return name, value.value, kind.formatted_type
    return None


class _Same:
    """A value that may have no hash, told apart by its text."""

    def __init__(self, value: object) -> None:
        self.value = value
        self._text = repr(value)

    def __hash__(self) -> int:
        return hash(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._text == other._text


def _is_taken(connection: psycopg.Connection, kind: str, value: object) -> bool:
    """Whether Postgres assigns a value to a type; a temporary table assigns as a real one does."""
    made = sql.SQL("create temporary table supaseed_probe (value {}) on commit drop")
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(made.format(sql.SQL(kind)))  # the catalog's own text
            connection.execute("insert into supaseed_probe values (%s)", (value,))
    except psycopg.Error:
        return False
    return True
