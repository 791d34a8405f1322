"""The catalog: our frozen model of what `pg_catalog` says.

Everything is joined by OID when it is read (`introspect`), never by name: two schemas may reuse the same
table, index and constraint names. OIDs are kept for lookups inside one database and stay out of the digest,
because they differ from server to server.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class TypeKind(StrEnum):
    """`pg_type.typtype`, with arrays told apart from the base types that they are stored as."""

    BASE = "base"
    ENUM = "enum"
    DOMAIN = "domain"
    COMPOSITE = "composite"
    ARRAY = "array"
    RANGE = "range"
    MULTIRANGE = "multirange"
    PSEUDO = "pseudo"


class TableKind(StrEnum):
    """`pg_class.relkind`, by its name."""

    TABLE = "table"
    PARTITIONED = "partitioned"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    FOREIGN = "foreign table"


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint of a table or a domain; `expression` is `pg_get_expr` text, `VALUE` for domains."""

    oid: int = field(metadata={"volatile": True})
    name: str
    expression: str
    columns: tuple[str, ...] = ()
    validated: bool = True
    no_inherit: bool = False


@dataclass(frozen=True, slots=True)
class TypeField:
    """One attribute of a composite type."""

    name: str
    type: Type
    formatted_type: str
    modifier: int = -1


@dataclass(frozen=True, slots=True)
class Type:
    """A data type. `base` is set for domains, `element` for arrays, `subtype` for ranges and multiranges."""

    oid: int = field(metadata={"volatile": True})
    schema: str
    name: str
    kind: TypeKind
    labels: tuple[str, ...] = ()
    base: Type | None = None
    base_modifier: int = -1
    element: Type | None = None
    subtype: Type | None = None
    attributes: tuple[TypeField, ...] = ()
    checks: tuple[Check, ...] = ()
    not_null: bool = False
    default: str | None = None

    @property
    def qualified(self) -> str:
        """`schema.name`, for messages."""
        return f"{self.schema}.{self.name}"

    @property
    def storage(self) -> Type:
        """The type below all domains: what a client reads and writes."""
        found = self
        while found.kind is TypeKind.DOMAIN and found.base is not None:
            found = found.base
        return found


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `formatted_type` is `format_type()` text with its modifier, such as `numeric(10,2)`."""

    number: int
    name: str
    type: Type
    formatted_type: str
    modifier: int = -1
    not_null: bool = False
    default: str | None = None
    identity: str | None = None
    """`always` or `by default`; None where the column is no identity column."""
    generated: str | None = None
    """The expression of a generated column; such a column is never written."""
    sequence: str | None = None
    """The qualified, quoted name of the sequence that the column owns (serial or identity)."""
    comment: str | None = None
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """A unique index, be it a primary key, a UNIQUE constraint or a bare index.

    `columns` are the plain key columns in order; a key part that is an expression is None there and its text
    stands in `expressions`, in order. `predicate` is the WHERE of a partial index.
    """

    oid: int = field(metadata={"volatile": True})
    name: str
    columns: tuple[str | None, ...]
    is_primary: bool = False
    is_constraint: bool = False
    expressions: tuple[str, ...] = ()
    predicate: str | None = None
    nulls_not_distinct: bool = False
    deferrable: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is made of whole columns and covers every row."""
        return self.predicate is None and not self.expressions


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; actions are `no action`, `restrict`, `cascade`, `set null`, `set default`."""

    oid: int = field(metadata={"volatile": True})
    name: str
    columns: tuple[str, ...]
    target_oid: int = field(metadata={"volatile": True})
    target_schema: str
    target_table: str
    target_columns: tuple[str, ...]
    on_delete: str = "no action"
    on_update: str = "no action"
    match_full: bool = False
    deferrable: bool = False
    initially_deferred: bool = False
    validated: bool = True


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An exclusion constraint: pairs of (column or expression, operator), and `pg_get_constraintdef` text."""

    oid: int = field(metadata={"volatile": True})
    name: str
    columns: tuple[str | None, ...]
    operators: tuple[str, ...]
    definition: str
    predicate: str | None = None
    deferrable: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """A user's trigger (internal ones are left out). `events` holds insert, update, delete, truncate."""

    oid: int = field(metadata={"volatile": True})
    name: str
    timing: str
    """`before`, `after` or `instead of`."""
    events: tuple[str, ...]
    per_row: bool
    function_schema: str
    function_name: str
    definition: str
    enabled: str = "origin"
    """`origin`, `disabled`, `replica` or `always` (`pg_trigger.tgenabled`)."""
    is_constraint: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A row-level security policy."""

    oid: int = field(metadata={"volatile": True})
    name: str
    command: str
    """`all`, `select`, `insert`, `update` or `delete`."""
    permissive: bool
    roles: tuple[str, ...]
    using: str | None = None
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function or procedure that no extension owns."""

    oid: int = field(metadata={"volatile": True})
    schema: str
    name: str
    arguments: str
    language: str
    returns: str
    source: str = ""


