"""Binds a plan to its factories: for each part a source of chunks, for each table a source of keys."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.catalog.row_keys import key_of
from pytest_supaseed.email_pattern import DEFAULT_ADDRESSES
from pytest_supaseed.plan.email_places import email_columns
from pytest_supaseed.plan.recipes import recipe_for
from pytest_supaseed.plan.seed_plan import AUTO
from pytest_supaseed.plan.trigger_rows import rewritten_columns
from pytest_supaseed.rows.auto_factories import Derivation, derive_declarations, is_volatile
from pytest_supaseed.rows.checked_columns import Checked
from pytest_supaseed.rows.columns import meta_of, producer_of
from pytest_supaseed.rows.deals import Deal, follow_deal
from pytest_supaseed.rows.declarations import PartOf
from pytest_supaseed.rows.derived_column import Derived
from pytest_supaseed.rows.derived_keys import belongs_to_one, mutual_columns, wanted_values
from pytest_supaseed.rows.domains import text_length
from pytest_supaseed.rows.email_addresses import EmailAddress
from pytest_supaseed.rows.factories import table_of
from pytest_supaseed.rows.faker_pools import with_pools
from pytest_supaseed.rows.field_binding import FieldNames, as_declared, bind_fields
from pytest_supaseed.rows.framework_factories import framework_factory
from pytest_supaseed.rows.keys import JoinedKeys, KeysFound, PlannedKeys, StoredKeys
from pytest_supaseed.rows.lenient_fields import check_along, give_way
from pytest_supaseed.rows.login_columns import login_columns
from pytest_supaseed.rows.numbering import first_numbers
from pytest_supaseed.rows.part_parents import PartParents, UsersThere
from pytest_supaseed.rows.part_source import PartSource
from pytest_supaseed.rows.registry import FACTORIES
from pytest_supaseed.rows.sure_parents import never_without_parents
from pytest_supaseed.rows.table_addresses import TableAddress, find_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.plan.user_factories import UserFactory
    from pytest_supaseed.rows.chunk import KeySource, Parents, Producer
    from pytest_supaseed.rows.keys import KeyReader
    from pytest_supaseed.rows.part_parents import FilteredReader

STORED_ROOTS = 100
"""Rows that migrations made which new rows of a tree hang from, at the most."""


class PlanSources:
    """All sources of one plan; also finds the parents of any table.

    Args:
        plan: the plan.
        catalog: the database's catalog.
        table_map: resolves logical names.
        reader: reads keys that are in the database already.
        chosen: reads those of some rows, where users are made beside users that are there.
        before: reads the keys that were there before a table's first row; `reader` where none is given.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # one argument for each thing that rows are made of
        self,
        plan: SeedPlan,
        catalog: Catalog,
        table_map: NameResolver,
        reader: KeyReader,
        chosen: FilteredReader | None = None,
        before: KeyReader | None = None,
    ) -> None:
        self.plan = plan
        self._catalog = catalog
        self._table_map = table_map
        self._reader, self._before = reader, before or reader
        self._sources: dict[tuple[int, str], PartSource] = {}
        self._keys: dict[tuple[int, str | None], KeySource] = {}
        self.found = KeysFound()
        self._there: UsersThere | None = None
        numbers = plan.numbers
        if chosen is None or numbers is None or numbers.rule is None:
            return
        if numbers.beside or plan.existing.get(numbers.rule.table.oid):
            self._there = UsersThere(plan, numbers.rule, chosen)

    def release(self) -> None:
        """Drop chunks that are only kept because children may ask for them again: memory is scarce."""
        for source in self._sources.values():
            source.forget()

    def read_users(self) -> None:
        """Read which users are there, before any row is written."""
        if self._there is not None and self.plan.numbers is not None and self.plan.numbers.beside:
            self._there.read(self._catalog.tables)

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

    def planned(self, table: Table) -> tuple[KeySource, ...] | None:
        """The rows that the plan makes of a table; None where it is not sure which these are."""
        if table.oid in self.found.unsure or table.is_partition or table.kind is TableKind.PARTITIONED:
            return None
        return tuple(self.of(table.qualified, part.part) for part in self.plan.parts_of(table))

    def read_back(self, part: TablePlan, *, sure: bool = False) -> None:
        """The table's rows are not those of the plan: what refers to it reads their keys from now on.

        Args:
            part: a part of the table.
            sure: whether the part's own rows are as planned, and only others lie beside them.
        """
        self.found.read_back.add(part.table.oid)
        if not sure:
            self.found.unsure.add(part.table.oid)
        self._keys.clear()
        for source in self._sources.values():
            source.forget()

    def table(self, name: str) -> Table:
        """The actual table of an address, or of a qualified or logical name."""
        return find_table(self._catalog, name) or self._table_map.resolve(name)

    def _join(self, table: Table, only: str | None) -> KeySource:
        key = key_of(table)
        alone = len(self.plan.parts_of(table)) == 1
        if (only is None and table.oid in self.found.read_back) or (alone and table.oid in self.found.unsure):
            return StoredKeys(table, key, self._reader)
        sources: list[KeySource] = []
        if only is None and self.plan.existing.get(table.oid):
            sources.append(StoredKeys(table, key, self._reader))
        wanted = [part for part in self.plan.parts_of(table) if only is None or part.part == only]
        if not wanted and (table.is_partition or table.kind is TableKind.PARTITIONED):
            return StoredKeys(table, key, self._reader)  # its rows come by way of other tables of the plan
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
        deal = self._deal(part)
        derived = derive_declarations(part.table, replace(self._derivation(part.table), deal=deal))
        factory = factory_for(part.factory, self.plan.factories)
        made = partial(merge_producers, part.table, factory, derived, names=self._names(part, factory))
        producers = login_columns(
            part, factory, made, logins=self.plan.logins, catalog=self._catalog, reader=self._reader
        )
        if deal is not None:
            follow_deal(deal, producers, derived, in_step=factory is not None and meta_of(factory).lenient)
        self._address_users(part, producers)
        columns = written_columns(part.table, producers, factory)
        return PartSource(
            part,
            producers,
            columns,
            self._parents(part),
            seed=self.plan.seed,
            bounded=True,
            locale=self.plan.locale,
            domain=self.plan.domain,
            deal=deal,
            factory=part.factory if ":" in part.factory else "",
            base=self.plan.first_row,
            addresses=self.plan.addresses,
            logins=self.plan.logins,
        )

    def _address_users(self, part: TablePlan, producers: dict[str, Producer]) -> None:
        """Let users of a table that we have no factory for have addresses as they were asked for."""
        rule = None if self.plan.numbers is None else self.plan.numbers.rule
        usual = self.plan.addresses == DEFAULT_ADDRESSES
        if usual or part.factory != AUTO or rule is None or part.table.oid != rule.table.oid:
            return
        for column in email_columns(part.table):
            if column.name in producers:
                producers[column.name] = EmailAddress(text_length(column), named=False)
                return

    def _parents(self, part: TablePlan) -> Parents:
        """Where the rows of a part find their parents."""
        numbers = self.plan.numbers
        if self._there is None or numbers is None:
            return self
        held = self.plan.existing.get(part.table.oid, 0)
        return PartParents(self, self._there, numbers, part, self.plan.framework, held)

    def _names(self, part: TablePlan, factory: type | None) -> FieldNames:
        """How the names of a part's factory are understood."""
        name = part.logical if factory is None else table_of(factory)
        known = factory is not None and self._table_map.has(name)
        aliases = self._table_map.aliases(name) if known else {}
        base = base_factory(part, self.plan.framework)
        listed = self.plan.listed.get(part.table.oid, {})
        return FieldNames(aliases, self.table, self.plan.cut_keys, is_plan=True, base=base, listed=listed)

    def _deal(self, part: TablePlan) -> Deal | None:
        if part.children is None:
            return None
        parent = TableAddress(part.children.parent.schema, part.children.parent.name)
        return Deal(part.children, self.plan.seed, part.logical, parent)

    def _derivation(self, table: Table) -> Derivation:
        wanted = wanted_values(table, self._referring.get(table.oid, ()))
        return Derivation(
            self.plan.cut_keys,
            self._first_numbers(table),
            wanted,
            self._mutual(table),
            stored=self._stored_roots(table),
        )

    def _stored_roots(self, table: Table) -> dict[int, list[tuple[object, ...]]]:
        """What new rows of a tree may hang from: rows that were there before, asked before any is written."""
        if not self.plan.existing.get(table.oid):
            return {}
        keys = [key for key in table.foreign_keys if key.target_oid == table.oid]
        return {key.oid: self._before(table, key.target_columns)[:STORED_ROOTS] for key in keys}

    def _mutual(self, table: Table) -> dict[int, frozenset[str]]:
        """The keys inside a group of tables that is loaded together, where the target refers back."""
        group = next((oids for oids in self.plan.together if table.oid in oids), frozenset())
        inside = [key for key in table.foreign_keys if key.target_oid in group]
        targets = {key.oid: self._catalog.by_oid[key.target_oid] for key in inside}
        found = {key.oid: mutual_columns(table, targets[key.oid], key) for key in inside}
        return {
            key.oid: found[key.oid]
            for key in inside
            if found[key.oid] or belongs_to_one(targets[key.oid], table)
        }

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
        return first_numbers(table, self._before)


