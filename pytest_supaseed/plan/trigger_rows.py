"""Rows that triggers make: which tables a trigger of a table inserts into.

MakerKit makes a personal account for each row of `auth.users`, most Supabase projects a profile. Such rows
are adopted by the plan: counted, referred to, never inserted a second time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_supaseed.catalog.model import Catalog, Table, Trigger

_INSERT = re.compile(
    r"""\binsert\s+into\s+ (?: (?P<schema>"[^"]+"|\w+)\s*\.\s* )? (?P<table>"[^"]+"|\w+)""",
    re.IGNORECASE | re.VERBOSE,
)
_READ = re.compile(
    r"""\b(?:from|join)\s+ (?: (?P<schema>"[^"]+"|\w+)\s*\.\s* )? (?P<table>"[^"]+"|\w+)""",
    re.IGNORECASE | re.VERBOSE,
)
_ASSIGNMENT = re.compile(r"""\bnew\s*\.\s*(?P<column>"[^"]+"|\w+)\s*:?=""", re.IGNORECASE)
_COPIED = re.compile(r"\s*\((?P<columns>[^()]*)\)\s*values\s*\((?P<values>.*)\)", re.IGNORECASE | re.DOTALL)
_DYNAMIC = re.compile(r"\bexecute\b[^;]*\binsert\s+into\s+%", re.IGNORECASE)
"""An INSERT put together while it runs: `execute format('insert into %I_log ...', tg_table_name)`."""
_UPSERT = re.compile(r"\bon\s+conflict\b", re.IGNORECASE)
_BETWEEN = re.compile(r",(?![^(]*\))")
"""Commas that stand in no parentheses."""
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def tables_filled_by_triggers(table: Table, catalog: Catalog) -> tuple[Table, ...]:
    """The tables that the enabled AFTER INSERT row triggers of a table insert into, directly.

    Read from the trigger functions' text: an INSERT that stands inside a branch counts too, so the loader
    compares the real count with the plan and says where they differ.
    """
    found: dict[int, Table] = {}
    for trigger in table.triggers:
        if _makes_rows(trigger):
            for target in _targets(trigger, catalog):
                if target.oid != table.oid:
                    found[target.oid] = target
    return tuple(found.values())


def trigger_preferences(tables: Iterable[Table], catalog: Catalog) -> dict[int, set[int]]:
    """Which tables had better be filled before which, by OID, for the sake of INSERT triggers.

    A table that triggers insert into comes after the one that has them; that one comes after the tables that
    its triggers read, and after the parents of those that they insert into. Read from the functions' text.
    """
    found: dict[int, set[int]] = {}
    planned = {table.oid: table for table in tables}
    for table in planned.values():
        triggers = [
            trigger
            for trigger in table.triggers
            if trigger.enabled in {"origin", "always"} and "insert" in trigger.events
        ]
        filled = _filled_by(table, triggers, catalog)
        read = {other.oid for trigger in triggers for other in _named(trigger, catalog, _READ)}
        for other in filled.values():
            found.setdefault(other.oid, set()).add(table.oid)
            read.update(key.target_oid for key in planned.get(other.oid, other).foreign_keys)
        found.setdefault(table.oid, set()).update(read - filled.keys() - {table.oid})
    return found


def is_filled_by_triggers(table: Table, catalog: Catalog) -> bool:
    """Whether INSERT triggers of other tables insert into a table, by what the functions' text says."""
    return any(
        table.oid in _filled_by(other, [trigger for trigger in other.triggers if _fires(trigger)], catalog)
        for other in catalog.tables
        if other.oid != table.oid and other.triggers
    )


def _filled_by(table: Table, triggers: Iterable[Trigger], catalog: Catalog) -> dict[int, Table]:
    """The tables that some triggers of a table insert into, by OID."""
    filled = {other.oid: other for trigger in triggers for other in _targets(trigger, catalog)}
    if any(_DYNAMIC.search(source) for trigger in triggers for source in _sources(trigger, catalog)):
        filled |= {other.oid: other for other in _named_after(table, catalog)}
    return filled


def _named_after(table: Table, catalog: Catalog) -> list[Table]:
    """The tables with a table's name, an ending, and its columns: a trigger may keep its history there."""
    shared = len(table.columns) // 2
    return [
        other
        for other in catalog.tables
        if other.schema == table.schema
        and other.name.startswith(f"{table.name}_")
        and len(other.by_name.keys() & table.by_name.keys()) > shared
    ]


@dataclass(frozen=True)
class BaseRows:
    """A table that a BEFORE INSERT row trigger of another one inserts into: its parent, for each new row.

    Args:
        table: the table.
        columns: its columns that get a value of the new row, with our column that it is from.
        always: whether each new row of ours makes one; not where one that is there will do.
    """

    table: Table
    columns: Mapping[str, str]
    always: bool = True


def base_rows(table: Table, catalog: Catalog) -> tuple[BaseRows, ...]:
    """The tables that BEFORE INSERT row triggers of a table insert a new row into, other than itself."""
    found: dict[int, BaseRows] = {}
    for trigger in table.triggers:
        if not _fires(trigger) or trigger.timing != "before":
            continue
        for source in _sources(trigger, catalog):
            for match in _INSERT.finditer(source := _COMMENT.sub(" ", source)):
                schemas = (trigger.function_schema, "public")
                other = _lookup(match["schema"], match["table"], schemas, catalog)
                statement = source[match.end() :].partition(";")[0]
                if other is not None and other.oid != table.oid:
                    always = not _UPSERT.search(statement)
                    found[other.oid] = BaseRows(other, _copied(statement, other, table), always=always)
    return tuple(found.values())


def _copied(statement: str, into: Table, table: Table) -> dict[str, str]:
    """By column of the table inserted into, the column of the new row that it is a copy of."""
    match = _COPIED.match(statement)
    if match is None:
        return {}
    pairs = zip(_BETWEEN.split(match["columns"]), _BETWEEN.split(match["values"]), strict=False)
    copied = {
        _fold(column.strip()): _fold(value.strip()[4:])
        for column, value in pairs
        if value.strip().lower().startswith("new.")
    }
    return {
        theirs: mine for theirs, mine in copied.items() if theirs in into.by_name and mine in table.by_name
    }


def insert_sources(table: Table, catalog: Catalog) -> list[str]:
    """The text of the functions of a table's enabled INSERT row triggers, without comments."""
    firing = [trigger for trigger in table.triggers if _fires(trigger)]
    return [_COMMENT.sub(" ", source) for trigger in firing for source in _sources(trigger, catalog)]


def rewritten_columns(table: Table, catalog: Catalog) -> set[str]:
    """The columns that the enabled BEFORE INSERT row triggers of a table assign, by the functions' text."""
    return {
        _fold(match["column"])
        for trigger in table.triggers
        if _fires(trigger) and trigger.timing == "before"
        for source in _sources(trigger, catalog)
        for match in _ASSIGNMENT.finditer(_COMMENT.sub(" ", source))
    }


def _makes_rows(trigger: Trigger) -> bool:
    return _fires(trigger) and trigger.timing == "after"


def _fires(trigger: Trigger) -> bool:
    return trigger.enabled in {"origin", "always"} and trigger.per_row and "insert" in trigger.events


def _targets(trigger: Trigger, catalog: Catalog) -> list[Table]:
    return _named(trigger, catalog, _INSERT)


def _named(trigger: Trigger, catalog: Catalog, pattern: re.Pattern[str]) -> list[Table]:
    """The tables that a pattern finds in the text of a trigger's function."""
    sources = _sources(trigger, catalog)
    names = [match for source in sources for match in pattern.finditer(_COMMENT.sub(" ", source))]
    schemas = (trigger.function_schema, "public")
    found = [_lookup(match["schema"], match["table"], schemas, catalog) for match in names]
    return [table for table in found if table is not None]


def _sources(trigger: Trigger, catalog: Catalog) -> list[str]:
    functions = catalog.functions_by_name.get((trigger.function_schema, trigger.function_name), ())
    return [function.source for function in functions]


def _lookup(schema: str | None, name: str, schemas: tuple[str, ...], catalog: Catalog) -> Table | None:
    candidates = (_fold(schema),) if schema else ("public", *schemas)
    return next((table for candidate in candidates if (table := catalog.find(candidate, _fold(name)))), None)


def _fold(identifier: str) -> str:
    """An identifier as Postgres reads it: quoted as it stands, otherwise in lower case."""
    return identifier[1:-1] if identifier.startswith('"') else identifier.lower()
