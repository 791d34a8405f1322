"""What was detected of a project, as the `[tool.supaseed]` of its `pyproject.toml`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_supaseed.mapping.quoted_names import quoted_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema

SHOWN = 3
"""Facts that a comment names."""


def settings_toml(schema: InspectedSchema, sources: Sequence[str], *, users: int) -> str:
    """Return the settings as TOML: what a run would find out by itself stands in comments.

    Args:
        schema: what was detected.
        sources: where the schema comes from, as `schema` has it; empty where that need not be said.
        users: how many users a run has.
    """
    return "\n".join(_lines(schema, sources, users)) + "\n"


def _lines(schema: InspectedSchema, sources: Sequence[str], users: int) -> Iterator[str]:
    found = schema.detection
    facts = [fact.label for fact in found.evidence if fact.holds and fact.framework == found.framework]
    shown = f": {', '.join(facts[:SHOWN])}" if facts else ""
    yield "[tool.supaseed]"
    yield from _comment(f"recognised as {found.framework}, by itself{shown}")
    if sources:
        yield f"schema = {json.dumps(list(sources), ensure_ascii=False)}"
    yield f"users = {users}"
    guesses = [one for one in schema.table_map.resolutions if one.source == "guess"]
    if guesses:
        yield ""
        yield from _comment("guesses: correct them, or delete what is right anyway")
        yield "[tool.supaseed.tables]"
        for one in guesses:
            yield f"{json.dumps(one.logical)} = {json.dumps(quoted_name(one.schema, one.table))}"


def _comment(text: str) -> Iterator[str]:
    """One line, whatever the text holds."""
    yield f"# {' '.join(text.split())}"