@dataclass(frozen=True)
class Table:
    """A relation with all that belongs to it. Columns are in attribute order, dropped ones left out."""

    oid: int = field(metadata={"volatile": True})
    schema: str
    name: str
    kind: TableKind
    columns: tuple[Column, ...]
    owner: str = ""
    unique_keys: tuple[UniqueKey, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    policies: tuple[Policy, ...] = ()
    row_security: bool = False
    row_security_forced: bool = False
    comment: str | None = None
    inherits: tuple[str, ...] = ()
    """Qualified names of the parents, for inheritance children and partitions alike."""
    partition_key: str | None = None
    partition_bound: str | None = None
    is_partition: bool = False
    unlogged: bool = False
    extension: str | None = None
    """The extension that owns the table, if one does."""

    @property
    def qualified(self) -> str:
        """`schema.name`, unquoted, for messages and for maps."""
        return f"{self.schema}.{self.name}"

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by their name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def primary_key(self) -> UniqueKey | None:
        """The primary key, if the table has one."""
        return next((key for key in self.unique_keys if key.is_primary), None)

    def __hash__(self) -> int:
        return hash((self.oid, self.schema, self.name))


@dataclass(frozen=True)
class Catalog:
    """All relations, types and functions of one database that no system schema owns."""

    server_version: int = field(metadata={"volatile": True})
    schemas: tuple[str, ...]
    tables: tuple[Table, ...]
    functions: tuple[Function, ...] = ()
    extensions: tuple[str, ...] = ()
    roles: tuple[str, ...] = field(default=(), metadata={"volatile": True})

    @cached_property
    def by_qualified(self) -> Mapping[tuple[str, str], Table]:
        """Tables by (schema, name)."""
        return {(table.schema, table.name): table for table in self.tables}

    @cached_property
    def by_oid(self) -> Mapping[int, Table]:
        """Tables by `pg_class.oid`."""
        return {table.oid: table for table in self.tables}

    def find(self, schema: str, name: str) -> Table | None:
        """The relation of that exact schema and name, or None."""
        return self.by_qualified.get((schema, name))

    def has_function(self, schema: str, name: str) -> bool:
        """Whether a function of that exact schema and name exists, whatever its arguments."""
        return any(found.schema == schema and found.name == name for found in self.functions)

    def digest(self) -> str:
        """A hex digest of the content: the same on every server and machine for the same schema."""
        hasher = hashlib.blake2b(digest_size=16)
        for part in _stable_parts(self):
            hasher.update(part.encode())
            hasher.update(b"\x00")
        return hasher.hexdigest()


def _stable_parts(value: object) -> Iterator[str]:
    """Walk a value depth first, leaving out fields that differ between servers for the same schema."""
    if is_dataclass(value):
        yield type(value).__name__
        for item in fields(value):
            if not item.metadata.get("volatile"):
                yield item.name
                yield from _stable_parts(getattr(value, item.name))
    elif isinstance(value, tuple):
        yield f"({len(value)}"
        for item_value in value:
            yield from _stable_parts(item_value)
    elif isinstance(value, Enum):
        yield str(value.value)
    else:
        yield repr(value)
