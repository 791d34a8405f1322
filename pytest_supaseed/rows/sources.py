"""Binds a plan to its factories: for each part a source of chunks, for each table a source of keys."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.errors import MappingError, PlanError
from pytest_supaseed.plan.seed_plan import AUTO
from pytest_supaseed.plan.trigger_rows import rewritten_columns, tables_filled_before
from pytest_supaseed.rows.auto_factories import Derivation, derive_declarations, is_volatile
from pytest_supaseed.rows.chunk import Chunk, Scope
from pytest_supaseed.rows.columns import compile_factory, meta_of, producer_of
from pytest_supaseed.rows.declarations import Constant, OneOf, PartOf
from pytest_supaseed.rows.derived_keys import mutual_columns, wanted_values
from pytest_supaseed.rows.keys import JoinedKeys, PlannedKeys, StoredKeys
from pytest_supaseed.rows.registry import FACTORIES
from pytest_supaseed.rows.streams import CHUNK_ROWS
from pytest_supaseed.rows.table_addresses import find_table
from pytest_supaseed.rows.values import WHOLE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.rows.chunk import KeySource, Parents, Producer
    from pytest_supaseed.rows.keys import KeyReader

CHUNKS_KEPT = 64
"""Chunks of a part that are kept for children to refer to: 64,000 rows, a few MB."""


class PartSource:
    """The rows of one part, addressable by chunk and, for keys, by row.

    Args:
        plan: the part.
        producers: what fills each field.
        columns: the fields that are columns of the actual table, in its order.
        parents: where foreign keys find their rows.
        seed: whose randomness it is.
        first: the index of the first row; 0 except for rows made later.
        bounded: whether there are fewer rows than planned where unique keys leave room for no more.
    """

    def __init__(  # noqa: PLR0913  # one argument for each thing that a row is a function of
        self,
        plan: TablePlan,
        producers: Mapping[str, Producer],
        columns: tuple[str, ...],
        parents: Parents,
        *,
        seed: str,
        first: int = 0,
        bounded: bool = False,
    ) -> None:
        self.plan = plan
        self.columns = columns
        self.first = first
        self._rows: int | None = None if bounded else plan.rows
        self._scope = Scope(seed, plan.logical, plan.part, producers, parents, plan.rows)
        self._chunks: OrderedDict[int, Chunk] = OrderedDict()

    @property
    def rows(self) -> int:
        """How many rows there are: no more than unique keys leave room for, 0 once the part failed."""
        if self._rows is None:
            scope = self._scope
            bounds = [getattr(producer, "room", None) for producer in scope.producers.values()]
            rooms = [bound(scope.parents) for bound in bounds if bound is not None]
            self._rows = min([self.plan.rows, *(room for room in rooms if room is not None)])
        return self._rows

    def give_up(self) -> None:
        """The part could not be loaded: nothing may refer to it."""
        self._rows = 0

    def beyond(self, first: int, rows: int) -> PartSource:
        """Further rows of the part, from index `first` on: in place of those that the database refused."""
        plan, scope = replace(self.plan, rows=rows), self._scope
        return PartSource(plan, scope.producers, self.columns, scope.parents, seed=scope.seed, first=first)

    def forget(self) -> None:
        """Drop the chunks that were kept: what they referred to has changed."""
        self._chunks.clear()

    @property
    def chunk_numbers(self) -> range:
        """The numbers of all chunks."""
        return range(self.first // CHUNK_ROWS, -(-(self.first + self.rows) // CHUNK_ROWS))

    def chunk(self, number: int) -> list[tuple[object, ...]]:
        """Return the rows of a chunk, as tuples in the order of `columns`: a pure function of the number."""
        made = self._make(number)
        return list(zip(*(made.column(name) for name in self.columns), strict=True))

    def all_rows(self) -> Iterator[tuple[object, ...]]:
        """All rows, chunk after chunk; at most one chunk is held."""
        for number in self.chunk_numbers:
            yield from self.chunk(number)

    def at(self, column: str, indices: Sequence[int]) -> list[object]:
        """Return a column's values in the rows at `indices`, computing no more than it has to."""
        producer = self._scope.producers.get(column)
        if producer is None:
            raise PlanError(
                f"The values of {self.plan.label}.{column} are not known before the rows are loaded.",
                remedies=[f"let a factory declare {column!r}"],
            )
        direct = getattr(producer, "at", None)
        if direct is not None:
            return list(direct(self._empty, column, [self.first + index for index in indices]))
        return [self._value(column, self.first + index) for index in indices]

    def knows(self, column: str) -> bool:
        """Whether a field of that name is ours, so that its values are known before the rows are loaded."""
        return column in self._scope.producers

    @cached_property
    def _empty(self) -> Chunk:
        return Chunk(self._scope, 0, 0, 0)

    def _value(self, column: str, index: int) -> object:
        chunk = self._kept(index // CHUNK_ROWS)
        return chunk.column(column)[index - chunk.start]

    def _kept(self, number: int) -> Chunk:
        if number in self._chunks:
            self._chunks.move_to_end(number)
        else:
            self._chunks[number] = self._make(number)
            if len(self._chunks) > CHUNKS_KEPT:
                self._chunks.popitem(last=False)
        return self._chunks[number]

    def _make(self, number: int) -> Chunk:
        start = max(number * CHUNK_ROWS, self.first)
        end = min((number + 1) * CHUNK_ROWS, self.first + self.rows)
        return Chunk(self._scope, number, start, end - start)


class PlanSources:
    """All sources of one plan; also finds the parents of any table.

    Args:
        plan: the plan.
        catalog: the database's catalog.
        table_map: resolves logical names.
        reader: reads keys that are in the database already.
    """

    def __init__(self, plan: SeedPlan, catalog: Catalog, table_map: NameResolver, reader: KeyReader) -> None:
        self.plan = plan
        self._catalog = catalog
        self._table_map = table_map
        self._reader = reader
        self._sources: dict[tuple[int, str], PartSource] = {}
        self._keys: dict[tuple[int, str | None], KeySource] = {}
        self._read_back: set[int] = set()

    def source(self, part: TablePlan) -> PartSource:
        """The source of one part, bound when first asked for."""
        key = (part.table.oid, part.part)
        if key not in self._sources:
            self._sources[key] = self._bind(part)
        return self._sources[key]

    def of(self, table: str, part: str | None = None) -> KeySource:
        """Return the rows that a foreign key to `table` can refer to; see `chunk.Parents`."""
        actual = self.table(table)
        key = (actual.oid, part)
        if key not in self._keys:
            self._keys[key] = self._join(actual, part)
        return self._keys[key]

    def read_back(self, part: TablePlan) -> None:
        """The table's rows are not those of the plan: what refers to it reads their keys from now on."""
        self._read_back.add(part.table.oid)
        self._keys.clear()
        for source in self._sources.values():
            source.forget()

    def table(self, name: str) -> Table:
        """The actual table of an address, or of a qualified or logical name."""
        return find_table(self._catalog, name) or self._table_map.resolve(name)

    def _join(self, table: Table, only: str | None) -> KeySource:
        key = key_of(table)
        whole = only is None or len(self.plan.parts_of(table)) == 1
        if whole and table.oid in self._read_back:
            return StoredKeys(table, key, self._reader)
        sources: list[KeySource] = []
        if only is None and self.plan.existing.get(table.oid):
            sources.append(StoredKeys(table, key, self._reader))
        wanted = [part for part in self.plan.parts_of(table) if only is None or part.part == only]
        sources += [self._part_keys(part, key) for part in wanted]
        return sources[0] if len(sources) == 1 else JoinedKeys(key, tuple(sources))

    def _part_keys(self, part: TablePlan, key: tuple[str, ...]) -> KeySource:
        stored = StoredKeys(part.table, key, self._reader)
        if part.adopted_from is None:
            alone = len(self.plan.parts_of(part.table)) == 1
            rewritten = rewritten_columns(part.table, self._catalog) if alone else set()
            return PlannedKeys(self.source(part), key, {}, stored, frozenset(rewritten))
        maker = self.table(part.adopted_from)
        columns = _inherited_key(part.table, maker)
        parts = self.plan.parts_of(maker)
        if columns is None or not parts:
            return stored
        return PlannedKeys(self.source(parts[0]), key, columns, stored)

    def _bind(self, part: TablePlan) -> PartSource:
        derived = derive_declarations(part.table, self._derivation(part.table))
        factory = factory_for(part.factory)
        producers = merge_producers(part.table, factory, derived, {})
        columns = written_columns(part.table, producers, factory)
        return PartSource(part, producers, columns, self, seed=self.plan.seed, bounded=True)

    def _derivation(self, table: Table) -> Derivation:
        wanted = wanted_values(table, self._referring.get(table.oid, ()))
        made = tables_filled_before(table, self._catalog)
        return Derivation(self.plan.cut_keys, self._first_numbers(table), wanted, self._mutual(table), made)

    def _mutual(self, table: Table) -> dict[int, frozenset[str]]:
        """The keys inside a group of tables that is loaded together, where the target refers back."""
        group = next((oids for oids in self.plan.together if table.oid in oids), frozenset())
        found = {
            key.oid: mutual_columns(table, self._catalog.by_oid[key.target_oid], key)
            for key in table.foreign_keys
            if key.target_oid in group
        }
        return {oid: columns for oid, columns in found.items() if columns}

    @cached_property
    def _referring(self) -> dict[int, list[Table]]:
        """The planned tables that refer to a table, by its OID."""
        found: dict[int, list[Table]] = {}
        for table in dict.fromkeys(part.table for part in self.plan.tables):
            for oid in {key.target_oid for key in table.foreign_keys}:
                found.setdefault(oid, []).append(table)
        return found

    def _first_numbers(self, table: Table) -> dict[str, int]:
        """The first free number of the whole-number key columns, above what migrations put there."""
        if not self.plan.existing.get(table.oid):
            return {}
        return first_numbers(table, self._reader)


def factory_for(name: str) -> type | None:
    """Our factory of a name that a plan gives; None for parts that are derived from the catalog alone."""
    return None if name == AUTO else FACTORIES[name]


def first_numbers(table: Table, reader: KeyReader) -> dict[str, int]:
    """The number after the largest one stored, of each whole-number column that is numbered or in a key."""
    names = {name for key in table.unique_keys for name in key.columns if name is not None}
    whole = [
        column.name
        for column in table.columns
        if column.type.storage.name in WHOLE_TYPES
        and (column.name in names or column.sequence is not None or column.identity is not None)
    ]
    found = {}
    for name in whole:
        stored = [int(str(value)) for (value,) in reader(table, (name,))]
        found[name] = max(stored, default=0) + 1
    return found


def key_of(table: Table) -> tuple[str, ...]:
    """The columns that identify a row: the primary key's, else a plain unique key's, else all columns."""
    plain = [key for key in table.unique_keys if key.is_plain]
    best = table.primary_key or next(iter(plain), None)
    names = best.columns if best is not None else tuple(column.name for column in table.columns)
    return tuple(name for name in names if name is not None)


def _inherited_key(table: Table, maker: Table) -> dict[str, str] | None:
    """Where a trigger-made row has the key of the row that made it: our key column to the maker's."""
    own, other = key_of(table), key_of(maker)
    if len(own) != 1 or len(other) != 1:
        return None
    refers = any(
        key.columns == own and key.target_oid == maker.oid and key.target_columns == other
        for key in table.foreign_keys
    )
    same_type = table.by_name[own[0]].type.storage.name == maker.by_name[other[0]].type.storage.name == "uuid"
    return {own[0]: other[0]} if refers or (same_type and own == other) else None


def merge_producers(
    table: Table, factory: type | None, derived: Mapping[str, object], overrides: Mapping[str, object]
) -> dict[str, Producer]:
    """A factory's fields over what the catalog derives for the columns that it leaves out.

    Without a factory all derived columns are taken. With one, only those that have to be filled: references,
    NOT NULL columns whose default is none or another each time, and what these are made of.

    Raises:
        MappingError: a field is no column of the table, and the factory is not one of our lenient ones.
    """
    if factory is None:
        _refuse_unknown(table, overrides)
        return {name: producer_of(found) for name, found in {**derived, **overrides}.items()}
    declared = compile_factory(factory, overrides)
    _refuse_unknown_fields(table, factory, declared, overrides)
    producers: dict[str, Producer] = dict(declared)
    for name, declaration in derived.items():
        column = table.by_name.get(name)
        references = any(name in key.columns for key in table.foreign_keys)
        given = column is not None and column.default is not None and not is_volatile(column)
        needed = column is None or references or (column.not_null and not given)
        if name not in producers and needed:
            producers[name] = producer_of(declaration)
    used = {producer.source for producer in producers.values() if isinstance(producer, PartOf)}
    for name in derived.keys() - table.by_name.keys() - used - declared.keys():
        del producers[name]
    if meta_of(factory).lenient:
        _respect_enums(table, producers, overrides)
    return producers


def written_columns(table: Table, producers: Mapping[str, Producer], factory: type | None) -> tuple[str, ...]:
    """The columns that a source writes, in the table's order.

    Generated columns are Postgres's; excluded fields and parameters of a factory are no columns even where
    they carry a column's name.
    """
    meta = meta_of(factory) if factory is not None else None
    hidden = {*meta.exclude, *meta.parameters} if meta is not None else set()
    writable = [column.name for column in table.columns if column.generated is None]
    return tuple(name for name in writable if name in producers and name not in hidden)


def _refuse_unknown_fields(
    table: Table, factory: type, declared: Mapping[str, Producer], overrides: Mapping[str, object]
) -> None:
    meta = meta_of(factory)
    helpers = set(meta.exclude) | set(meta.parameters)
    names = [name for name in declared if name not in helpers] if not meta.lenient else list(overrides)
    for name in names:
        if name not in table.by_name and not (meta.lenient and name in meta.base_declarations):
            raise no_such_column(table, name)


def _refuse_unknown(table: Table, names: Iterable[str]) -> None:
    for name in names:
        if name not in table.by_name:
            raise no_such_column(table, name)


def no_such_column(table: Table, name: str) -> MappingError:
    """The error for a field without a column, with the nearest names."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(table.by_name), n=3)
    return MappingError(
        f"Table {table.qualified} has no column {name!r}.",
        looked_at=[f"its columns: {', '.join(table.by_name)}"],
        remedies=[f"did you mean {', '.join(map(repr, near))}?"] if near else ["use one of its columns"],
    )


def _respect_enums(table: Table, producers: dict[str, Producer], overrides: Mapping[str, object]) -> None:
    """Our own vocabularies give way to a column's enum."""
    for name in producers.keys() - overrides.keys():
        column = table.by_name.get(name)
        if column is None or column.type.storage.kind is not TypeKind.ENUM:
            continue
        producer = producers[name]
        if not _possible_values(producer) <= set(column.type.storage.labels):
            producers[name] = OneOf(column.type.storage.labels)


def _possible_values(producer: Producer) -> set[object]:
    """All values that a producer can give, where it says so; otherwise one that fits nowhere."""
    if isinstance(producer, Constant):
        return {producer.value}
    return set(getattr(producer, "values", ())) or {None}
