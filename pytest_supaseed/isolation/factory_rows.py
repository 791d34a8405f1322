"""What factories need of a test's database: rows written, sequences and iterators counted, one at a time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from psycopg.pq import TransactionStatus

from pytest_supaseed.catalog.row_keys import key_of
from pytest_supaseed.load.known_rows import row_with
from pytest_supaseed.load.row_writes import DEEPEST_PARENT, LiveParents, RowRequest, RowWriter
from pytest_supaseed.logins import Logins
from pytest_supaseed.plan.locales import DEFAULT_LOCALE
from pytest_supaseed.plan.streams import Stream
from pytest_supaseed.rows.columns import meta_of, seeded_globals
from pytest_supaseed.rows.current import FieldReference
from pytest_supaseed.rows.derived_column import Derived
from pytest_supaseed.rows.evaluated import default_locale
from pytest_supaseed.rows.factories import TableFactory, table_of
from pytest_supaseed.rows.field_binding import as_declared
from pytest_supaseed.rows.parent_factories import parent_factories
from pytest_supaseed.rows.relations import key_of_field
from pytest_supaseed.rows.row import Row
from pytest_supaseed.rows.row_steps import RowCall, current_call
from pytest_supaseed.rows.sources import factory_for
from pytest_supaseed.server.settled_sessions import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.isolation.connected_database import ConnectedDatabase
    from pytest_supaseed.rows.declarations import Parent


class FactoryRows:
    """The writer of one test's database, under a lock: two threads of a test take turns.

    Args:
        database: the test's database.
        seed: gives the randomness of the next call for a table: text of (seed, test, table, call).
    """

    def __init__(self, database: ConnectedDatabase, seed: Callable[[str], str]) -> None:
        self._database = database
        self._seed = seed
        self._lock = RLock()
        self._rows: dict[int, int] = {}
        self._sequences: dict[int, int] = {}
        self._reset: dict[object, int] = {}
        self._iterators: dict[object, Iterator[object]] = {}
        self._depth = 0

    def create(self, table: str, count: int, values: Mapping[str, object]) -> list[Row]:
        """Make rows of a table: by the user's factory that its rows were planned with, where there is one."""
        plan = self._database.plan
        parts = [part for part in plan.parts_of(self._table(table)) if part.adopted_from is None]
        factory: Any = factory_for(parts[-1].factory, plan.factories) if parts else None
        if factory is not None and any(one.made_by is factory for one in plan.factories):
            return list(factory.create_batch(count, **values))
        return self._write(RowRequest(table, count, values, self._seed(table)))

    def create_from(self, factory: type, count: int, values: Mapping[str, object]) -> list[Row]:
        """Make rows by a factory whose declarations can be evaluated in columns; see `RowWriter`."""
        with self._lock, self._no_transaction_left():
            table = table_of(factory)
            first = self._first(self._table(table))
            shift = self._take_numbers(factory, first, count) - first
            request = RowRequest(
                table,
                count,
                values,
                self._seed(table),
                first=first,
                factory=factory,
                sequence=shift,
                iterators=self._iterators,
            )
            return self._write(request)

    def create_evaluated(self, factory: type, values: Mapping[str, object]) -> Row:
        """Write a row that factory_boy has evaluated; see `RowWriter`."""
        table, derived = table_of(factory), meta_of(factory).base_declarations
        asked = {name: found for name, found in derived.items() if isinstance(found, Derived)}
        call = current_call.get()
        seed = self._seed(table) if call is None else call.next_seed()
        request = RowRequest(table, 1, {**asked, **values}, seed, factory=factory, evaluated=True)
        return self._write(request)[0]

    def as_declared(self, factory: type, values: Mapping[str, object]) -> dict[str, object]:
        """Return what a caller passed under the names by which the factory declares the same columns."""
        return as_declared(factory, values, self._database.table_map.aliases(table_of(factory)))

    def _write(self, request: RowRequest) -> list[Row]:
        with self._lock, self._deeper():
            table = self._table(request.table)
            with self._no_transaction_left():
                first = self._first(table) if request.first is None else request.first
                made = self._writer().create(replace(request, first=first))
            self._rows[table.oid] = max(self._rows.get(table.oid, 0), first + request.count)
            return self._as_rows(request, made)

    def _as_rows(self, request: RowRequest, made: list[Row]) -> list[Row]:
        aliases = dict(self._database.table_map.aliases(request.table))
        model: Any = Row
        if request.factory is not None:
            model = meta_of(request.factory).model
            aliases |= meta_of(request.factory).columns
        columns = made[0] if made else ()
        passed = request.values.items()
        related = {name: row for name, row in passed if isinstance(row, Row) and name not in columns}
        return [model(row, aliases, related) for row in made]

    @contextmanager
    def _no_transaction_left(self) -> Iterator[None]:
        """What runs within is committed, unless a transaction is open already: the caller ends that one.

        Reading begins one too. Left open, it would hold back later rows from all other connections, and
        hold locks that keep them from altering or emptying a table.
        """
        connection = self._database.connection
        if connection.info.transaction_status is not TransactionStatus.IDLE:
            with readable(connection):
                yield
            return
        try:
            with readable(connection):
                yield
        except BaseException:
            if not connection.closed:
                connection.rollback()
            raise
        connection.commit()

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def _writer(self) -> RowWriter:
        database = self._database
        depth = min(self._depth, DEEPEST_PARENT)
        return RowWriter(database.connection, database.catalog, database.table_map, database.plan, depth)

    def _table(self, name: str) -> Table:
        return self._database.table_map.resolve(name)

    def _first(self, table: Table) -> int:
        """The index of a table's next row."""
        return max(self._rows.get(table.oid, 0), self._writer().next_index(table))

    def reread(self, factory: type, row: Row) -> Row:
        """Return a row as it is now; as it was, where a hook removed it or the table has no key."""
        table = self._table(table_of(factory))
        with self._lock, self._no_transaction_left():
            found = row_with(self._database.connection, table, {name: row[name] for name in key_of(table)})
        if found is None:
            return row
        return row.with_values(found)

    @contextmanager
    def row_call(self, factory: type) -> Iterator[None]:
        """Let factory_boy evaluate rows of a factory one by one, reproducibly."""
        with self._lock, self._no_transaction_left(), self._deeper():
            outer = current_call.get()
            table = table_of(factory)
            seed = outer.next_seed() if outer is not None and outer.database is self else self._seed(table)
            makers = {self._table(table_of(one)).oid: one for one in parent_factories(factory)}
            locale = self._database.plan.locale
            spoken = None if locale == DEFAULT_LOCALE else locale
            parents = LiveParents(self._writer(), seed, makers)
            domain = self._database.plan.domain
            logins = Logins(self._database.plan.logins.password)
            call = RowCall(self, seed, parents, self._iterators, spoken, domain, logins)
            token = current_call.set(call)
            try:
                with seeded_globals(Stream(seed, table, "", "factory_boy").number(0)), default_locale(spoken):
                    yield
            finally:
                current_call.reset(token)

    def reference(self, factory: type, field: str, parent: Parent) -> FieldReference:
        """What a factory's `Parent` refers to in this database."""
        meta = meta_of(factory)
        if not issubclass(factory, TableFactory) or not meta.table:
            return FieldReference(None, is_column=True, is_unique=False)
        table = self._table(meta.table)
        names = {**self._database.table_map.aliases(meta.table), **meta.columns}
        column = names.get(field, field)
        key = key_of_field(table, column, self._table(parent.table))
        if key is None:
            columns = None if parent.column is None else (parent.column,)
            return FieldReference(columns, is_column=True, is_unique=False)
        unique = any(found.is_plain and set(found.columns) <= set(key.columns) for found in table.unique_keys)
        alone = column in table.by_name and len(key.columns) == 1
        return FieldReference(key.target_columns, is_column=alone, is_unique=unique)

    def next_sequence(self, factory: type) -> int:
        """The next number of a factory's sequence: beyond the rows that there are, or as it was reset."""
        with self._lock, self._no_transaction_left():
            if not issubclass(factory, TableFactory):
                return self._take_reset(meta_of(factory).counter_reference, 0, 1)
            return self._take_numbers(factory, self._first(self._table(table_of(factory))), 1)

    def _take_numbers(self, factory: type, first: int, count: int) -> int:
        counter = meta_of(factory).counter_reference
        own: Any = counter.factory
        if counter not in self._reset and own._setup_next_sequence.__func__ is not _PLAIN_SEQUENCE:  # noqa: SLF001
            self._reset[counter] = own._setup_next_sequence()  # noqa: SLF001  # factory_boy's hook
        if counter in self._reset:
            return self._take_reset(counter, 0, count)
        oid = self._table(table_of(factory)).oid
        taken = max(self._sequences.get(oid, 0), first)
        self._sequences[oid] = taken + count
        return taken

    def _take_reset(self, counter: object, first: int, count: int) -> int:
        taken = self._reset.get(counter, first)
        self._reset[counter] = taken + count
        return taken

    def reset_sequence(self, counter: object, value: int) -> None:
        """Let the sequence of a counter go on from `value`."""
        self._reset[counter] = value


_PLAIN_SEQUENCE = cast("Any", TableFactory)._setup_next_sequence.__func__  # noqa: SLF001  # factory_boy's hook