def factory_for(name: str, factories: Iterable[UserFactory] = ()) -> type | None:
    """The factory of a name that a plan gives; None for parts that are derived from the catalog alone.

    Args:
        name: of one of ours, or `module:Class` of a user's or a framework's.
        factories: those of the user.
    """
    theirs = next((one.made_by for one in factories if one.name == name), None)
    if theirs is not None or name == AUTO:
        return theirs
    return FACTORIES[name] if name in FACTORIES else framework_factory(name).made_by


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


def merge_producers(  # noqa: PLR0913  # one argument for each thing that fields come from
    table: Table,
    factory: type | None,
    derived: Mapping[str, object],
    overrides: Mapping[str, object],
    names: FieldNames,
    *,
    evaluated: bool = False,
) -> dict[str, Producer]:
    """A factory's fields over what the catalog derives for the columns that it leaves out.

    Without a factory all derived columns are taken. With one, only those that have to be filled: references,
    NOT NULL columns whose default is none or another each time, what checks tie to the factory's own fields,
    and what these are made of.

    Args:
        table: the table.
        factory: the factory; None for a table without one.
        derived: what the catalog derives.
        overrides: what a caller passed.
        names: how fields are understood.
        evaluated: whether `overrides` are all of the factory's fields, evaluated by factory_boy.

    Raises:
        MappingError: a field is no column of the table, and the factory is not one of our lenient ones.
    """
    if factory is not None and not evaluated:
        overrides = as_declared(factory, overrides, names.aliases)
    bound = bind_fields(table, factory, overrides, names, evaluated=evaluated)
    declared = producers = bound.producers
    if factory is not None and meta_of(factory).lenient:
        producers = give_way(table, factory, producers, derived, bound.said_by_users | {*overrides})
    if factory is not None and names.base not in {None, *factory.__mro__}:
        producers = _over_base(table, names, producers, derived)
    for name, declaration in derived.items():
        asked = isinstance(producers.get(name), Derived)
        needed = factory is None or _is_needed(table, name, declaration, declared)
        if asked or (name not in producers and needed):
            producers[name] = producer_of(declaration)
    for name in [name for name, producer in producers.items() if isinstance(producer, Derived)]:
        del producers[name]
    listed = bound.listed()
    producers.update(listed)
    check_along(producers, frozenset(listed), derived)
    used = _used_references(producers.values())
    for name in derived.keys() - table.by_name.keys() - used - declared.keys():
        producers.pop(name, None)
    never_without_parents(producers, bound.referred)
    return with_pools(table, producers)


