"""Plans over small catalogs, bound to their sources: rows without a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from small_catalog import Names, catalog

from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.rows.sources import PlanSources

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table


def bind(
    *tables: Table, users: int = 20, stored: dict[str, list[tuple[object, ...]]] | None = None
) -> PlanSources:
    """Sources of a plan over these tables, with rows that are there already."""
    found = catalog(*tables)
    names = Names(found)
    existing = {
        table.oid: len(rows) for table in tables for rows in [(stored or {}).get(table.name, [])] if rows
    }
    request = SeedRequest(users=users, rows={table.name: users for table in tables if table.oid in existing})
    plan = make_plan(found, "postgres", names, request, existing=existing)
    return PlanSources(plan, found, names, _Reader(stored or {}))


@dataclass(frozen=True)
class _Reader:
    """Reads rows that are given by hand, in their order."""

    stored: dict[str, list[tuple[object, ...]]]

    def __call__(
        self, table: Table, columns: tuple[str, ...], *, end: Literal["first", "last"] | None = None
    ) -> list[tuple[object, ...]]:
        """The rows; of an end only that one."""
        del columns
        rows = self.stored[table.name]
        return rows if end is None else rows[-1:] if end == "last" else rows[:1]


def rows_of(sources: PlanSources, name: str) -> list[dict[str, object]]:
    """All rows of a table's first part, by column name."""
    source = sources.source(sources.plan.parts_of(sources.table(name))[0])
    return [dict(zip(source.columns, row, strict=True)) for row in source.all_rows()]
