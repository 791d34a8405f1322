"""A factory's fields, bound to the columns and foreign keys of the table that they turn out to be for."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import MappingError
from pytest_supaseed.mapping.nearest_names import nearest
from pytest_supaseed.rows.columns import FromFunction, RowByRow, compile_factory, meta_of, producer_of
from pytest_supaseed.rows.declarations import Constant, Parent
from pytest_supaseed.rows.in_turn import InTurn
from pytest_supaseed.rows.lenient_fields import fields_of_users, our_factory
from pytest_supaseed.rows.parent_factories import parent_of_declaration
from pytest_supaseed.rows.relations import (
    Kept,
    KeyColumn,
    ParentRows,
    RowsOfColumns,
    SameAs,
    key_of_field,
    relation_names,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.rows.chunk import Producer

_MAY_HOLD_ROWS = (RowByRow, FromFunction)


@dataclass(frozen=True)
class FieldNames:
    """How a factory's names are understood in one database.

    Args:
        aliases: actual columns of the table by logical name.
        resolve: finds the table of a logical or actual name.
        cut: OIDs of foreign keys that close a circle, so that rows of a plan get them in a second pass.
        is_plan: whether it is for the rows of a plan, and not for one that a test makes.
        base: our own factory, where it fills what a user's leaves out: so that users can log in.
        listed: by column, values that rows have in turn, unless a user's factory or a caller says more.
    """

    aliases: Mapping[str, str]
    resolve: Callable[[str], Table]
    cut: Collection[int] = ()
    is_plan: bool = False
    base: type | None = None
    listed: Mapping[str, Sequence[object]] = field(default_factory=dict)


@dataclass
class BoundFields:
    """A factory's fields over a table.

    Args:
        table: the table.
        factory: the factory; None where there are but values that a test passed.
        names: how its names are understood.
        passed: the fields that a caller gave.
        producers: what fills each field, and each column that it stands for.
        referred: the foreign keys whose parents the catalog's derivation chooses, and which are never NULL.
    """

    table: Table
    factory: type | None
    names: FieldNames
    passed: Collection[str] = ()
    producers: dict[str, Producer] = field(default_factory=dict)
    referred: list[ForeignKey] = field(default_factory=list)

    @property
    def _hidden(self) -> set[str]:
        """Fields that are no columns even where they carry a column's name."""
        if self.factory is None:
            return set()
        meta = meta_of(self.factory)
        return {*meta.exclude, *meta.parameters}

    @cached_property
    def _ours(self) -> Collection[str]:
        """Fields of a factory of ours that serves many schemas: what a table lacks of them is left out."""
        if self.factory is None or not meta_of(self.factory).lenient:
            return ()
        meta = meta_of(our_factory(self.factory))
        return frozenset({*meta.base_declarations, *meta.pre_declarations.declarations})

    def name_columns(self) -> None:
        """Let columns be filled by fields of another name, as `Meta.columns` and the table map say."""
        own = self._own_columns()
        for name in [name for name in self.producers if name not in self._hidden]:
            column = own.get(name) or self.names.aliases.get(name, name)
            if name in own and column not in self.table.by_name:
                raise no_such_column(self.table, column, self.factory)
            if column == name or column not in self.table.by_name:
                continue
            if column not in self.producers or self._overrules(name, column):
                self.producers[column] = SameAs(name)
            elif name not in self._ours and not isinstance(self.producers[column], SameAs):
                raise _said_twice(self.table, self.factory, name, column)

    def _overrules(self, name: str, column: str) -> bool:
        """Whether a user's field stands for a column that only the factory of ours below it declares."""
        if name not in self._ours or self.factory is None or column in self.passed:
            return False
        users = fields_of_users(self.factory)
        return name in users and column not in users

    @property
    def said_by_users(self) -> set[str]:
        """Fields, and columns that they fill, which a caller or a user's factory gives."""
        said = {*self.passed, *(() if self.factory is None else fields_of_users(self.factory))}
        filled = (name for name, found in self.producers.items() if _source_of(found) in said)
        return {*said, *filled}

    def listed(self) -> dict[str, Producer]:
        """What fills the columns whose values are listed and of which no user says more."""
        said = self.said_by_users
        return {name: InTurn(*values) for name, values in self.names.listed.items() if name not in said}

    def _own_columns(self) -> Mapping[str, str]:
        if self.factory is None:
            return {}
        meta = meta_of(self.factory)
        return {**meta.rename, **meta.columns}

    def bind_parents(self, overrides: Mapping[str, object]) -> None:
        """Let fields that stand for a parent fill the columns of their foreign key.

        Args:
            overrides: what a caller passed.
        """
        for name in [name for name in self.producers if name not in self._hidden]:
            if name not in self.producers:  # the column of a parent that goes by another name
                continue
            parent = self._parent(name)
            column = self.column_of(name)
            if parent is not None and name not in overrides and self._gives_way(name, column, parent):
                del self.producers[name]
                continue
            target = None if parent is None else self.names.resolve(parent.table)
            if parent is None and column in self.table.by_name and not self._may_hold_row(name):
                continue
            key = self._key(column, target, is_ours=name in self._ours and name not in overrides)
            if key is not None:
                self._bind(name, column, key)

    def _gives_way(self, name: str, column: str, parent: Parent) -> bool:
        """Whether a parent of ours is not what this schema's column refers to: the catalog knows better."""
        if name not in self._ours or (self.factory is not None and name in fields_of_users(self.factory)):
            return False
        try:
            target = self.names.resolve(parent.table)
        except MappingError:
            return True
        targets = {key.target_oid for key in self.table.foreign_keys if column in key.columns}
        return bool(targets) and target.oid not in targets

    def column_of(self, name: str) -> str:
        """The column that a field fills, or its own name."""
        columns = {**self.names.aliases, **self._own_columns()}
        return columns.get(name, name) if columns.get(name) in self.table.by_name else name

    def _parent(self, name: str) -> Parent | None:
        """What a field refers to, by its declaration, whatever was passed in its place."""
        producer = self.producers[name]
        if isinstance(producer, Parent):
            return producer
        declared = None if self.factory is None else meta_of(self.factory).pre_declarations.declarations
        return parent_of_declaration((declared or {}).get(name))

    def _may_hold_row(self, name: str) -> bool:
        producer = self.producers[name]
        if isinstance(producer, Constant):
            return isinstance(producer.value, Mapping) and any(
                self.column_of(name) in key.columns for key in self.table.foreign_keys
            )
        return isinstance(producer, _MAY_HOLD_ROWS)

    def _key(self, column: str, target: Table | None, *, is_ours: bool) -> ForeignKey | None:
        try:
            return key_of_field(self.table, column, target)
        except MappingError:
            if is_ours:
                return None
            raise

    def _bind(self, name: str, column: str, key: ForeignKey) -> None:
        producer = self.producers[name]
        is_column = column in self.table.by_name
        closes_circle = key.oid in self.names.cut
        if closes_circle and self.names.is_plan:
            self._leave(name, column, key)
        elif isinstance(producer, Parent) and self._is_any(name, producer, key) and not closes_circle:
            self._leave(name, column, key)
            self.referred.append(key)
        elif isinstance(producer, Parent) and is_column and len(key.columns) == 1:
            chosen = copy(producer)
            chosen.column = producer.column or key.target_columns[0]
            self.producers[name] = chosen
        else:
            source = self._row_source(name, column, key)
            self._take(
                source, key, column if is_column else None, rows=not isinstance(producer, _MAY_HOLD_ROWS)
            )

    def _is_any(self, name: str, parent: Parent, key: ForeignKey) -> bool:
        """Whether any row of the parent will do, so that the derivation, which knows the keys, may choose."""
        plain = parent.index is None and parent.part is None
        taken_over = self.factory is not None and name in fields_of_users(self.factory)
        return (
            plain
            and (name not in self._ours or taken_over)
            and parent.column in {None, key.target_columns[0]}
        )

    def _leave(self, name: str, column: str, key: ForeignKey) -> None:
        """Leave a key's columns to the derivation; a field that is none of them shows the parent."""
        del self.producers[name]
        if column not in self.table.by_name:
            self.producers[name] = RowsOfColumns(key)
        elif column != name:
            self.producers.pop(column, None)
            self.producers[name] = SameAs(column)

    def _row_source(self, name: str, column: str, key: ForeignKey) -> str:
        """The field that holds the parent: the field itself, or what it gave before its column was taken."""
        producer = self.producers[name]
        rows: Producer = ParentRows(producer, key) if isinstance(producer, Parent) else producer
        if column not in self.table.by_name:
            self.producers[name] = rows
            return name
        inner = f"{name} of the parent"
        self.producers[inner] = Kept(rows, name)
        return inner

    def _take(self, source: str, key: ForeignKey, column: str | None, *, rows: bool) -> None:
        for place, own in enumerate(key.columns):
            if own == column:
                self.producers[own] = KeyColumn(source, key, place, alone=True)
            elif own not in self.producers and (column is None or rows):
                self.producers[own] = KeyColumn(source, key, place, alone=False)

    def refuse_unknown(self, overrides: Mapping[str, object]) -> None:
        """See that each field is a column, or stands for one.

        Raises:
            MappingError: one does not; the error names the nearest columns.
        """
        known = {*self.table.by_name, *self._hidden, *self._own_columns()}
        known |= {name for name, column in self.names.aliases.items() if column in self.table.by_name}
        used = {found.source for found in self.producers.values() if isinstance(found, KeyColumn | SameAs)}
        shown = {name for name, found in self.producers.items() if isinstance(found, RowsOfColumns)}
        for name in {**self.producers, **overrides}:
            if name.partition("__")[0] not in {*known, *used, *shown, *self._ours, *self._hooks}:
                raise no_such_column(self.table, name, self.factory)

    @property
    def _hooks(self) -> Collection[str]:
        return () if self.factory is None else meta_of(self.factory).post_declarations


