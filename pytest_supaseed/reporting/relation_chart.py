"""The relations of a plan as a Mermaid flowchart, which GitHub, GitLab and many editors draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.plan.seed_plan import SeedPlan

_SPECIAL = {
    "#": "35",
    '"': "quot",
    "<": "lt",
    ">": "gt",
    "&": "amp",
    ";": "59",
    "`": "96",
    "\\": "92",
    "|": "124",
}
"""What a text in quotes would not be taken for itself as, by the code that Mermaid has for it."""


def relation_chart(schema: InspectedSchema, plan: SeedPlan) -> Iterator[str]:
    """Yield the lines: a box for each table with its rows, and an arrow from each child to its parent.

    An arrow is dotted where a row may be without a parent. Boxes go by numbers: a table's name may hold
    whatever it likes.

    Args:
        schema: the schema.
        plan: the plan; tables that it leaves alone are drawn where planned ones refer to them.
    """
    rows: dict[int, int] = {}
    for part in plan.tables:
        rows[part.table.oid] = rows.get(part.table.oid, 0) + part.rows
    tables = schema.catalog.by_oid
    arrows = [(oid, key) for oid in rows for key in tables[oid].foreign_keys if key.target_oid in tables]
    boxes = {
        oid: f"t{number}"
        for number, oid in enumerate(dict.fromkeys([*rows, *(key.target_oid for _, key in arrows)]))
    }
    yield "flowchart LR"
    for oid, box in boxes.items():
        there = schema.existing.get(oid, 0)
        said = [f"{rows[oid]:,} rows" if oid in rows else "no rows", *([f"{there:,} there"] if there else [])]
        yield f'  {box}["{escaped(tables[oid].qualified)}<br/>{", ".join(said)}"]'
    for oid, key in arrows:
        optional = any(not tables[oid].by_name[name].not_null for name in key.columns)
        said_later = " (filled in the end)" if key.oid in plan.cut_keys else ""
        arrow = "-.->" if optional else "-->"
        label = escaped(", ".join(key.columns)) + said_later
        yield f'  {boxes[oid]} {arrow}|"{label}"| {boxes[key.target_oid]}'


def escaped(text: str) -> str:
    """Return a text as it stands between quotes in Mermaid; a line break is a space."""
    return "".join(f"#{_SPECIAL[one]};" if one in _SPECIAL else " " if one.isspace() else one for one in text)
