"""Rows that triggers make: which tables a trigger of a table inserts into.

MakerKit makes a personal account for each row of `auth.users`, most Supabase projects a profile. Such rows
are adopted by the plan: counted, referred to, never inserted a second time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    for table in tables:
        triggers = [
            trigger
            for trigger in table.triggers
            if trigger.enabled in {"origin", "always"} and "insert" in trigger.events
        ]
        filled = {other.oid: other for trigger in triggers for other in _targets(trigger, catalog)}
        read = {other.oid for trigger in triggers for other in _named(trigger, catalog, _READ)}
        for other in filled.values():
            found.setdefault(other.oid, set()).add(table.oid)
            read.update(key.target_oid for key in other.foreign_keys)
        found.setdefault(table.oid, set()).update(read - filled.keys() - {table.oid})
    return found


def tables_filled_before(table: Table, catalog: Catalog) -> dict[int, Table]:
    """The tables that BEFORE INSERT row triggers of a table insert into, its rows' parents, by OID."""
    return {
        other.oid: other
        for trigger in table.triggers
        if _fires(trigger) and trigger.timing == "before"
        for other in _targets(trigger, catalog)
    }


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
