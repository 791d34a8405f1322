"""Rows that triggers make: which tables a trigger of a table inserts into.

MakerKit makes a personal account for each row of `auth.users`, most Supabase projects a profile. Such rows
are adopted by the plan: counted, referred to, never inserted a second time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Catalog, Table, Trigger

_INSERT = re.compile(
    r"""\binsert\s+into\s+ (?: (?P<schema>"[^"]+"|\w+)\s*\.\s* )? (?P<table>"[^"]+"|\w+)""",
    re.IGNORECASE | re.VERBOSE,
)
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


def _makes_rows(trigger: Trigger) -> bool:
    fires = trigger.enabled in {"origin", "always"}
    return fires and trigger.per_row and trigger.timing == "after" and "insert" in trigger.events


def _targets(trigger: Trigger, catalog: Catalog) -> list[Table]:
    sources = [
        function.source
        for function in catalog.functions
        if (function.schema, function.name) == (trigger.function_schema, trigger.function_name)
    ]
    names = [match for source in sources for match in _INSERT.finditer(_COMMENT.sub(" ", source))]
    schemas = (trigger.function_schema, "public")
    found = [_lookup(match["schema"], match["table"], schemas, catalog) for match in names]
    return [table for table in found if table is not None]


def _lookup(schema: str | None, name: str, schemas: tuple[str, ...], catalog: Catalog) -> Table | None:
    candidates = (_fold(schema),) if schema else ("public", *schemas)
    return next((table for candidate in candidates if (table := catalog.find(candidate, _fold(name)))), None)


def _fold(identifier: str) -> str:
    """An identifier as Postgres reads it: quoted as it stands, otherwise in lower case."""
    return identifier[1:-1] if identifier.startswith('"') else identifier.lower()
