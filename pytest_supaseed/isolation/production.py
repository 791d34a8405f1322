"""Whether a database looks like one that somebody works with: it is not seeded, unless that is said."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from psycopg.rows import tuple_row

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.foreign_rows import count_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.plan.seed_plan import SeedPlan

ALLOW_PRODUCTION, BESIDE_EXISTING = "--allow-production", "--beside-existing"
SHOWN = 10
"""Tables with rows of others that are named."""


def refuse_production(connection: psycopg.Connection[Any]) -> None:
    """See that nothing marks a database as one of production.

    Raises:
        LoadError: a table `supaseed_production` is there, or the setting `supaseed.production` is on.
    """
    query = files("pytest_supaseed.isolation").joinpath("queries", "production_marks.sql").read_bytes()
    with connection.cursor(row_factory=tuple_row) as cursor:
        marks = [mark for (mark,) in cursor.execute(query).fetchall()]
    if marks:
        raise LoadError(
            f"Database {connection.info.dbname} is marked as production, by {' and '.join(marks)}.",
            remedies=[
                "name another database",
                f"if it is meant all the same, say {ALLOW_PRODUCTION}",
            ],
        )


def refuse_foreign_rows(connection: psycopg.Connection[Any], plan: SeedPlan, catalog: Catalog) -> None:
    """See that the tables that get rows hold none but ours.

    A plan that was made for the users who are there (`existing` or `hybrid`) knows of them.

    Args:
        connection: to the database.
        plan: what would be loaded.
        catalog: the database's catalog.

    Raises:
        LoadError: there are rows that no run put there.
    """
    if plan.numbers is not None and plan.numbers.beside:
        return
    found = list(_foreign(connection, plan, catalog))
    if not found:
        return
    shown = [f"{table}: {rows:,} rows" for table, rows in found[:SHOWN]]
    if len(found) > SHOWN:
        shown.append(f"and {len(found) - SHOWN:,} more tables")
    raise LoadError(
        f"{len(found):,} of the tables that would get rows hold rows of others: it may be somebody's data.",
        looked_at=shown,
        remedies=[
            f"to put rows beside these, which stay as they are: {BESIDE_EXISTING}",
            "to make rows for the users who are there: --user-strategy existing, or hybrid",
            "to leave such tables alone: --exclude TABLE",
        ],
    )


def _foreign(
    connection: psycopg.Connection[Any], plan: SeedPlan, catalog: Catalog
) -> Iterator[tuple[str, int]]:
    """The planned tables with rows that no run put there, and how many; a few hold any at all."""
    for table in dict.fromkeys(part.table for part in plan.tables if part.rows):
        if plan.existing.get(table.oid):
            rows = count_foreign(connection, catalog.by_oid[table.oid])
            if rows:
                yield table.qualified, rows