def _over_base(
    table: Table, names: FieldNames, producers: dict[str, Producer], derived: Mapping[str, object]
) -> dict[str, Producer]:
    """A user's fields over those of our own factory."""
    base = names.base
    assert base is not None  # noqa: S101  # asked by the caller
    ours = bind_fields(table, base, {}, replace(names, base=None)).producers
    return {**give_way(table, base, ours, derived, ()), **producers}


def base_factory(part: TablePlan, framework: str) -> type | None:
    """Our own factory of a part without which the others make no sense; None for other parts."""
    known = (one for one in recipe_for(framework) if (one.logical, one.part) == (part.logical, part.part))
    return next((factory_for(one.factory) for one in known if one.required), None)


def _is_needed(table: Table, name: str, declaration: object, declared: Mapping[str, Producer]) -> bool:
    """Whether a column that a factory leaves out has to be filled all the same."""
    column = table.by_name.get(name)
    references = any(name in key.columns for key in table.foreign_keys)
    given = column is not None and column.default is not None and not is_volatile(column)
    tied = isinstance(declaration, Checked) and any(other in declared for other in declaration.group.facts)
    return column is None or references or tied or (column.not_null and not given)


def _used_references(producers: Iterable[Producer]) -> set[str]:
    """The fields that others take a part of, those included that are put right by checks afterwards."""
    every = list(producers)
    groups = [producer.group for producer in every if isinstance(producer, Checked)]
    every += [base for group in groups for base in group.bases.values()]
    return {producer.source for producer in every if isinstance(producer, PartOf)}


def written_columns(table: Table, producers: Mapping[str, Producer], factory: type | None) -> tuple[str, ...]:
    """The columns that a source writes, in the table's order.

    Generated columns are Postgres's; excluded fields and parameters of a factory are no columns even where
    they carry a column's name.
    """
    meta = meta_of(factory) if factory is not None else None
    hidden = {*meta.exclude, *meta.parameters} if meta is not None else set()
    writable = [column.name for column in table.columns if column.generated is None]
    return tuple(name for name in writable if name in producers and name not in hidden)
