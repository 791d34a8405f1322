"""The schemas that come with frameworks, for projects that have none of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.mapping.frameworks import all_frameworks
from pytest_supaseed.platform.schema_sources import SchemaSources, find_sources

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.mapping.framework import Framework


def look_alike(root: Path, framework: Framework) -> SchemaSources | None:
    """The schema that comes with a framework, where one does."""
    if framework.schema is None:
        return None
    found = find_sources(root, [framework.schema])
    return found and replace(
        found, origin=f"look-alike of {framework.name} that comes with {framework.origin or 'this package'}"
    )


def no_schema(root: Path, framework: Framework | None) -> SchemaError:
    """What is said where a project has no schema, and its framework brings none."""
    with_schema = ", ".join(known.name for known in all_frameworks() if known.schema is not None)
    return SchemaError(
        "There is no schema to seed.",
        looked_at=[
            "schema in [tool.supaseed], --supaseed-schema, SUPASEED_SCHEMA: not given",
            f"{root / 'supabase' / 'migrations'}: no such folder, or no migration in it",
            f"{root / 'apps' / '*' / 'supabase' / 'migrations'}: likewise",
            f"framework: {framework.name if framework else 'not given'}; look-alikes: {with_schema}",
        ],
        remedies=[
            'say where the tables come from: schema = ["db/*.sql"] in [tool.supaseed] of pyproject.toml',
            "try it with a look-alike: --supaseed-framework=makerkit, or @pytest.mark.makerkit on the test",
        ],
    )
