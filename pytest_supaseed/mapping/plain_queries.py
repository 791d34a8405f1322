"""Plain SQL over logical names: `select * from setup_types` reads the table that this name stands for.

sqlglot reads the statement; the references to tables are replaced in the statement's own text, and everything
else stays byte for byte. A name that already is what the database calls the table stays too, so that
translating twice changes nothing more. What stands for another name gets the name that was written as its
alias, so that `setup_types.name`, `setup_types.*` and `for update of setup_types` go on meaning it.

sqlglot is imported when the first statement is translated: it takes 370 ms on a slow machine.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_supaseed.errors import MappingError, UsageError
from pytest_supaseed.mapping.query_masking import mask_query, place_of
from pytest_supaseed.mapping.query_references import ColumnReference, TableReference, references_of
from pytest_supaseed.mapping.query_translation import CACHED, table_identifier
from pytest_supaseed.mapping.quoted_names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.mapping.query_references import Name
    from pytest_supaseed.mapping.table_map import TableMap

SYSTEM_SCHEMAS = frozenset({"pg_catalog", "information_schema"})
HOME = "public"
"""The schema whose tables need no schema in front of their name."""

_STAR = re.compile(r"\s*\*")
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")


def translate(statement: str, table_map: TableMap) -> str:
    """Return the statement with its references to tables replaced; the rest stays byte for byte.

    Args:
        statement: one SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE, TRUNCATE or COPY, or an EXPLAIN
            of one, with psycopg parameters if need be. Names fold as in Postgres: `Setups` is `setups`.
        table_map: what the names stand for.

    Raises:
        MappingError: the statement cannot be read, there are several, or a table does not resolve.
    """
    return _translated(statement, table_map)


@lru_cache(maxsize=CACHED)
def _translated(statement: str, table_map: TableMap) -> str:
    masked = mask_query(statement)
    tables, columns = references_of(statement, masked)
    resolved = [(found, _resolve(statement, found, table_map)) for found in tables]
    renamed = [(found, table) for found, table in resolved if table and not _stays(found, table)]
    edits = [_table_edit(statement, masked.text, found, table) for found, table in renamed]
    edits += _column_edits(
        statement, columns, [found for found, table in renamed if _needs_alias(found, table)]
    )
    return "".join(_edited(statement, sorted(edits)))


def _edited(statement: str, edits: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    at = 0
    for start, end, text in edits:
        yield statement[at:start]
        yield text
        at = end
    yield statement[at:]


def _stays(found: TableReference, table: Table) -> bool:
    """Whether what is written is what Postgres needs."""
    if found.schema is not None:
        return (found.schema.value, found.name.value) == (table.schema, table.name)
    return found.name.value == table.name and table.schema == HOME


def _needs_alias(found: TableReference, table: Table) -> bool:
    return found.may_have_alias and found.name.value != table.name


def _table_edit(statement: str, masked: str, found: TableReference, table: Table) -> tuple[int, int, str]:
    text = table_identifier(table.schema, table.name).as_string(None)
    start, end = (found.schema or found.name).start, found.name.end
    if _needs_alias(found, table):
        star = _STAR.match(masked, end)
        text += statement[end : star.end()] if star else ""
        end = star.end() if star else end
        text += f" as {statement[found.name.start : found.name.end]}"
    return start, end, text


def _column_edits(
    statement: str, columns: Sequence[ColumnReference], aliased: Sequence[TableReference]
) -> Iterator[tuple[int, int, str]]:
    """`app.setups.title` of a table that now has the alias `setups` is `setups.title`."""
    hidden: Mapping[tuple[str, str], TableReference] = {
        (found.schema.value, found.name.value): found for found in aliased if found.schema
    }
    for column in columns:
        found = hidden.get((column.schema.value, column.table.value))
        if found is not None:
            yield column.schema.start, column.table.end, statement[found.name.start : found.name.end]


def _resolve(statement: str, found: TableReference, table_map: TableMap) -> Table | None:
    """The table of a reference; None for Postgres's own."""
    schema = found.schema.value if found.schema else None
    if schema in SYSTEM_SCHEMAS:
        return None
    written = _written(schema, found.name, statement)
    try:
        known = next((name for name in written if table_map.has(name)), None)
        if known is None and schema is None and found.name.value.startswith("pg_"):
            return None
        return table_map.resolve(known or written[0])
    except (MappingError, UsageError) as error:
        raise MappingError(
            f"{statement[(found.schema or found.name).start : found.name.end]} on"
            f" {place_of(statement, found.name.start)} of the statement: {error.summary}",
            looked_at=error.looked_at,
            remedies=[
                *error.remedies,
                "run statements about tables that the test made itself without translate",
            ],
        ) from error


def _written(schema: str | None, name: Name, statement: str) -> list[str]:
    """What the table map is asked for: the name as Postgres folds it, then as it is written."""
    if schema is not None:
        plain = _PLAIN.fullmatch(schema) and _PLAIN.fullmatch(name.value)
        return [f"{schema}.{name.value}" if plain else quoted_name(schema, name.value)]
    asked = name.value if not set(name.value) & set('."') and name.value.strip() == name.value else ""
    asked = asked or '"' + name.value.replace('"', '""') + '"'
    return [asked] if name.quoted else [asked, statement[name.start : name.end]]