def _source_of(producer: Producer) -> str | None:
    return producer.source if isinstance(producer, SameAs) else None


def bind_fields(
    table: Table,
    factory: type | None,
    overrides: Mapping[str, object],
    names: FieldNames,
    *,
    evaluated: bool = False,
) -> BoundFields:
    """Bind a factory's fields, with what a caller passed in their place, to a table.

    Args:
        table: the table.
        factory: the factory; None where there are but values.
        overrides: what a caller passed.
        names: how names are understood.
        evaluated: whether `overrides` are all of the factory's fields, evaluated by factory_boy.

    Raises:
        MappingError: a field is no column and no parent, or is both of two columns.
    """
    found = BoundFields(table, factory, names, () if evaluated else overrides.keys())
    if factory is None or evaluated:
        found.producers.update({name: producer_of(value) for name, value in overrides.items()})
    else:
        found.producers.update(compile_factory(factory, overrides))
    found.name_columns()
    found.bind_parents(overrides)
    found.refuse_unknown(overrides)
    return found


def as_declared(factory: type, values: Mapping[str, object], aliases: Mapping[str, str]) -> dict[str, object]:
    """Return what a caller passed, under the names by which the factory declares the same columns.

    So a value replaces the declaration of its column, whichever of the column's names either of them uses.

    Args:
        factory: the factory.
        values: what was passed, by field, or by another name of its column.
        aliases: actual columns by logical name.
    """
    meta = meta_of(factory)
    columns = {**aliases, **meta.rename, **meta.columns}
    declared: dict[str, str] = {}
    for name in meta.base_declarations:
        column = columns.get(name, name)
        if name not in {*meta.exclude, *meta.parameters} and (column not in declared or column == name):
            declared[column] = name
    found: dict[str, object] = {}
    for name, value in values.items():
        field_of_column = declared.get(columns.get(name, name), name)
        stays = field_of_column in values or name in meta.parameters
        found[name if stays else field_of_column] = value
    return found


