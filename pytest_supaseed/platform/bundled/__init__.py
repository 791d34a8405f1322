"""Schemas that come with this package: look-alikes of known frameworks, for projects without their own.

Written by hand from public facts (docs/reference/frameworks.md); no text of the frameworks is in them.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pytest_supaseed.errors import SchemaError

BUNDLED: tuple[str, ...] = ("makerkit", "makerkit-lite", "basejump", "supabase")
"""The frameworks that there is a schema of."""


def bundled_schema(framework: str) -> Path:
    """The folder of a framework's SQL files, which run in the order of their names, as the schema's owner.

    Args:
        framework: one of `BUNDLED`.

    Raises:
        SchemaError: no schema of that framework comes with this package.
    """
    if framework not in BUNDLED:
        raise SchemaError(
            f"No schema of the framework {framework!r} comes with this package.",
            looked_at=[f"the schemas that do: {', '.join(BUNDLED)}"],
            remedies=[
                "put the project's own migrations into supabase/migrations",
                f"ask for one of these frameworks: {', '.join(BUNDLED)}",
            ],
        )
    return Path(str(files(__name__))) / framework
