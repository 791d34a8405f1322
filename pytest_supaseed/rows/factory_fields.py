"""What a printed factory says of each column of its table: a declaration, or why there is none."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.row_keys import key_of
from pytest_supaseed.rows.auto_factories import Derivation, derive_declarations, is_volatile
from pytest_supaseed.rows.checked_columns import table_checks
from pytest_supaseed.rows.column_spelling import spell_distinct, spell_free
from pytest_supaseed.rows.declarations import Constant, Numbered, PartOf
from pytest_supaseed.rows.events import WithFlag, WithStatus
from pytest_supaseed.rows.moments import Moment
from pytest_supaseed.rows.values import AtLeast, SometimesNull

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Column, ForeignKey, Table
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.rows.checked_columns import TableCheck

DERIVED = "Derived()"


class TableFields:
    """The fields of one table's factory.

    Args:
        table: the table.
        plan: the plan, which says which keys stay NULL and which tables are loaded together.
        catalog: the database's catalog.
    """

    def __init__(self, table: Table, plan: SeedPlan, catalog: Catalog) -> None:
        self._table = table
        self._plan = plan
        self._catalog = catalog

    def field(self, name: str) -> tuple[str, str]:
        """Return a column's declaration, empty where it has none, and a remark."""
        column = self._table.by_name[name]
        if column.generated is not None:
            return "", f"generated: {column.generated}"
        if name not in self._derived:
            return (
                "",
                f"its default: {column.default}" if column.default else f"NULL, a {column.formatted_type}",
            )
        keys = [key for key in self._table.foreign_keys if name in key.columns and key.enforced]
        if keys:
            return self._reference(name, keys)
        if isinstance(self._derived[name], Numbered):
            return "", "numbered"
        return self._value(column)

    @cached_property
    def _derived(self) -> Mapping[str, object]:
        return derive_declarations(self._table, Derivation(self._plan.cut_keys, {}))

    @cached_property
    def _checks(self) -> Mapping[str, list[TableCheck]]:
        """The checks that read a column, by the column's name."""
        found: dict[str, list[TableCheck]] = {}
        for check in table_checks(self._table):
            for name in check.columns:
                found.setdefault(name, []).append(check)
        return found

    @cached_property
    def _key_texts(self) -> list[tuple[str, str]]:
        """Each unique key, exclusion and partition key: its name, and a text that names its columns."""
        table = self._table
        found = [(key.name, _text(key.columns, key.expressions, key.predicate)) for key in table.unique_keys]
        found += [(key.name, _text(key.columns, key.expressions, key.predicate)) for key in table.exclusions]
        if table.partition_key:
            found.append(("the partition key", table.partition_key))
        generated = [column for column in table.columns if column.generated is not None]
        found += [
            (name, f"{column.generated}")
            for column in generated
            for name, text in list(found)
            if _names(text, column.name)
        ]
        return found

    def _keys(self, name: str) -> list[str]:
        return [key for key, text in self._key_texts if _names(text, name)]

    def _reference(self, name: str, keys: list[ForeignKey]) -> tuple[str, str]:
        from pytest_supaseed.rows.factory_source import table_text, text_literal

        key = keys[0]
        target = f"{key.target_schema}.{key.target_table}"
        if self._is_plain(name, keys):
            column = "" if self._is_key(key) else f", column={text_literal(key.target_columns[0])}"
            return f"Parent({text_literal(table_text(key.target_schema, key.target_table))}{column})", ""
        if isinstance(self._derived[name], Constant):
            return "", f"NULL: {key.name} closes a circle"
        others = [other for found in keys for other in found.columns if other != name]
        shared = f", together with {', '.join(dict.fromkeys(others))}" if others else ""
        return "", f"a row of {target}{shared}: derived, by {', '.join(found.name for found in keys)}"

    def _is_plain(self, name: str, keys: list[ForeignKey]) -> bool:
        """Whether any row of the parent will do."""
        key = keys[0]
        alone = len(keys) == 1 and len(key.columns) == 1 and not key.period
        other = key.target_oid != self._table.oid and key.target_oid in self._catalog.by_oid
        free = not self._keys(name) and name not in self._checks
        circle = any(self._table.oid in group for group in self._plan.together)
        return alone and other and free and not circle and isinstance(self._derived[name], PartOf)

    def _is_key(self, key: ForeignKey) -> bool:
        return key_of(self._catalog.by_oid[key.target_oid])[:1] == key.target_columns

    def _value(self, column: Column) -> tuple[str, str]:
        keys, checks = self._keys(column.name), self._checks.get(column.name, [])
        if keys:
            alone = len(keys) == 1 and not checks and self._is_whole_key(column.name)
            code = spell_distinct(self._table, column) if alone else None
            why = f"has to differ, by {', '.join(dict.fromkeys(keys))}"
        else:
            tied = _is_tied(self._derived[column.name])
            code = None if tied else spell_free(self._table, column, checks)
            why = f"CHECK {checks[0].check.expression}" if checks else column.formatted_type
        if code is not None:
            return code, ""
        return (DERIVED, why) if self._has_to_be_asked(column) else ("", f"derived: {why}")

    def _is_whole_key(self, name: str) -> bool:
        return any(key.is_plain and key.columns == (name,) for key in self._table.unique_keys)

    def _has_to_be_asked(self, column: Column) -> bool:
        """Whether a factory that leaves the column out leaves it to Postgres."""
        return not column.not_null or (column.default is not None and not is_volatile(column))


def _text(columns: tuple[str | None, ...], expressions: tuple[str, ...], predicate: str | None) -> str:
    return " ".join([*(name for name in columns if name is not None), *expressions, predicate or ""])


def _names(text: str, name: str) -> bool:
    """Whether a text names a column; a name inside another word does not count."""
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def _is_tied(declaration: object) -> bool:
    """Whether a value looks at other columns of its row."""
    inner = declaration.inner if isinstance(declaration, SometimesNull) else declaration
    if isinstance(inner, Moment):
        return inner.bearing.start is not None or inner.bearing.ahead
    return isinstance(inner, WithFlag | WithStatus | AtLeast)