def columns_of_field(table: Table, factory: type | None, name: str, names: FieldNames) -> tuple[str, ...]:
    """The columns that a field fills: its own, or those of the foreign key that it stands for."""
    found = BoundFields(table, factory, names)
    column = found.column_of(name)
    if column in table.by_name:
        return (column,)
    declared = {} if factory is None else meta_of(factory).pre_declarations.declarations
    parent = parent_of_declaration(declared.get(name))
    key = key_of_field(table, name, None if parent is None else names.resolve(parent.table))
    return () if key is None else key.columns


def no_such_column(table: Table, name: str, factory: type | None = None) -> MappingError:
    """The error for a field without a column, with the nearest names."""
    near = nearest(name, table.by_name)
    relations = dict.fromkeys(
        relation for key in table.foreign_keys for relation in relation_names(table, key)
    )
    of = f", which {factory.__name__} declares" if factory is not None and _declares(factory, name) else ""
    return MappingError(
        f"Table {table.qualified} has no column {name!r}{of}.",
        looked_at=[
            f"its columns: {', '.join(table.by_name)}",
            *([f"its parents: {', '.join(relations)}"] if relations else []),
        ],
        remedies=[
            f"did you mean {', '.join(map(repr, near))}?" if near else "use one of its columns",
            *(["a field that helps others and is no column stands in Params or Meta.exclude"] if of else []),
            f'or say which column it is: class Meta: columns = {{"{name}": "..."}}'
            if of
            else f'or configure it: [tool.supaseed.columns.{table.name}] {name} = "..."',
        ],
    )


def _declares(factory: type, name: str) -> bool:
    meta: Any = meta_of(factory)
    return name in meta.base_declarations or name in meta.columns.values()


def _said_twice(table: Table, factory: type | None, name: str, column: str) -> MappingError:
    by = f" of {factory.__name__}" if factory is not None else ""
    return MappingError(
        f"The fields {name!r} and {column!r}{by} are one column of {table.qualified}, {column}.",
        remedies=["leave one of the two out"],
    )
