"""The catalog: our frozen model of what `pg_catalog` says.

Everything is joined by OID when it is read (`introspect`), never by name: two schemas may reuse the same
table, index and constraint names. OIDs are kept for lookups inside one database and stay out of the digest,
because they differ from server to server.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Self

from pytest_supaseed.catalog.content_digest import content_digest
from pytest_supaseed.platform.platform_schemas import OF_SUPABASE, PLATFORM_SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    """A CHECK constraint of a table or a domain; `expression` is `pg_get_expr` text, `VALUE` for domains.

    `columns` holds the columns that the expression names; empty for domains and for whole-row expressions.
    """

    oid: int = field(metadata={"volatile": True})
    name: str
    expression: str
    columns: tuple[str, ...] = ()
    validated: bool = True
    no_inherit: bool = False
    enforced: bool = True
    """False for `NOT ENFORCED` (Postgres 18): declared, never checked."""


@dataclass(frozen=True, slots=True)
class TypeField:
    """One attribute of a composite type."""

    name: str
    type: Type
    formatted_type: str
    modifier: int = -1


@dataclass(frozen=True, slots=True)
class Type:
    """A data type. `base` is set for domains, `element` for arrays, `subtype` for ranges and multiranges.

    `attributes` are those of a composite type, be it made by `create type` or a table's row type.
    """

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

    @property
    def rejects_null(self) -> bool:
        """Whether it is a NOT NULL domain or stands above one: its columns hold no NULL either."""
        return self.not_null or (self.base is not None and self.base.rejects_null)


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a sequence counts: `start`, then always `step` further, between `least` and `greatest`."""

    start: int
    step: int
    least: int
    greatest: int

    @property
    def room(self) -> int:
        """How many numbers there are from the start on."""
        end = self.greatest if self.step > 0 else self.least
        return (end - self.start) // self.step + 1


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
    """The qualified, quoted name of the sequence that the column owns (serial or identity) or draws from."""
    numbering: Numbering | None = None
    """How that sequence counts."""
    comment: str | None = None
    inherited: bool = False
    virtual: bool = False
    """Whether a generated column is computed when read (Postgres 18) and not stored."""
    collation: str | None = None
    """`schema.name` of a collation other than the type's own."""
    loosely_equal: bool = False
    """Whether its collation is nondeterministic: unequal bytes may be equal to a unique key."""


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
    without_overlaps: bool = False
    """A temporal key (Postgres 18): its last column is a range, and ranges of equal keys must not overlap.
    The same constraint stands among the table's exclusions, for whoever solves those."""

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
    enforced: bool = True
    """False for `NOT ENFORCED` (Postgres 18): declared, never checked."""
    period: bool = False
    """A temporal key (Postgres 18): the last column's range must be covered by the target's ranges."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An exclusion constraint: pairs of (column or expression, operator), and `pg_get_constraintdef` text.

    As in `UniqueKey`, a part that is an expression is None in `columns` and stands in `expressions`.
    """

    oid: int = field(metadata={"volatile": True})
    name: str
    columns: tuple[str | None, ...]
    operators: tuple[str, ...]
    definition: str
    predicate: str | None = None
    deferrable: bool = False
    expressions: tuple[str, ...] = ()


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
    kind: str = "function"
    """`function`, `procedure`, `aggregate` or `window`."""
    volatility: str = "volatile"
    """`immutable`, `stable` or `volatile` (36.7, "Function Volatility Categories")."""


@dataclass(frozen=True)
class Table:
    """A relation with all that belongs to it. Columns are in attribute order, dropped ones left out."""

    oid: int = field(metadata={"volatile": True})
    schema: str
    name: str
    kind: TableKind
    columns: tuple[Column, ...]
    owner: str = field(default="", metadata={"volatile": True})
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
    parent_oids: tuple[int, ...] = field(default=(), metadata={"volatile": True})
    """`pg_class.oid` of the parents, in the order of `inherits`."""

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

    @cached_property
    def platform_schemas(self) -> frozenset[str]:
        """The schemas that are a platform's; a project without Supabase may have an `auth` of its own."""
        users = self.find("auth", "users")
        like_gotrue = users is None or "raw_app_meta_data" in users.by_name
        is_own = not like_gotrue and not self.has_function("auth", "uid")
        return PLATFORM_SCHEMAS - OF_SUPABASE if is_own else PLATFORM_SCHEMAS

    @cached_property
    def functions_by_name(self) -> Mapping[tuple[str, str], tuple[Function, ...]]:
        """Functions by (schema, name), all overloads of a name together."""
        found: dict[tuple[str, str], tuple[Function, ...]] = {}
        for function in self.functions:
            key = (function.schema, function.name)
            found[key] = (*found.get(key, ()), function)
        return found

    def find(self, schema: str, name: str) -> Table | None:
        """The relation of that exact schema and name, or None."""
        return self.by_qualified.get((schema, name))

    def has_function(self, schema: str, name: str) -> bool:
        """Whether a function of that exact schema and name exists, whatever its arguments."""
        return (schema, name) in self.functions_by_name

    def digest(self) -> str:
        """A hex digest of the content, for the same schema the same on every server of one major version.

        OIDs, owners, roles and the server's version stay out of it. Another major version may print an
        expression differently, and its digest differs then.
        """
        return content_digest(self, shared=(Type,))

    def to_json(self) -> str:
        """The whole catalog, OIDs included, as JSON that `from_json` of the same release reads."""
        from pytest_supaseed.catalog.serialize import catalog_to_json

        return catalog_to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the catalog that `to_json` wrote; equal to it, field by field.

        Raises:
            CatalogError: the text is no catalog, or another release with another model wrote it.
        """
        from pytest_supaseed.catalog.serialize import catalog_from_json

        return catalog_from_json(cls, text)
