"""Rows that a test makes: a few at a time, valid by construction, returned as Postgres holds them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from pytest_supaseed.catalog.row_keys import key_of
from pytest_supaseed.load.infinite_moments import read_infinities
from pytest_supaseed.load.known_rows import known_row
from pytest_supaseed.load.login_rows import GivenKeys, LoginRows
from pytest_supaseed.load.new_row_refusals import RowsRefused, refusal
from pytest_supaseed.load.sequences import move_sequences
from pytest_supaseed.load.stored_rows import count_rows, key_reader
from pytest_supaseed.logins import Logins
from pytest_supaseed.plan.recipes import recipe_for
from pytest_supaseed.plan.seed_plan import AUTO, TablePlan
from pytest_supaseed.rows.auto_factories import Derivation, derive_declarations
from pytest_supaseed.rows.columns import meta_of
from pytest_supaseed.rows.factories import table_of
from pytest_supaseed.rows.field_binding import FieldNames, columns_of_field, no_such_column
from pytest_supaseed.rows.keys import StoredKeys
from pytest_supaseed.rows.numbering import PLAIN, first_numbers
from pytest_supaseed.rows.parent_factories import parent_factories
from pytest_supaseed.rows.part_source import PartSource
from pytest_supaseed.rows.row import Row
from pytest_supaseed.rows.sources import (
    PlanSources,
    base_factory,
    factory_for,
    merge_producers,
    written_columns,
)
from pytest_supaseed.rows.table_addresses import find_table
from pytest_supaseed.rows.value_text import wire_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.email_pattern import Addresses
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.rows.chunk import KeySource

LIVE_KEYS = 1000
"""Parents that rows made inside a test choose from: the first ones by key."""
PARAMETERS = 60_000
"""Parameters of one INSERT at the most; the protocol allows 65,535 (Int16, "Bind" message)."""
LOGIN_ROWS = "login_rows"
"""The field of a users' factory that says what belongs to the user besides."""
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
        evaluated: whether `values` are all that the factory says, evaluated by factory_boy.
        sequence: what is added to a row's index to get its number in the factory's sequence.
        iterators: how far each `Iterator` is in this test.
    """

    table: str
    count: int
    values: Mapping[str, object]
    seed: str
    first: int | None = None
    factory: type | None = None
    evaluated: bool = False
    sequence: int = 0
    iterators: dict[object, Iterator[object]] = field(default_factory=dict)


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
        source = self._source(table, request, self.next_index(table))
        return dict(zip(source.columns, source.chunk(source.chunk_numbers[0])[0], strict=True))

    def _create_in(self, table: Table, request: RowRequest) -> list[Row]:
        first = request.first if request.first is not None else self.next_index(table)
        source = self._source(table, request, first)
        part = source.plan
        try:
            with self.connection.transaction():
                rows, known = self.insert(table, source, self._unique_columns(table, source, request))
                move_sequences(self.connection, table, rows)
                if part.logical == "users" and self.table_map.has("identities"):
                    new = [place for place in range(len(rows)) if place not in known]
                    self._add_logins(source, [rows[place] for place in new], new, request.seed)
        except RowsRefused as error:
            factory = request.factory or factory_for(part.factory, self.plan.factories)
            values = {} if request.evaluated else request.values
            raise refusal(self.connection, table, error, factory=factory, values=values) from error.error
        return rows

    def _names(self, request: RowRequest, part: TablePlan) -> FieldNames:
        """How the names of a request, and of its factory, are understood."""
        base = base_factory(part, self.plan.framework) if request.factory is not None else None
        return FieldNames(
            self.table_map.aliases(request.table),
            self.table,
            self.plan.cut_keys,
            base=base,
            listed=self.plan.listed.get(part.table.oid, {}),
        )

    def table(self, name: str) -> Table:
        """The actual table of a logical or qualified name."""
        return find_table(self.catalog, name) or self.table_map.resolve(name)

    def _unique_columns(self, table: Table, source: PartSource, request: RowRequest) -> tuple[str, ...]:
        """The columns by which a row that is there is taken in place of a new one.

        Raises:
            MappingError: `Meta.unique_by` names a field that fills no column.
        """
        found: list[str] = []
        names = self._names(request, source.plan)
        for name in meta_of(request.factory).unique_by if request.factory is not None else ():
            columns = columns_of_field(table, request.factory, name, names)
            if not columns or not set(columns) <= set(source.columns):
                raise no_such_column(table, name, request.factory)
            found += columns
        return tuple(found)

    def _source(self, table: Table, request: RowRequest, first: int) -> PartSource:
        part = self._part(table, request)
        factory = request.factory or factory_for(part.factory, self.plan.factories)
        makers = {self.table(table_of(made_by)).oid: made_by for made_by in parent_factories(factory)}
        parents = LiveParents(self, request.seed, makers)
        names = self._names(request, part)
        producers = merge_producers(
            table,
            factory,
            self.derived(table, first),
            request.values,
            names,
            evaluated=request.evaluated,
        )
        columns = written_columns(table, producers, factory)
        return PartSource(
            part,
            producers,
            columns,
            parents,
            seed=request.seed,
            first=first,
            locale=self.plan.locale,
            domain=self.plan.domain,
            factory="" if request.factory is None else request.factory.__name__,
            logins=Logins(self.plan.logins.password),
            sequence=request.sequence,
            iterators=request.iterators,
            addresses=self._addresses(),
        )

    def _addresses(self) -> Addresses:
        """Addresses of rows that are made one by one: only their number tells them from all others."""
        planned = self.plan.addresses
        return replace(planned, pattern=planned.pattern.numbered)

    def _part(self, table: Table, request: RowRequest) -> TablePlan:
        """The plan's last part of the table that is made by a factory, or the recipe's, or a derived one."""
        planned = [part for part in self.plan.parts_of(table) if part.adopted_from is None]
        if planned:
            wanted = "" if request.factory is None else meta_of(request.factory).part
            named = [part for part in planned if part.part == wanted]
            return replace((named or planned)[-1], rows=request.count)
        known = [
            part
            for part in recipe_for(self.plan.framework)
            if self.table_map.has(part.logical) and self.table_map.resolve(part.logical).oid == table.oid
        ]
        if known:
            return TablePlan(table, known[-1].logical, known[-1].part, request.count, known[-1].factory)
        return TablePlan(table, table.qualified, "", request.count, AUTO)

    def next_index(self, table: Table) -> int:
        """The index of the next row: beyond all that the plan made and all that are there."""
        planned = sum(part.rows for part in self.plan.parts_of(table))
        return max(planned, count_rows(self.connection, table))

    def derived(self, table: Table, first: int) -> dict[str, object]:
        """The catalog's derivation; numbered keys go on after the largest one that is stored."""
        numbers = {
            name: number - first * (table.by_name[name].numbering or PLAIN).step
            for name, number in first_numbers(table, key_reader(self.connection)).items()
        }
        return derive_declarations(table, Derivation(self.plan.cut_keys, numbers))

    def insert(
        self, table: Table, source: PartSource, unique: tuple[str, ...] = ()
    ) -> tuple[list[Row], set[int]]:
        """Write a source's rows; return them, and the places of those that were there already."""
        made: list[Row] = []
        known: set[int] = set()
        per_statement = 1 if unique else max(PARAMETERS // max(len(source.columns), 1), 1)
        for number in source.chunk_numbers:
            rows = source.chunk(number) if source.columns else [()] * source.rows
            for start in range(0, len(rows), per_statement):
                some = rows[start : start + per_statement]
                there = known_row(self.connection, table, source.columns, some[0], unique) if unique else None
                if there is not None:
                    known.add(len(made))
                made += [there] if there is not None else self._insert_batch(table, source.columns, some)
        return made, known

    def _insert_batch(
        self, table: Table, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
    ) -> Iterator[Row]:
        statement = _insert_statement(table, columns, len(rows))
        parameters = [
            _adapted(table, name, value) for row in rows for name, value in zip(columns, row, strict=True)
        ]
        try:
            with self.connection.cursor(row_factory=dict_row) as cursor:
                read_infinities(cursor)
                cursor.execute(statement, parameters)
                return map(Row, cursor.fetchall())
        except psycopg.Error as error:
            raise RowsRefused(error, columns, rows) from error

    def _add_logins(self, source: PartSource, users: Sequence[Row], places: Sequence[int], seed: str) -> None:
        """Give new users what lets them log in, and the sessions that their factory asks for."""
        logins = LoginRows(self, seed, source.first)
        logins.add_identities(users)
        if source.knows(LOGIN_ROWS):
            logins.add_sessions(users, source.at(LOGIN_ROWS, places))

    def parent_keys(self, name: str, part: str | None, seed: str, makers: Mapping[int, type]) -> KeySource:
        """The rows of a table that new rows can refer to; a first one is made where there is none."""
        sources = PlanSources(self.plan, self.catalog, self.table_map, key_reader(self.connection, LIVE_KEYS))
        table = sources.table(name)
        stored = StoredKeys(table, key_of(table), key_reader(self.connection, LIVE_KEYS))
        if part is not None:
            return self._existing_of_part(sources, table, part, stored)
        if stored.count == 0 and self.depth < DEEPEST_PARENT:
            if table.oid in makers:
                cast("Any", makers[table.oid]).create()
            else:
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
class LiveParents:
    """The rows that are in a test's database, for new ones to refer to.

    Args:
        writer: makes a parent where there is none.
        seed: the randomness of those.
        makers: by OID, the factories that make the first row of a table.
    """

    writer: RowWriter
    seed: str
    makers: Mapping[int, type] = field(default_factory=dict)

    def of(self, table: str, part: str | None = None) -> KeySource:
        """Return the key source of a table, as `chunk.Parents` says."""
        return self.writer.parent_keys(table, part, self.seed, self.makers)


def _insert_statement(table: Table, columns: Sequence[str], count: int) -> sql.Composed:
    target = _identifier(table.schema, table.name)
    if not columns:
        return sql.SQL("insert into {} default values returning *").format(target)
    row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    return sql.SQL("insert into {} ({}) overriding system value values {} returning *").format(
        target, sql.SQL(", ").join(map(_identifier, columns)), sql.SQL(", ").join([row] * count)
    )


def _identifier(*names: str) -> sql.Identifier:
    """The name, in a statement with parameters: psycopg reads a percent sign inside quotes too."""
    return sql.Identifier(*(name.replace("%", "%%") for name in names))


def _adapted(table: Table, column: str, value: object) -> Any:
    return wire_value(table.by_name[column].type, value)


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
