"""What `supaseed detect` says of a schema, as values and as lines."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.plan.trigger_rows import tables_filled_by_triggers
from pytest_supaseed.platform.platform_schemas import PLATFORM_SCHEMAS
from pytest_supaseed.reporting.sections import counted, section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.mapping.frameworks import Detection
    from pytest_supaseed.mapping.name_lookup import Resolution

_ROWS = frozenset({TableKind.TABLE, TableKind.PARTITIONED})
_WHY = {
    "configured": "configured",
    "framework": "{framework} calls it so",
    "exact": "a table of that name",
    "guess": "a guess",
}


def detection_json(schema: InspectedSchema) -> dict[str, Any]:
    """Return everything that was found, as plain values."""
    catalog = schema.catalog
    return {
        "server": schema.server,
        "schema": schema.origin,
        "tables": sum(table.kind in _ROWS for table in catalog.tables),
        "framework": _framework_json(schema.detection),
        "table_map": [_name_json(found, schema) for found in schema.table_map.resolutions],
        "trigger_rows": list(_trigger_rows(catalog)),
        "extensions": [asdict(decision) for decision in schema.extensions],
        "row_security": [_security_json(table) for table in catalog.tables if _is_guarded(table)],
        "notes": list(schema.notes),
    }


def detection_lines(schema: InspectedSchema, *, verbose: bool) -> Iterator[str]:
    """Say what was found, in words.

    Args:
        schema: what was looked at.
        verbose: name the platform's own tables, extensions that are simply there, and all notes too.
    """
    found = detection_json(schema)
    yield f"server: {found['server']}"
    yield f"schema: {found['schema']}, {counted(found['tables'], 'table')}"
    yield from _framework_lines(found["framework"])
    yield from section(
        "logical names", [f"{one['logical']} -> {one['table']}: {one['why']}" for one in found["table_map"]]
    )
    yield from section(
        "rows that triggers make",
        [
            f"{one['table']} -> {', '.join(one['fills'])}, by {', '.join(one['triggers'])}"
            for one in found["trigger_rows"]
        ],
    )
    yield from section("extensions", list(_extension_lines(schema, verbose=verbose)))
    yield from section("row-level security", list(_security_lines(found["row_security"], verbose=verbose)))
    if verbose:
        yield from section("notes", found["notes"], empty="")
    elif found["notes"]:
        yield f"{counted(len(found['notes']), 'note')}: say -v"


def _framework_json(detection: Detection) -> dict[str, Any]:
    return {
        "name": detection.framework,
        "confidence": round(detection.confidence, 3),
        "explicit": detection.explicit,
        "contradiction": detection.contradiction,
        "evidence": [asdict(fact) for fact in detection.evidence],
    }


def _framework_lines(found: dict[str, Any]) -> Iterator[str]:
    how = "asked for" if found["explicit"] else f"confidence {found['confidence']:.2f}"
    yield f"framework: {found['name']} ({how})"
    if found["contradiction"]:
        yield f"  ! {found['contradiction']}"
    for fact in found["evidence"]:
        whose = "" if fact["framework"] == found["name"] else f" (of {fact['framework']}, which it nearly is)"
        yield f"  {'+ found' if fact['holds'] else '- not found'}: {fact['label']}{whose}"


def _name_json(found: Resolution, schema: InspectedSchema) -> dict[str, str]:
    why = _WHY[found.source].format(framework=schema.detection.framework)
    return {
        "logical": found.logical,
        "table": f"{found.schema}.{found.table}",
        "source": found.source,
        "why": f"{why}, {found.note}" if found.note else why,
    }


def _trigger_rows(catalog: Catalog) -> Iterator[dict[str, Any]]:
    for table in catalog.tables:
        makers = {
            trigger.name: tables_filled_by_triggers(replace(table, triggers=(trigger,)), catalog)
            for trigger in table.triggers
        }
        filled = dict.fromkeys(other.qualified for others in makers.values() for other in others)
        if filled:
            triggers = [name for name, others in makers.items() if others]
            yield {"table": table.qualified, "fills": list(filled), "triggers": triggers}


def _extension_lines(schema: InspectedSchema, *, verbose: bool) -> Iterator[str]:
    words = {"install": "installed", "stub": "stands in", "skip": "skipped", "error": "missing"}
    for decision in schema.extensions:
        if verbose or decision.action != "install":
            yield f"{decision.name}: {words[decision.action]} ({decision.reason})"
    there = sum(decision.action == "install" for decision in schema.extensions)
    if there and not verbose:
        yield f"{there} installed"


def _is_guarded(table: Table) -> bool:
    return table.kind in _ROWS and (table.row_security or bool(table.policies))


def _security_json(table: Table) -> dict[str, Any]:
    return {
        "table": table.qualified,
        "enabled": table.row_security,
        "forced": table.row_security_forced,
        "policies": len(table.policies),
        "platform": table.schema in PLATFORM_SCHEMAS,
    }


def _security_lines(found: list[dict[str, Any]], *, verbose: bool) -> Iterator[str]:
    for one in found:
        if one["platform"] and not verbose:
            continue
        said = counted(one["policies"], "policy", "policies")
        if not one["enabled"]:
            said += ", without effect: row-level security is off"
        elif not one["policies"]:
            said += ": only the owner and roles that bypass it see rows"
        yield f"{one['table']}: {said}{', forced' if one['forced'] else ''}"
