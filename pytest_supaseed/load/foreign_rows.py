"""Rows of a database that the ledger does not have: those of others, and what was there before a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.ledger import DIGEST, RowAddress, has_ledger, print_plainly

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from pytest_supaseed.catalog.model import Table

_RECORDED = sql.SQL(
    "exists (select from supaseed.rows r where r.relation = t.tableoid and {same} and {run} and {part})"
)


def count_foreign(connection: psycopg.Connection[Any], table: Table, run: int | None = None) -> int:
    """Return how many rows of a table no run put there.

    Args:
        connection: any.
        table: the table; rows of its partitions are its own.
        run: rows that this run did not put there; any run when not given.
    """
    if not has_ledger(connection):
        query = sql.SQL("select count(*) from {} t").format(_scope(table))
    else:
        print_plainly(connection)
        query = sql.SQL("select count(*) from {} t where not {}").format(
            _scope(table), _recorded(RowAddress(table), run)
        )
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query).fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class EarlierRows:
    """Stands for tables in FROM without the rows that a run put there: as they were when it began with them.

    Args:
        run: the run.
        first_parts: by a table's OID, the first part of the run's plan that is loaded into it; rows that the
            run made there before, by triggers of other tables, count as earlier.
    """

    run: int
    first_parts: Mapping[int, int] = field(default_factory=dict)

    def __call__(self, table: Table) -> sql.Composable:
        """Return the rows, before an alias."""
        recorded = _recorded(RowAddress(table), self.run, self.first_parts.get(table.oid, 0))
        return sql.SQL("(select t.* from {} t where not {})").format(_scope(table), recorded)


def recorded_by(address: RowAddress, run: int | None) -> sql.Composed:
    """Return the condition that a row of the alias `t` was put there by a run; by any run when not given."""
    return _recorded(address, run)


def _recorded(address: RowAddress, run: int | None, part: int = 0) -> sql.Composed:
    same = sql.SQL("r.key = {}").format(address.key) if address.columns else sql.SQL("r.digest = ") + DIGEST
    return _RECORDED.format(
        same=same,
        run=sql.SQL("true") if run is None else sql.SQL("r.run = {}").format(sql.Literal(run)),
        part=sql.SQL("r.part >= {}").format(sql.Literal(part)) if part else sql.SQL("true"),
    )


def _scope(table: Table) -> sql.Composed:
    """A table with the rows of its partitions, and without those of tables that inherit from it."""
    form = "only {}" if table.kind is TableKind.TABLE else "{}"
    return sql.SQL(form).format(RowAddress(table).name)
