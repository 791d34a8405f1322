"""Rows that a test makes: a few at a time, valid by construction, returned as Postgres holds them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.stored_rows import count_rows, key_reader
from pytest_supaseed.plan.recipes import recipe_for
from pytest_supaseed.plan.seed_plan import AUTO, TablePlan
from pytest_supaseed.rows.auto_factories import Derivation, derive_declarations
from pytest_supaseed.rows.keys import StoredKeys
from pytest_supaseed.rows.row import Row
from pytest_supaseed.rows.sources import (
    PartSource,
    PlanSources,
    factory_for,
    first_numbers,
    key_of,
    merge_producers,
    written_columns,
)
from pytest_supaseed.rows.value_text import wire_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.rows.chunk import KeySource

LIVE_KEYS = 1000
"""Parents that rows made inside a test choose from: the first ones by key."""
PARAMETERS = 60_000
"""Parameters of one INSERT at the most; the protocol allows 65,535 (Int16, "Bind" message)."""
DEEPEST_PARENT = 8
"""How many parents of parents are made where tables are empty."""


@dataclass(frozen=True)
class RowRequest:
    """Rows that a test wants.

    Args:
        table: the logical or actual name.
        count: how many.
        values: values or factory_boy declarations by column, in place of generated ones.
        seed: the randomness that the rows are drawn from: text of (seed, test, table, call).
        first: the index of the first row, beyond all that this database has seen; counted if not given.
        factory: a user's factory class; the plan's factory for the table when not given.
    """

    table: str
    count: int
    values: Mapping[str, object]
    seed: str
    first: int | None = None
    factory: type | None = None


@dataclass(frozen=True)
class RowWriter:
    """Writes rows into one database; holds nothing but what it was given."""

    connection: psycopg.Connection
    catalog: Catalog
    table_map: NameResolver
    plan: SeedPlan
    depth: int = 0

    def create(self, request: RowRequest) -> list[Row]:
        """Make rows and return them, in order, with the values that the database filled in.

        Raises:
            MappingError: the table or a column is unknown.
            LoadError: Postgres refused a row; none is written.
        """
        if request.count < 1:
            return []
        return self._create_in(self.table_map.resolve(request.table), request)

    def draft(self, request: RowRequest) -> dict[str, object]:
        """Return the values of one row, by column, without writing it; parents are made where there are none.

        Raises:
            MappingError: the table or a column is unknown.
        """
        table = self.table_map.resolve(request.table)
        source = self._source(table, request, self._next_index(table))
        return dict(zip(source.columns, source.chunk(source.chunk_numbers[0])[0], strict=True))

    def _create_in(self, table: Table, request: RowRequest) -> list[Row]:
        first = request.first if request.first is not None else self._next_index(table)
        source = self._source(table, request, first)
        part = source.plan
        with self.connection.transaction():
            rows = self._insert(table, source)
            if part.logical == "users" and self.table_map.has("identities"):
                self._add_identities(rows, request, first)
        return rows

    def _source(self, table: Table, request: RowRequest, first: int) -> PartSource:
        part = self._part(table, request)
        factory = request.factory or factory_for(part.factory)
        parents = _LiveParents(self, request.seed)
        producers = merge_producers(table, factory, self._derived(table, first), request.values)
        columns = written_columns(table, producers, factory)
        return PartSource(part, producers, columns, parents, seed=request.seed, first=first)

    def _part(self, table: Table, request: RowRequest) -> TablePlan:
        """The plan's last part of the table that is made by a factory, or the recipe's, or a derived one."""
        planned = [part for part in self.plan.parts_of(table) if part.adopted_from is None]
        if planned:
            return replace(planned[-1], rows=request.count)
        known = [
            part
            for part in recipe_for(self.plan.framework)
            if self.table_map.has(part.logical) and self.table_map.resolve(part.logical).oid == table.oid
        ]
        if known:
            return TablePlan(table, known[-1].logical, known[-1].part, request.count, known[-1].factory)
        return TablePlan(table, table.qualified, "", request.count, AUTO)

    def _next_index(self, table: Table) -> int:
        planned = sum(part.rows for part in self.plan.parts_of(table))
        return max(planned, count_rows(self.connection, table))

    def _derived(self, table: Table, first: int) -> dict[str, object]:
        """The catalog's derivation; numbered keys go on after the largest one that is stored."""
        numbers = {
            name: number - first for name, number in first_numbers(table, key_reader(self.connection)).items()
        }
        return derive_declarations(table, Derivation(self.plan.cut_keys, numbers))

    def _insert(self, table: Table, source: PartSource) -> list[Row]:
        made: list[Row] = []
        per_statement = max(PARAMETERS // max(len(source.columns), 1), 1)
        for number in source.chunk_numbers:
            rows = source.chunk(number) if source.columns else [()] * source.rows
            for start in range(0, len(rows), per_statement):
                made += self._insert_batch(table, source.columns, rows[start : start + per_statement])
        return made

    def _insert_batch(
        self, table: Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
    ) -> Iterator[Row]:
        statement = _insert_statement(table, columns, len(rows))
        parameters = [
            _adapted(table, name, value) for row in rows for name, value in zip(columns, row, strict=True)
        ]
        try:
            with self.connection.cursor(row_factory=dict_row) as cursor:
                cursor.execute(statement, parameters)
                return map(Row, cursor.fetchall())
        except psycopg.Error as error:
            raise _refused(table, error) from error

    def _add_identities(self, users: Sequence[Row], request: RowRequest, first: int) -> None:
        """Give each new user the identity without which GoTrue does not know the e-mail address."""
        if all("email" not in user or user["email"] is None for user in users):
            return
        table = self.table_map.resolve("identities")
        part = TablePlan(table, "identities", "", len(users), "identities")
        producers = merge_producers(table, factory_for("identities"), self._derived(table, first), {})
        columns = written_columns(table, producers, factory_for("identities"))
        parents = _GivenParents(tuple(users))
        self._insert(table, PartSource(part, producers, columns, parents, seed=request.seed, first=first))

    def parent_keys(self, name: str, part: str | None, seed: str) -> KeySource:
        """The rows of a table that new rows can refer to; a first one is made where there is none."""
        sources = PlanSources(self.plan, self.catalog, self.table_map, key_reader(self.connection, LIVE_KEYS))
        table = sources.table(name)
        stored = StoredKeys(table, key_of(table), key_reader(self.connection, LIVE_KEYS))
        if part is not None:
            return self._existing_of_part(sources, table, part, stored)
        if stored.count == 0 and self.depth < DEEPEST_PARENT:
            deeper = replace(self, depth=self.depth + 1)
            deeper._create_in(table, RowRequest(name, 1, {}, seed))  # noqa: SLF001  # one of its own kind
            return StoredKeys(table, key_of(table), key_reader(self.connection, LIVE_KEYS))
        return stored

    def _existing_of_part(
        self, sources: PlanSources, table: Table, part: str, stored: StoredKeys
    ) -> KeySource:
        """The planned rows of one part that are still there."""
        planned = sources.of(table.qualified, part)
        present = set(stored.values(stored.key, range(stored.count)))
        wanted = planned.values(stored.key, range(min(planned.count, LIVE_KEYS)))
        kept = tuple(Row(dict(zip(stored.key, value, strict=True))) for value in wanted if value in present)
        return GivenKeys(kept, stored.key)


@dataclass(frozen=True)
class GivenKeys:
    """Keys of rows that are at hand."""

    rows: tuple[Row, ...]
    key: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows)

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        """Return the values of `columns` in the rows at `indices`."""
        return [tuple(self.rows[index][column] for column in columns) for index in indices]


