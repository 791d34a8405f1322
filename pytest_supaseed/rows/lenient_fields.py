"""Our own factories on a schema that they do not know: what fits stays, the rest gives way to the catalog.

The same factory serves a kit's `base_templates` and a `gear` table with enums, keys and lengths of its own.
Whether a field fits is told from a sample of its values under every domain, not from a list of schemas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NoReturn
from uuid import UUID
from zlib import crc32

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.option_values import DOMAINS
from pytest_supaseed.plan.finite_columns import allowed_values
from pytest_supaseed.rows.checked_columns import Checked
from pytest_supaseed.rows.chunk import Chunk, Scope
from pytest_supaseed.rows.columns import compile_factory, meta_of, producer_of
from pytest_supaseed.rows.declarations import ColumnDeclaration, Constant
from pytest_supaseed.rows.domains import text_length
from pytest_supaseed.rows.in_turn import EachInTurn
from pytest_supaseed.rows.values import Fitted, present_declaration

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pytest_supaseed.catalog.model import Column, Table, Type
    from pytest_supaseed.rows.chunk import Producer

SAMPLE = 64
"""Values of a field that are looked at under each domain: a stock goes round twice, titles repeat."""

_TEXTS = frozenset({"text", "varchar", "bpchar", "citext", "name"})
_WHOLE = frozenset({"int2", "int4", "int8"})
_PRECISION = re.compile(r"numeric\((\d+)(?:,(-?\d+))?\)")
_HOLDS: Mapping[type, frozenset[str]] = {
    bool: frozenset({"bool"}),
    int: _WHOLE | {"numeric", "float4", "float8"},
    str: _TEXTS,
    UUID: frozenset({"uuid"}),
    dict: frozenset({"json", "jsonb"}),
}
"""The types that hold a Python value as it is meant; by name there are `datetime` and `Decimal` too."""
_HOLDS_BY_NAME: Mapping[str, frozenset[str]] = {
    "datetime": frozenset({"timestamptz"}),
    "Decimal": frozenset({"numeric", "float4", "float8"}),
}

Verdict = Literal["fits", "derived", "listed", "cut"]
"""What becomes of a field: it stays; the catalog decides; its values become those allowed; they are cut."""


class Relabelled(ColumnDeclaration):
    """Another field's values; one that is not allowed becomes an allowed one, the same each time.

    So rows of one category still share one where a column allows categories of its own.
    """

    def __init__(self, inner: Producer, allowed: Sequence[object]) -> None:
        super().__init__()
        self.inner = inner
        self.values = tuple(allowed)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        allowed = frozenset(self.values)
        return [
            value if value in allowed or value is None else self._another(value)
            for value in self.inner.fill(chunk, name)
        ]

    def _another(self, value: object) -> object:
        return self.values[crc32(str(value).encode()) % len(self.values)]


@dataclass(frozen=True)
class _NoParents:
    """Stands where a sample has no rows to refer to."""

    def of(self, table: str, part: str | None = None) -> NoReturn:
        raise _NeedsParentsError(f"a row of {table} {part or ''}")


class _NeedsParentsError(SupaseedError):
    """A field is made of parents, so a sample tells nothing of it."""


def our_factory(factory: type) -> type:
    """The nearest factory of ours that a class is or extends."""
    return next(base for base in factory.__mro__ if base.__module__.startswith("pytest_supaseed."))


def fields_of_users(factory: type) -> frozenset[str]:
    """The fields that a class declares beyond, or other than, the factory of ours that it extends."""
    declared, ours = meta_of(factory).base_declarations, meta_of(our_factory(factory)).base_declarations
    return frozenset(name for name, found in declared.items() if found is not ours.get(name))


def give_way(
    table: Table,
    factory: type,
    producers: Mapping[str, Producer],
    derived: Mapping[str, object],
    given: Collection[str],
) -> dict[str, Producer]:
    """Return a lenient factory's producers with those replaced that the table does not take.

    Args:
        table: the table.
        factory: a factory of ours, or one that extends it.
        producers: its fields, overrides included.
        derived: what the catalog derives for the table's columns.
        given: fields that the user wrote; they are left alone.
    """
    found = dict(producers)
    ours = our_factory(factory)
    mine = [name for name in found if name in table.by_name and name not in given]
    verdicts = _verdicts(ours, table) if mine else {}
    for name in mine:
        verdict = verdicts.get(name, "fits")
        found[name] = _replacement(table.by_name[name], table, found[name], derived, verdict)
    check_along(found, frozenset(mine), derived)
    return found


def _replacement(
    column: Column, table: Table, producer: Producer, derived: Mapping[str, object], verdict: Verdict
) -> Producer:
    if isinstance(producer, EachInTurn) and (allowed := allowed_values(table, column)):
        return producer.among(allowed)
    if verdict == "listed":
        return Relabelled(producer, allowed_values(table, column) or ())
    if verdict == "cut":
        return Fitted(producer, text_length(column), unique=False)
    if verdict == "derived":
        declaration = derived.get(column.name) or present_declaration(table, column)
        return producer if declaration is None else producer_of(declaration)
    return producer


def check_along(producers: dict[str, Producer], mine: frozenset[str], derived: Mapping[str, object]) -> None:
    """Let columns that stand in checks be put right by them, as derived ones are.

    Args:
        producers: the producers of all columns, which are changed.
        mine: the columns.
        derived: what the catalog derives.
    """
    groups = {
        id(found.group): found.group
        for name, found in derived.items()
        if name in mine and isinstance(found, Checked) and not isinstance(producers[name], Checked)
    }
    for group in groups.values():
        names = [name for name in group.facts if isinstance(derived.get(name), Checked)]
        own = {name: producers[name] for name in names if name in mine}
        bases = {name: found for name, found in own.items() if not isinstance(found, Checked)}
        checked = replace(group, bases={**group.bases, **bases})
        for name in names:
            if name in mine or name not in producers:
                producers[name] = Checked(checked, name)


@lru_cache(maxsize=256)
def _verdicts(factory: type, table: Table) -> dict[str, Verdict]:
    """What becomes of each field of a factory of ours that is a column of the table."""
    declared = compile_factory(factory, {})
    samples = {domain: _sample(factory, declared, domain) for domain in DOMAINS}
    found: dict[str, Verdict] = {}
    for name, producer in declared.items():
        column = table.by_name.get(name)
        drawn = [values[name] for values in samples.values() if name in values]
        if column is not None and drawn:
            found[name] = _verdict(table, column, drawn, fixed=isinstance(producer, Constant))
    return found


def _sample(factory: type, declared: Mapping[str, Producer], domain: str) -> dict[str, Sequence[object]]:
    """Values of the fields that need no parents."""
    scope = Scope("sample", factory.__name__, "", declared, _NoParents(), SAMPLE, domain=domain)
    chunk = Chunk(scope, 0, 0, SAMPLE)
    found = {}
    for name in declared:
        try:
            found[name] = chunk.column(name)
        except _NeedsParentsError:
            continue
    return found


def _verdict(table: Table, column: Column, drawn: Sequence[Sequence[object]], *, fixed: bool) -> Verdict:
    values = [value for sample in drawn for value in sample if value is not None]
    allowed = allowed_values(table, column)
    text = all(isinstance(value, str) for value in values)
    if allowed and text and all(isinstance(value, str) for value in allowed):
        return "fits" if set(values) <= set(allowed) else "listed"
    lacking = column.not_null and any(value is None for sample in drawn for value in sample)
    fits = all(holds(column.type, value) for value in values) and _has_room(column, values)
    if lacking or not fits:
        return "derived"
    if any(column.name in key.columns for key in table.foreign_keys) and not fixed:
        return "derived"
    if _is_unique(table, column) and any(len(set(map(str, sample))) < len(sample) for sample in drawn):
        return "derived"
    length = text_length(column) if text else None
    if length is None or all(len(str(value)) * 2 <= length for value in values):
        return "fits"
    return "derived" if _is_unique(table, column) else "cut"


def holds(kind: Type, value: Any) -> bool:
    """Whether a type holds a value as it is meant: a text is no number, a dictionary no text."""
    storage = kind.storage
    if storage.kind is not TypeKind.BASE:
        return False
    names = _HOLDS.get(type(value)) or _HOLDS_BY_NAME.get(type(value).__name__, frozenset())
    return storage.name in names


def _has_room(column: Column, values: Sequence[Any]) -> bool:
    """Whether numbers are within a `numeric(8,2)` or a small whole number."""
    numbers = [abs(value) for value in values if not isinstance(value, str | bool) and hasattr(value, "real")]
    found = _PRECISION.fullmatch(column.formatted_type)
    if found and numbers:
        return bool(max(numbers) < 10 ** (int(found[1]) - int(found[2] or 0)))
    return column.type.storage.name != "int2" or all(value < 2**15 for value in numbers)


def _is_unique(table: Table, column: Column) -> bool:
    return any(key.is_plain and key.columns == (column.name,) for key in table.unique_keys)