@dataclass(frozen=True)
class _GivenParents:
    rows: tuple[Row, ...]

    def of(self, table: str, part: str | None = None) -> KeySource:
        del table, part
        return GivenKeys(self.rows, ("id",))


@dataclass(frozen=True)
class _LiveParents:
    writer: RowWriter
    seed: str

    def of(self, table: str, part: str | None = None) -> KeySource:
        return self.writer.parent_keys(table, part, self.seed)


def _insert_statement(table: Table, columns: Sequence[str], count: int) -> sql.Composed:
    target = sql.Identifier(table.schema, table.name)
    if not columns:
        return sql.SQL("insert into {} default values returning *").format(target)
    row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    return sql.SQL("insert into {} ({}) overriding system value values {} returning *").format(
        target, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join([row] * count)
    )


def _adapted(table: Table, column: str, value: object) -> Any:
    return wire_value(table.by_name[column].type, value)


def _refused(table: Table, error: psycopg.Error) -> LoadError:
    found = error.diag
    looked_at = [
        f"{label}: {text}"
        for label, text in (
            ("constraint", found.constraint_name),
            ("column", found.column_name),
            ("detail", found.message_detail),
            ("hint", found.message_hint),
            ("raised in", (found.context or "").split("\n")[0]),
        )
        if text
    ]
    return LoadError(
        f"Postgres refused a new row of {table.qualified}: {found.message_primary or error}",
        looked_at=looked_at,
        remedies=["pass values that the constraint or trigger allows"],
    )


def create_rows(
    conn: psycopg.Connection,
    *,
    catalog: Catalog,
    table_map: NameResolver,
    plan: SeedPlan,
    request: RowRequest,
) -> list[Row]:
    """Make the rows that a test asked for; see `RowWriter.create`."""
    return RowWriter(conn, catalog, table_map, plan).create(request)
